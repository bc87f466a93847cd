import { createContext, use, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import type { HostLink } from './bridge/connection.ts';
import type { LinkedCore } from './bridge/core-calls.ts';
import type { LiveState, LiveStore } from './stores/live.ts';
import type { LogsStore } from './stores/logs.ts';
import type { OverviewStore } from './stores/overview.ts';
import type { RoutingStore } from './stores/routing.ts';
import type { TracesStore } from './stores/traces.ts';
import type { Preferences, PreferencesStore } from './stores/prefs.ts';
import type { SessionState, SessionStore } from './stores/session.ts';
import type { SilencesStore } from './stores/silences.ts';
import type { Ticker } from './stores/ticker.ts';

/** What one window is made of. `main.tsx` makes it, tests make smaller ones, everything else is given it. */
export interface App {
  readonly live: LiveStore;
  readonly session: SessionStore;
  readonly logs: LogsStore;
  readonly traces: TracesStore;
  readonly overview: OverviewStore;
  readonly routing: RoutingStore;
  readonly silences: SilencesStore;
  readonly preferences: PreferencesStore;
  readonly core: LinkedCore;
  readonly host: Pick<HostLink, 'send'>;
  readonly ticker: Ticker;
  readonly mac: boolean;
  /** Asks the connection to try again now. */
  readonly reconnect: () => void;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = use(AppContext);
  if (app === null) throw new Error('rendered outside of AppContext');
  return app;
}

/** Follows a part of the live store; `select` must give equal values for an equal state. */
export function useLive<Part>(select: (state: LiveState) => Part): Part {
  return useStore(useApp().live, select);
}

export function useSession<Part>(select: (state: SessionState) => Part): Part {
  return useStore(useApp().session, select);
}

export function usePreferences<Part>(select: (state: Preferences) => Part): Part {
  return useStore(useApp().preferences, select);
}

/** Something that depends on the time: it follows the window's one clock and renders only when its value changes. */
export function useTimed<Value extends string | number | boolean>(select: (nowMs: number) => Value): Value {
  const { ticker } = useApp();
  return useSyncExternalStore(ticker.subscribe, () => select(ticker.read()));
}
