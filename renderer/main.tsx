import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/jetbrains-mono/index.css';
import './styles/tokens.css';
import './styles/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { drop } from '#shared/result.ts';
import { prunePending } from './actions/verdicts.ts';
import { addressOf, openIncident, show, viewOf } from './actions/view.ts';
import { AppContext, type App } from './app.ts';
import type { Connection } from './bridge/connection.ts';
import { LinkedCore } from './bridge/core-calls.ts';
import { feedHostMessages } from './bridge/host-messages.ts';
import { feedLive } from './bridge/live.ts';
import { createNotifier, showNatively } from './bridge/notifications.ts';
import { createSounds } from './bridge/sounds.ts';
import { connection } from './bridge/opened.ts';
import { fetchAhead } from './shell/fetch-ahead.ts';
import { onceWorthDrawing } from './shell/first-drawing.ts';
import { Shell } from './shell/shell.tsx';
import { tellHost } from './shell/host-menu.ts';
import { listenToKeys } from './shell/keys.ts';
import { runNamedCommand } from './shell/run-command.ts';
import { createLiveStore } from './stores/live.ts';
import { createLogsStore } from './stores/logs.ts';
import { createOverviewStore } from './stores/overview.ts';
import { createRoutingStore } from './stores/routing.ts';
import { createTracesStore } from './stores/traces.ts';
import { createPreferencesStore } from './stores/prefs.ts';
import { createSessionStore } from './stores/session.ts';
import { createSilencesStore } from './stores/silences.ts';
import { createTicker } from './stores/ticker.ts';

/** Composes the window: connection, stores, keys, notifications, and what is drawn. */
function start(): void {
  const app: App = {
    live: createLiveStore(),
    session: createSessionStore(viewOf(location.hash)),
    logs: createLogsStore(),
    traces: createTracesStore(),
    overview: createOverviewStore(),
    routing: createRoutingStore(),
    silences: createSilencesStore(),
    preferences: createPreferencesStore(localStorage),
    core: new LinkedCore(),
    host: connection.host,
    ticker: createTicker(),
    mac: /mac/i.test(navigator.userAgent),
    reconnect: () => connection.retry(),
  };
  forgetKey(app);
  feedLive(app.live, connection, app.core, Date.now);
  app.live.subscribe((state, before) => {
    if (state.incidents !== before.incidents) prunePending(app);
  });
  app.session.subscribe((state, before) => {
    if (state.view !== before.view) history.replaceState(null, '', addressOf(state.view));
  });
  startNotifications(app, connection);
  if (connection.notifiesItself) tellHost(app);
  listenToKeys(app);
  connection.open();
  onceWorthDrawing(app.live, () => draw(app));
  fetchAhead(app.live);
}

function draw(app: App): void {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no root');
  createRoot(root).render(
    <StrictMode>
      <CSPProvider nonce={document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content}>
        <AppContext value={app}>
          <Shell />
        </AppContext>
      </CSPProvider>
    </StrictMode>,
  );
}

/**
 * An address with a key has done its work once the window is here: the key must not stay in sight and in
 * the history. One that is put into an open window only changes the address: the host has to see it.
 */
function forgetKey({ session }: App): void {
  const hasKey = (): boolean => location.hash.startsWith('#token=');
  if (hasKey()) history.replaceState(null, '', addressOf(session.getState().view));
  window.addEventListener('hashchange', () => {
    if (hasKey()) location.reload();
  });
}

function startNotifications(app: App, { host, notifiesItself = false }: Connection): void {
  const permission = (): NotificationPermission => (notifiesItself ? 'granted' : Notification.permission);
  const playSound = createSounds(() => navigator.userActivation.hasBeenActive);
  const notifier = createNotifier({
    send: (message) => host.send(message),
    permission,
    show: (notification) => showNatively(notification, playSound),
    onOpen: (incidentId) => {
      window.focus();
      if (incidentId === null) return show(app, { kind: 'inbox' });
      openIncident(app, incidentId);
      drop(app.core.call('notification.opened', { incidentId }), 'only noted in the timeline');
    },
  });
  const report = (): void => {
    app.session.setState({ notificationPermission: permission() });
    notifier.reportPermission();
  };
  app.session.setState({ notificationPermission: permission() });
  feedHostMessages(app.live, host, notifier, {
    openIncident: (incidentId) => openIncident(app, incidentId),
    runCommand: (command) => runNamedCommand(app, command),
  });
  if (notifiesItself) return;
  // The host prefers the window that said so last: on connecting, and whenever this one comes to the front.
  app.live.subscribe((state, before) => {
    if (state.link.kind === 'open' && before.link.kind !== 'open') report();
  });
  window.addEventListener('focus', report);
  app.session.subscribe((state, before) => {
    if (state.notificationPermission !== before.notificationPermission) notifier.reportPermission();
  });
}

start();
