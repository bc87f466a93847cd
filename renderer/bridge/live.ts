import type { LiveState, LiveStore } from '../stores/live.ts';
import type { Connection } from './connection.ts';
import type { LinkedCore } from './core-calls.ts';

/**
 * Writes what arrives into the live store; together with its neighbours in this folder it is the only
 * writer of it. Nothing is cleared when the link is lost.
 */
export function feedLive(live: LiveStore, connection: Connection, core: LinkedCore, now: () => number): void {
  const hear = (part: Partial<LiveState>): void => live.setState({ ...part, heardAtMs: now() });

  live.setState({ coreIsAwaited: true });
  connection.onCore((link) => {
    core.link(link);
    live.setState({ coreIsAwaited: false });
  });
  connection.onState((state) => {
    if (state.kind !== 'lost') return live.setState({ link: state });
    const before = live.getState().link;
    const sinceMs = before.kind === 'lost' ? before.sinceMs : now();
    live.setState({ link: { ...state, sinceMs }, coreIsAwaited: true });
  });
  core.follow('console', '', (console) => hear({ console }));
  core.follow('incidents', '', (incidents) => hear({ incidents }));
  core.follow('signs', '', (signs) => hear({ signs }));
  core.follow('sources', '', (sources) => hear({ sources }));
  core.follow('rules', '', (rules) => hear({ rules }));
  core.follow('outbox', '', (outbox) => hear({ outbox }));
  core.follow('views', '', (views) => hear({ views }));
}

/** Follows one incident whole. The last one shown stays until the new one arrives. */
export function followIncident(live: LiveStore, core: LinkedCore, id: number): () => void {
  return core.follow('incident', String(id), (detail) => live.setState({ incident: { id, detail } }));
}
