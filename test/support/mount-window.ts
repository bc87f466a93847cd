import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { linkPair } from '#shared/link.ts';
import { prunePending } from '#renderer/actions/verdicts.ts';
import { AppContext, type App } from '#renderer/app.ts';
import type { Connection, ConnectionState } from '#renderer/bridge/connection.ts';
import { LinkedCore } from '#renderer/bridge/core-calls.ts';
import { feedLive } from '#renderer/bridge/live.ts';
import { listenToKeys } from '#renderer/shell/keys.ts';
import { Shell } from '#renderer/shell/shell.tsx';
import { createLiveStore } from '#renderer/stores/live.ts';
import { createLogsStore } from '#renderer/stores/logs.ts';
import { createOverviewStore } from '#renderer/stores/overview.ts';
import { createRoutingStore } from '#renderer/stores/routing.ts';
import { createTracesStore } from '#renderer/stores/traces.ts';
import { createPreferencesStore } from '#renderer/stores/prefs.ts';
import { createSessionStore } from '#renderer/stores/session.ts';
import { createSilencesStore } from '#renderer/stores/silences.ts';
import { createTicker } from '#renderer/stores/ticker.ts';
import { loadEverythingLate } from '#renderer/ui/late.ts';
import type { Cleanup } from './cleanup.ts';
import type { ScriptedCore } from './scripted-core.ts';

// As it is soon after a start: no view is waited for.
await loadEverythingLate(() => Promise.resolve());

/** The whole window in this page, joined to a scripted core in memory: for component tests in a browser. */
export function mountWindow(core: ScriptedCore, cleanup: Cleanup): App {
  const app: App = {
    live: createLiveStore(),
    session: createSessionStore(),
    logs: createLogsStore(),
    traces: createTracesStore(),
    overview: createOverviewStore(),
    routing: createRoutingStore(),
    silences: createSilencesStore(),
    preferences: createPreferencesStore({ getItem: () => '{"tourSeen":true}', setItem: () => undefined }),
    core: new LinkedCore(),
    host: { send: () => undefined },
    ticker: createTicker(),
    mac: false,
    reconnect: () => undefined,
  };
  app.session.setState({ notificationPermission: 'granted' });
  feedLive(app.live, joined(core), app.core, Date.now);
  app.live.subscribe((state, before) => {
    if (state.incidents !== before.incidents) prunePending(app);
  });
  const stopKeys = listenToKeys(app);
  const place = document.body.appendChild(document.createElement('div'));
  place.id = 'root';
  const root = createRoot(place);
  root.render(createElement(AppContext, { value: app }, createElement(Shell)));
  cleanup.add(() => {
    stopKeys();
    root.unmount();
    place.remove();
  });
  return app;
}

/** A connection that is open from the start and brings this one core. */
function joined(core: ScriptedCore): Connection {
  return {
    host: { send: () => undefined, onMessage: () => undefined },
    onCore: (listener) => {
      const [near, far] = linkPair();
      listener(near);
      core.attach(far);
    },
    onState: (listener: (state: ConnectionState) => void) => listener({ kind: 'open' }),
    open: () => undefined,
    retry: () => undefined,
  };
}
