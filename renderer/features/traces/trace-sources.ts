import type { App } from '../../app.ts';
import { nextSource, sourceNames } from '../../parts/source-choice.tsx';
import { isReachable, type LiveState } from '../../stores/live.ts';

/** Which Jaeger is asked: for a search by the store, for the trace that is shown by the view itself. */

/**
 * Whether the core can be asked. `soon` until it is heard for the first time: asked before, it would be
 * said to be away although it is about to come.
 */
export function askableCore(live: LiveState): 'soon' | 'now' | 'away' {
  if (live.console === null && (live.link.kind === 'connecting' || live.link.kind === 'open')) return 'soon';
  return isReachable(live) ? 'now' : 'away';
}

/** Names of the Jaegers that answer, as one text: it is another one when one comes back or goes. */
export function answeringJaegers({ sources }: Pick<LiveState, 'sources'>): string {
  return (sources ?? [])
    .filter(({ kind, state }) => kind === 'jaeger' && (state === 'fresh' || state === 'late'))
    .map(({ name }) => name)
    .join('\n');
}

/** Empty for the first that answers; null where a trace of a file is shown. */
function chosenSource({ session, traces }: App): string | null {
  const { view } = session.getState();
  return view.kind === 'trace' ? view.source : traces.getState().source;
}

/** Asks another Jaeger: for the trace that is shown, else for what was searched before. */
export function chooseSource({ session, traces }: App, source: string): void {
  const { view } = session.getState();
  if (view.kind === 'trace') return session.setState({ view: { ...view, source } });
  const { search, turn } = traces.getState();
  const isAsked = search.answer !== null || search.failure !== null;
  traces.setState({ source, services: [], operations: [], turn: isAsked ? turn + 1 : turn });
}

export function chooseNextSource(app: App): void {
  const current = chosenSource(app);
  if (current !== null) chooseSource(app, nextSource(sourceNames(app.live.getState(), 'jaeger'), current));
}

export function hasSourceChoice(app: App): boolean {
  return chosenSource(app) !== null && sourceNames(app.live.getState(), 'jaeger').length > 1;
}
