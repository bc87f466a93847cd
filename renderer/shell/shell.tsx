import { useEffect, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useLive, useSession } from '../app.ts';
import { InboxView } from '../features/inbox/inbox-view.tsx';
import { IncidentView } from '../features/incident/incident-view.tsx';
import { LogsView } from '../features/logs/logs-view.tsx';
import { OverviewView } from '../features/overview/overview-view.tsx';
import { RulesView } from '../features/rules/rules-view.tsx';
import { SettingsView } from '../features/settings/settings-view.tsx';
import { SourcesView } from '../features/sources/sources-view.tsx';
import { TraceView } from '../features/traces/trace-view.tsx';
import { TracesView } from '../features/traces/traces-view.tsx';
import { useTheme } from '../parts/use-theme.ts';
import type { View } from '../stores/session.ts';
import { Announcer } from './announcer.tsx';
import { BannerStack } from './banner-stack.tsx';
import { Overlays } from './overlays.tsx';
import { Rail } from './rail.tsx';
import { RefusedPage } from './refused-page.tsx';
import styles from './shell.module.css';
import { StatusLine } from './status-line.tsx';
import { ToastLine } from './toast.tsx';
import { TopBar } from './top-bar.tsx';
import { ViewBoundary } from './view-boundary.tsx';

/** The window: rail, bars and the view between them. */
export function Shell() {
  const refused = useLive((state) => state.link.kind === 'refused' && state.console === null);
  const view = useSession((state) => state.view);
  const theme = useTheme();
  // Before any canvas below draws itself with the tokens of the theme.
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);

  if (refused) return <RefusedPage />;
  return (
    <div className={styles.window}>
      <TopBar />
      <Rail />
      <div className={styles.center}>
        <BannerStack />
        <Main key={view.kind}>
          <ViewBoundary view={view}>
            <CurrentView view={view} />
          </ViewBoundary>
        </Main>
      </div>
      <StatusLine context={view.kind} />
      <ToastLine />
      <Announcer />
      <Overlays context={view.kind} />
    </div>
  );
}

/** Takes the focus when the view changes, unless something of the view has taken it. */
function Main({ children }: { readonly children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body) main.current?.focus();
  }, []);
  return (
    <main ref={main} id="main" className={styles.main} tabIndex={-1}>
      {children}
    </main>
  );
}

function CurrentView({ view }: { readonly view: View }) {
  switch (view.kind) {
    case 'inbox':
      return <InboxView />;
    case 'incident':
      return <IncidentView key={view.id} id={view.id} />;
    case 'overview':
      return <OverviewView />;
    case 'logs':
      return <LogsView />;
    case 'traces':
      return <TracesView />;
    case 'trace':
      return <TraceView key={view.traceId} traceId={view.traceId} source={view.source} />;
    case 'rules':
      return <RulesView />;
    case 'sources':
      return <SourcesView />;
    case 'settings':
      return <SettingsView section={view.section} />;
  }
}
