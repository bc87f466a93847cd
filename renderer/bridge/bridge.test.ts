import { describe, expect, it, vi } from 'vitest';
import { linkPair } from '#shared/link.ts';
import type { HostNotification, WindowToHost } from '#shared/host-window.ts';
import { incidentRow, incidentDetail } from '#support/models.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { createLiveStore, isReachable } from '../stores/live.ts';
import { backoffMs } from './backoff.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { LinkedCore } from './core-calls.ts';
import { feedLive, followIncident } from './live.ts';
import { createNotifier, type ShownNotification } from './notifications.ts';

/** A connection whose cores and states a test brings about. */
class TestConnection implements Connection {
  readonly host: Connection['host'] = { send: () => undefined, onMessage: () => undefined };
  #onCore: Parameters<Connection['onCore']>[0] = () => undefined;
  #onState: (state: ConnectionState) => void = () => undefined;
  onCore(listener: Parameters<Connection['onCore']>[0]): void {
    this.#onCore = listener;
  }
  onState(listener: (state: ConnectionState) => void): void {
    this.#onState = listener;
  }
  open(): void {
    this.#onState({ kind: 'open' });
  }
  retry(): void {
    this.open();
  }
  lose(): void {
    this.#onState({ kind: 'lost', reason: 'gone', nextTryAtMs: 5 });
  }
  /** @returns a function that ends the link, as a core that dies does. */
  bring(core: ScriptedCore): () => void {
    const [near, far] = linkPair();
    this.#onCore(near);
    core.attach(far);
    return () => near.close('the core was started again');
  }
}

function window() {
  const connection = new TestConnection();
  const live = createLiveStore();
  const core = new LinkedCore();
  feedLive(live, connection, core, () => 1_000);
  return { connection, live, core };
}

describe('the bridge', () => {
  it('writes what the core publishes, patches included', async () => {
    const { connection, live } = window();
    const core = new ScriptedCore({ incidents: [incidentRow({ id: 1 }), incidentRow({ id: 2 })] });
    connection.bring(core);
    await vi.waitFor(() => expect(live.getState().incidents).toHaveLength(2));
    core.update({ incidents: [incidentRow({ id: 2, summary: 'changed' })] });
    await vi.waitFor(() => expect(live.getState().incidents).toMatchObject([{ id: 2, summary: 'changed' }]));
    expect(live.getState().heardAtMs).toBe(1_000);
  });

  it('keeps everything when the link is lost, with the moment it was', () => {
    const { connection, live } = window();
    connection.open();
    live.setState({ incidents: [incidentRow()] });
    connection.lose();
    connection.lose();
    expect(live.getState()).toMatchObject({ link: { kind: 'lost', sinceMs: 1_000 }, incidents: [{ id: 1 }] });
  });

  it('says that a core can be asked only once it is linked, and again after the link was lost', () => {
    const { connection, live } = window();
    const reachable = (): boolean => isReachable(live.getState());
    connection.open();
    expect(reachable()).toBe(false);
    connection.bring(new ScriptedCore());
    expect(reachable()).toBe(true);
    connection.lose();
    connection.open();
    expect(reachable()).toBe(false);
    connection.bring(new ScriptedCore());
    expect(reachable()).toBe(true);
  });

  it('follows everything again with a new core', async () => {
    const { connection, live, core } = window();
    const row = incidentRow({ id: 3 });
    followIncident(live, core, 3);
    const end = connection.bring(new ScriptedCore({ incidents: [incidentRow({ id: 1 })] }));
    await vi.waitFor(() => expect(live.getState().incident).toEqual({ id: 3, detail: null }));
    end();
    connection.bring(new ScriptedCore({ incidents: [row], details: new Map([[3, incidentDetail(row)]]) }));
    await vi.waitFor(() => expect(live.getState().incident?.detail?.row.id).toBe(3));
    expect(live.getState().incidents).toMatchObject([{ id: 3 }]);
  });

  it('answers calls without a core, and those that a dying core leaves open', async () => {
    const { connection, core } = window();
    expect(await core.call('settings.read', {})).toMatchObject({
      ok: false,
      failure: { code: 'unavailable' },
    });
    const end = connection.bring(new ScriptedCore({}, {}, { silent: true }));
    const call = core.call('settings.read', {});
    end();
    expect(await call).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  });
});

describe('the notifier', () => {
  const notification: HostNotification = {
    id: 'n-1',
    incidentId: 7,
    title: 'Critical: DiskFull',
    body: 'on pg-1',
    severity: { level: 'critical', word: 'Critical' },
    sound: 'alarm',
    urgency: 'critical',
  };

  function notifier(permission: NotificationPermission) {
    const said: WindowToHost[] = [];
    const events = new Map<string, () => void>();
    const close = vi.fn(() => events.get('close')?.());
    const native: ShownNotification = {
      addEventListener: (type, listener) => events.set(type, listener),
      close,
    };
    const state = { permission };
    const show = vi.fn(() => native);
    const onOpen = vi.fn();
    const made = createNotifier({
      send: (message) => said.push(message),
      permission: () => state.permission,
      show,
      onOpen,
    });
    return { made, said, events, close, state, show, onOpen };
  }

  it('says shown when the system has shown it, not before', () => {
    const { made, said, events } = notifier('granted');
    made.receive({ kind: 'notify', notification });
    expect(said).toEqual([]);
    events.get('show')?.();
    expect(said).toEqual([{ kind: 'notification-outcome', id: 'n-1', outcome: 'shown' }]);
  });

  it('says denied where it may not', () => {
    const { made, said, show } = notifier('denied');
    made.receive({ kind: 'notify', notification });
    expect(said).toEqual([{ kind: 'notification-outcome', id: 'n-1', outcome: 'denied' }]);
    expect(show).not.toHaveBeenCalled();
  });

  it('waits for the person’s answer, and shows what is still wanted then', () => {
    const { made, said, state, show } = notifier('default');
    made.receive({ kind: 'notify', notification });
    made.receive({ kind: 'notify', notification: { ...notification, id: 'n-2' } });
    made.receive({ kind: 'withdraw', id: 'n-2' });
    expect(said).toEqual([]);
    state.permission = 'granted';
    made.reportPermission();
    expect(said).toEqual([{ kind: 'notification-permission', permission: 'granted' }]);
    expect(show.mock.calls).toEqual([[notification]]);
  });

  it('opens the incident on a click, and closes what is withdrawn', () => {
    const { made, events, close, onOpen } = notifier('granted');
    made.receive({ kind: 'notify', notification });
    events.get('click')?.();
    expect(onOpen).toHaveBeenCalledExactlyOnceWith(7);
    made.receive({ kind: 'notify', notification });
    made.receive({ kind: 'withdraw', id: 'n-1' });
    expect(close.mock.calls).toHaveLength(2);
  });
});

describe('the back-off', () => {
  it('grows with full jitter up to its cap, and is never nothing', () => {
    expect([1, 2, 3, 10, 1_000].map((attempt) => backoffMs(attempt, 1))).toEqual([
      250, 500, 1_000, 10_000, 10_000,
    ]);
    expect(backoffMs(5, 0)).toBe(125);
    expect(backoffMs(5, 0.5)).toBe(2_000);
  });
});
