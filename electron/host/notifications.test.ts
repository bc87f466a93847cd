import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NotificationRelay, type NotificationPermission } from './notifications.ts';
import type { HostNotification, HostToWindow } from './port.ts';

class FakeWindow {
  readonly received: HostToWindow[] = [];
  send(message: HostToWindow): void {
    this.received.push(message);
  }
  shown(): string[] {
    return this.received.flatMap((message) => (message.kind === 'notify' ? [message.notification.id] : []));
  }
  withdrawn(): string[] {
    return this.received.flatMap((message) => (message.kind === 'withdraw' ? [message.id] : []));
  }
}

function notification(id: string): HostNotification {
  return {
    id,
    incidentId: 1,
    title: 'HighErrorRate',
    body: 'backend',
    severity: { level: 'critical', word: 'critical' },
    sound: 'alarm',
    urgency: 'critical',
  };
}

function relayed() {
  const confirmed: string[] = [];
  const relay = new NotificationRelay({ confirm: (id, outcome) => confirmed.push(`${id} ${outcome}`) });
  const open = (permission?: NotificationPermission): FakeWindow => {
    const window = new FakeWindow();
    relay.windowOpened(window);
    if (permission !== undefined) relay.permissionChanged(window, permission);
    return window;
  };
  return { relay, confirmed, open };
}

describe('NotificationRelay', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('shows in the window that was active last and confirms what it answers', () => {
    const { relay, confirmed, open } = relayed();
    const first = open('granted');
    const second = open('granted');
    relay.permissionChanged(first, 'granted');
    relay.notify(notification('a'));
    expect([first.shown(), second.shown()]).toEqual([['a'], []]);
    expect(confirmed).toEqual([]);
    relay.answered(first, 'a', 'shown');
    expect(confirmed).toEqual(['a shown']);
  });

  it('confirms without showing where a restarted core asks again', () => {
    const { relay, confirmed, open } = relayed();
    const window = open('granted');
    relay.notify(notification('a'));
    relay.notify(notification('a'));
    relay.answered(window, 'a', 'shown');
    relay.notify(notification('a'));
    expect(window.shown()).toEqual(['a']);
    expect(confirmed).toEqual(['a shown', 'a shown']);
  });

  it('waits for a window that may show it', () => {
    const { relay, confirmed, open } = relayed();
    relay.notify(notification('a'));
    const undecided = open('default');
    vi.advanceTimersByTime(3_600_000);
    expect(undecided.shown()).toEqual([]);
    relay.permissionChanged(undecided, 'granted');
    expect(undecided.shown()).toEqual(['a']);
    expect(confirmed).toEqual([]);
  });

  it('drops a waiting one that is withdrawn, and tells a window that was asked', () => {
    const { relay, confirmed, open } = relayed();
    relay.notify(notification('waiting'));
    relay.withdraw('waiting');
    const window = open('granted');
    expect(window.shown()).toEqual([]);
    relay.notify(notification('asked'));
    relay.withdraw('asked');
    expect(window.withdrawn()).toEqual(['asked']);
    relay.answered(window, 'asked', 'shown');
    expect(confirmed).toEqual(['asked shown']);
  });

  it('never shows a withdrawn one in another window', () => {
    const { relay, open } = relayed();
    const other = open('granted');
    const asked = open('granted');
    relay.notify(notification('a'));
    relay.withdraw('a');
    relay.windowClosed(asked);
    vi.advanceTimersByTime(60_000);
    expect(other.shown()).toEqual([]);
  });

  it('shows one again that is wanted after it was withdrawn: acknowledged and at once undone', () => {
    const { relay, confirmed, open } = relayed();
    const window = open('granted');
    relay.notify(notification('a'));
    relay.withdraw('a');
    relay.notify(notification('a'));
    expect(window.shown()).toEqual(['a', 'a']);
    relay.answered(window, 'a', 'shown');
    expect(confirmed).toEqual(['a shown']);
  });

  it('offers it to the next window where one closes without an answer', () => {
    const { relay, confirmed, open } = relayed();
    const next = open('granted');
    const closing = open('granted');
    relay.notify(notification('a'));
    relay.windowClosed(closing);
    relay.answered(closing, 'a', 'shown');
    expect(confirmed).toEqual([]);
    expect(next.shown()).toEqual(['a']);
    relay.answered(next, 'a', 'shown');
    expect(confirmed).toEqual(['a shown']);
  });

  it('does not lose one to a window that is open and frozen, also where the other one comes later', () => {
    const { relay, confirmed, open } = relayed();
    const frozen = open('granted');
    relay.notify(notification('a'));
    vi.advanceTimersByTime(20_000);
    const other = open('granted');
    expect(other.shown()).toEqual(['a']);
    relay.answered(other, 'a', 'shown');
    expect(frozen.withdrawn()).toEqual(['a']);
    relay.answered(frozen, 'a', 'shown');
    expect(confirmed).toEqual(['a shown']);
  });

  it('counts no answer from a window that was not asked', () => {
    const { relay, confirmed, open } = relayed();
    const stranger = open('default');
    open('granted');
    relay.notify(notification('a'));
    relay.answered(stranger, 'a', 'shown');
    relay.answered(stranger, 'unknown', 'shown');
    expect(confirmed).toEqual([]);
  });

  it('says denied only when every connected window has denied for a while', () => {
    const { relay, confirmed, open } = relayed();
    const asked = open('granted');
    relay.notify(notification('a'));
    relay.answered(asked, 'a', 'denied');
    vi.advanceTimersByTime(4_000);
    const second = open('granted');
    expect(second.shown()).toEqual(['a']);
    relay.answered(second, 'a', 'denied');
    vi.advanceTimersByTime(4_999);
    expect(confirmed).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(confirmed).toEqual(['a denied']);
  });

  it('keeps one waiting when the windows that denied are gone', () => {
    const { relay, confirmed, open } = relayed();
    const denying = open('denied');
    relay.notify(notification('a'));
    relay.windowClosed(denying);
    vi.advanceTimersByTime(60_000);
    expect(confirmed).toEqual([]);
    expect(open('granted').shown()).toEqual(['a']);
  });

  it('leaves no timer behind', () => {
    const { relay, open } = relayed();
    open('granted');
    relay.notify(notification('a'));
    relay.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});
