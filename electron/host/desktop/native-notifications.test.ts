import type { NotificationConstructorOptions } from 'electron';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HostNotification } from '#shared/host-window.ts';
import { severityOf } from '#shared/model/severity.ts';
import type { HostToCore } from '../core-messages.ts';
import { NativeNotifications, type SystemNotification } from './native-notifications.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

class FakeNative implements SystemNotification {
  readonly content: NotificationConstructorOptions;
  readonly listeners = new Map<string, (...args: never[]) => void>();
  shows = 0;
  closes = 0;

  constructor(content: NotificationConstructorOptions) {
    this.content = content;
  }

  on(event: string, listener: (...args: never[]) => void): void {
    this.listeners.set(event, listener);
  }

  show(): void {
    this.shows++;
  }

  close(): void {
    this.closes++;
  }

  emit(event: string, ...args: unknown[]): void {
    this.listeners.get(event)?.(...(args as never[]));
  }
}

function start(platform: NodeJS.Platform = 'linux') {
  const made: FakeNative[] = [];
  const toCore: HostToCore[] = [];
  const opened: (number | null)[] = [];
  const state = { supported: true, runs: true, sounds: true, beeps: 0 };
  const natives = new NativeNotifications({
    platform,
    isSupported: () => state.supported,
    make: (content) => {
      const native = new FakeNative(content);
      made.push(native);
      return native;
    },
    sounds: () => state.sounds,
    beep: () => void state.beeps++,
    coreRuns: () => state.runs,
    sendToCore: (message) => toCore.push(message),
    open: (incidentId) => opened.push(incidentId),
    log: () => undefined,
  });
  const notify = (id: string, incidentId: number | null, given: Partial<HostNotification> = {}): void => {
    const notification = {
      id,
      incidentId,
      title: 'Down',
      body: 'It is down',
      severity: severityOf('critical'),
      sound: 'alarm' as const,
      urgency: 'critical' as const,
    };
    natives.coreSaid({ kind: 'notify', notification: { ...notification, ...given } });
  };
  return { natives, notify, made, toCore, opened, state };
}

describe('notifications of the system', () => {
  it('says shown to the core when the system says so, and not before', () => {
    const { notify, made, toCore } = start();
    notify('a', 1);
    expect(made[0]?.shows).toBe(1);
    expect(toCore).toEqual([]);
    made[0]?.emit('show');
    expect(toCore).toMatchObject([{ kind: 'notification-outcome', id: 'a', outcome: 'shown' }]);
  });

  it('shows none twice, whatever core asks for it, and says again what became of it', () => {
    const { notify, made, toCore } = start();
    notify('a', 1);
    notify('a', 1);
    made[0]?.emit('show');
    notify('a', 1);
    expect(made).toHaveLength(1);
    expect(toCore.map((message) => message.kind)).toEqual(['notification-outcome', 'notification-outcome']);
  });

  it('replaces that of the same incident, and leaves those of others', () => {
    const { notify, made } = start();
    notify('a', 1);
    notify('b', 2);
    notify('c', 1);
    expect(made.map(({ closes }) => closes)).toEqual([1, 0, 0]);
    // What the one that was replaced says late does not touch the new one.
    made[0]?.emit('close');
    notify('d', 1);
    expect(made[2]?.closes).toBe(1);
  });

  it('says denied where the system has none, or refuses', async () => {
    const { notify, made, toCore, state } = start();
    state.supported = false;
    notify('a', 1);
    expect(made).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(toCore).toMatchObject([{ id: 'a', outcome: 'denied' }]);
    state.supported = true;
    notify('b', 2);
    made[0]?.emit('failed', {}, 'no such app');
    await vi.advanceTimersByTimeAsync(6_000);
    expect(toCore.slice(1)).toMatchObject([{ id: 'b', outcome: 'denied' }]);
    notify('c', 3);
    made[1]?.emit('show');
    expect(toCore.slice(2)).toMatchObject([{ id: 'c', outcome: 'shown' }]);
  });

  it('a click opens the incident and is told; a button does what stands on it, by its number', () => {
    const { notify, made, toCore, opened } = start();
    notify('a', 7);
    made[0]?.emit('click');
    notify('b', 8);
    made[1]?.emit('action', { actionIndex: 0 }, 0);
    notify('c', 9);
    made[2]?.emit('action', {}, 1);
    notify('d', 10);
    made[3]?.emit('action', { actionIndex: 2 }, 2);
    expect(opened).toEqual([7, 10]);
    expect(
      toCore.map((message) => (message.kind === 'notification-action' ? [message.id, message.action] : 0)),
    ).toEqual([
      ['a', 'open'],
      ['b', 'acknowledge'],
      ['c', 'snooze'],
      ['d', 'open'],
    ]);
    for (const native of made) expect(native.closes).toBe(1);
  });

  it.each([3, -1, 99, NaN, '0', 'acknowledge', undefined, null])(
    'an action %s that is none does nothing',
    (index) => {
      const { notify, made, toCore, opened } = start();
      notify('a', 7);
      made[0]?.emit('action', { actionIndex: index }, index);
      expect([toCore, opened]).toEqual([[], []]);
    },
  );

  it('a summary opens the window and acknowledges nothing', () => {
    const { notify, made, toCore, opened } = start();
    notify('s', null);
    expect(made[0]?.content.actions).toEqual([]);
    made[0]?.emit('action', { actionIndex: 0 }, 0);
    expect(toCore).toEqual([]);
    made[0]?.emit('click');
    expect(opened).toEqual([null]);
  });

  it('what was pressed while no core ran is told to the next one, once', () => {
    const { natives, notify, made, toCore, state } = start();
    notify('a', 7);
    state.runs = false;
    made[0]?.emit('action', { actionIndex: 0 }, 0);
    expect(toCore).toEqual([]);
    state.runs = true;
    natives.coreRuns();
    natives.coreRuns();
    expect(toCore).toMatchObject([{ kind: 'notification-action', id: 'a', action: 'acknowledge' }]);
  });

  it('takes away what the core withdraws', () => {
    const { natives, notify, made } = start();
    notify('a', 7);
    made[0]?.emit('show');
    natives.coreSaid({ kind: 'withdraw', id: 'a' });
    expect(made[0]?.closes).toBe(1);
  });

  it('sounds as loudly as it is told to, and not at all where the person wants none', () => {
    const { notify, made, state } = start();
    notify('loud', 1);
    notify('usual', 1, { sound: 'chime', urgency: 'normal' });
    notify('soft', 1, { sound: 'none', urgency: 'low' });
    state.sounds = false;
    notify('quiet', 1);
    expect(made.map(({ content }) => [content.silent, content.urgency, content.timeoutType])).toEqual([
      [false, 'critical', 'never'],
      [false, 'normal', 'default'],
      [true, 'low', 'default'],
      [true, 'critical', 'never'],
    ]);
    expect(state.beeps).toBe(1);
  });

  it('holds a bounded number of them', () => {
    const { natives, notify, made } = start();
    for (let incident = 1; incident <= 250; incident++) notify(`n${incident}`, incident);
    natives.close();
    expect(made.filter(({ closes }) => closes === 1)).toHaveLength(200);
  });
});
