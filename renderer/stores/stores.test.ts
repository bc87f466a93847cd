import { describe, expect, it, vi } from 'vitest';
import { consoleStatus, incidentRow } from '#support/models.ts';
import { createLiveStore, isReachable, type LiveState } from './live.ts';
import { stillPending, withPending, type PendingVerdict } from './pending.ts';
import { createPreferencesStore, type PreferencesStorage } from './prefs.ts';
import { sightOf } from './sight.ts';
import { createTicker } from './ticker.ts';

describe('verdicts on their way', () => {
  const verdict: PendingVerdict = {
    id: 1,
    incidentId: 7,
    change: { acknowledged: { by: 'ada', atMs: 10 } },
    revision: null,
  };
  const row = incidentRow({ id: 7, revision: 3 });

  it('show at once and leave other incidents alone', () => {
    const [shown, other] = withPending([row, incidentRow({ id: 8 })], [verdict]);
    expect(shown?.acknowledged).toEqual({ by: 'ada', atMs: 10 });
    expect(other?.acknowledged).toBeNull();
  });

  it('show the last of several', () => {
    const release: PendingVerdict = { ...verdict, id: 2, change: { acknowledged: null } };
    expect(withPending([row], [verdict, release])[0]?.acknowledged).toBeNull();
  });

  it('give way to the row that carries them, not to an older one', () => {
    const confirmed = { ...verdict, revision: 4 };
    expect(withPending([row], [confirmed])[0]?.acknowledged).not.toBeNull();
    const carried = incidentRow({ id: 7, revision: 4, acknowledged: { by: 'grace', atMs: 9 } });
    expect(withPending([carried], [confirmed])[0]?.acknowledged?.by).toBe('grace');
  });

  it('wait until they are carried, and go with their incident', () => {
    const confirmed = { ...verdict, revision: 4 };
    expect(stillPending([confirmed], [row])).toEqual([confirmed]);
    expect(stillPending([confirmed], [{ ...row, revision: 5 }])).toEqual([]);
    expect(stillPending([verdict], [])).toEqual([]);
  });
});

describe('sight', () => {
  const base: LiveState = {
    ...createLiveStore().getState(),
    link: { kind: 'open' },
    heardAtMs: 100_000,
    console: consoleStatus({ sight: { kind: 'live', lastSeenAtMs: 99_000, cause: '' } }),
  };
  const lost: LiveState = {
    ...base,
    link: { kind: 'lost', sinceMs: 100_000, reason: 'the host does not answer', nextTryAtMs: null },
  };

  it('is the core’s own while the core is heard', () => {
    expect(sightOf(base, 200_000)).toEqual({ kind: 'live', lastSeenAtMs: 99_000, cause: '' });
  });

  it('is cached for a moment after the link is lost, then blind; never live', () => {
    expect(sightOf(lost, 105_000).kind).toBe('cached');
    expect(sightOf(lost, 110_000)).toEqual({
      kind: 'blind',
      lastSeenAtMs: 99_000,
      cause: 'The host does not answer.',
    });
  });

  it('does not better itself when a blind console is lost', () => {
    const sight = { kind: 'blind' as const, lastSeenAtMs: 1, cause: 'x' };
    expect(sightOf({ ...lost, console: consoleStatus({ sight }) }, 100_001).kind).toBe('blind');
  });

  it('follows the core’s end as it follows the link’s', () => {
    const stopped: LiveState = {
      ...base,
      core: {
        kind: 'core-state',
        state: 'restarting',
        crashes: 1,
        nextStartAtMs: null,
        safeModeOffered: false,
        message: '',
      },
    };
    expect(sightOf(stopped, 101_000).kind).toBe('cached');
    expect(sightOf(stopped, 111_000).cause).toBe('The core stopped and is started again.');
    expect(isReachable(stopped)).toBe(false);
    expect(isReachable(base)).toBe(true);
  });

  it('is starting before anything has been heard, and blind when nothing ever was', () => {
    const nothing = createLiveStore().getState();
    expect(sightOf(nothing, 1).kind).toBe('starting');
    expect(sightOf({ ...nothing, link: lost.link }, 1).kind).toBe('blind');
  });
});

describe('preferences', () => {
  function storage(text: string | null): PreferencesStorage & { text: string | null } {
    return {
      text,
      getItem() {
        return this.text;
      },
      setItem(_key, value) {
        this.text = value;
      },
    };
  }

  it('outlive the window', () => {
    const kept = storage(null);
    createPreferencesStore(kept).setState({ theme: 'light' });
    expect(createPreferencesStore(kept).getState()).toEqual({
      theme: 'light',
      keys: {},
      views: [],
      arrangements: {},
      tourSeen: false,
      taught: {},
    });
  });

  it.each(['', 'no json', '[]', '{"theme":"pink","keys":7}', 'null'])('are the defaults for %j', (text) => {
    expect(createPreferencesStore(storage(text)).getState()).toEqual({
      theme: 'dark',
      keys: {},
      views: [],
      arrangements: {},
      tourSeen: false,
      taught: {},
    });
  });

  it('hold for the window where storage is refused', () => {
    const refused: PreferencesStorage = {
      getItem: () => {
        throw new Error('refused');
      },
      setItem: () => {
        throw new Error('refused');
      },
    };
    const store = createPreferencesStore(refused);
    store.setState({ theme: 'light' });
    expect(store.getState().theme).toBe('light');
  });
});

describe('the ticker', () => {
  it('runs only while somebody looks, and is stable between ticks', () => {
    vi.useFakeTimers({ now: 0 });
    const ticker = createTicker();
    const listener = vi.fn();
    const stop = ticker.subscribe(listener);
    vi.advanceTimersByTime(900);
    expect(ticker.read()).toBe(0);
    vi.advanceTimersByTime(1_200);
    expect([ticker.read(), listener.mock.calls.length]).toEqual([2_000, 2]);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
