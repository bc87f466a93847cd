import type { ReactNode } from 'react';
import { InboxView } from '../features/inbox/inbox-view.tsx';
import type { View } from '../stores/session.ts';
import type { Late } from '../ui/late.ts';
import { fetchPart, useLate } from '../ui/use-late.ts';
import { parts } from './late/parts.ts';
import { MissingView } from './missing-view.tsx';
import styles from './shell.module.css';

/** The view that is shown. The inbox is of the first script: it is what a window mostly starts with. */
export function CurrentView({ view }: { readonly view: View }) {
  switch (view.kind) {
    case 'inbox':
      return <InboxView />;
    case 'incident':
      return (
        <OnceHere part={parts.incident}>
          {({ IncidentView }) => <IncidentView key={view.id} id={view.id} />}
        </OnceHere>
      );
    case 'overview':
      return <OnceHere part={parts.overview}>{({ OverviewView }) => <OverviewView />}</OnceHere>;
    case 'logs':
      return <OnceHere part={parts.logs}>{({ LogsView }) => <LogsView />}</OnceHere>;
    case 'traces':
      return <OnceHere part={parts.traces}>{({ TracesView }) => <TracesView />}</OnceHere>;
    case 'trace':
      return (
        <OnceHere part={parts.traces}>
          {({ TraceView }) => <TraceView key={view.traceId} traceId={view.traceId} source={view.source} />}
        </OnceHere>
      );
    case 'rules':
      return <OnceHere part={parts.rules}>{({ RulesView }) => <RulesView />}</OnceHere>;
    case 'routing':
      return <OnceHere part={parts.routing}>{({ RoutingView }) => <RoutingView />}</OnceHere>;
    case 'silences':
      return (
        <OnceHere part={parts.silences}>
          {({ SilencesView }) => <SilencesView isOpen={view.isOpen} />}
        </OnceHere>
      );
    case 'sources':
      return <OnceHere part={parts.sources}>{({ SourcesView }) => <SourcesView />}</OnceHere>;
    case 'settings':
      return (
        <OnceHere part={parts.settings}>
          {({ SettingsView }) => <SettingsView section={view.section} />}
        </OnceHere>
      );
  }
}

interface OnceHereProps<Module> {
  readonly part: Late<Module>;
  readonly children: (module: Module) => ReactNode;
}

function OnceHere<Module>({ part, children }: OnceHereProps<Module>) {
  const state = useLate(part);
  switch (state.kind) {
    case 'here':
      return children(state.module);
    case 'away':
      return <p className={styles.coming}>Fetching this view.</p>;
    case 'missing':
      return <MissingView reason={state.reason} onAgain={() => fetchPart(part)} />;
  }
}
