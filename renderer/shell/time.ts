import type { App } from '../app.ts';
import { incidentOf, rangeOf, shiftedChoice } from '../parts/time-range.ts';
import type { View } from '../stores/session.ts';

/** Moving the one time range. */

/** The views that show something over time. */
const timedViews: readonly View['kind'][] = ['incident', 'overview', 'logs', 'traces', 'trace'];

export function showsTime(view: View): boolean {
  return timedViews.includes(view.kind);
}

/** Shifts by half of what is shown. */
export function shiftTime(app: App, direction: -1 | 1): void {
  const { timeChoice } = app.session.getState();
  const nowMs = Date.now();
  const range = rangeOf(timeChoice, incidentOf(app.live.getState(), timeChoice), nowMs);
  app.session.setState({ timeChoice: shiftedChoice(range, direction, nowMs) });
}

/** Up to now, over as long a time as is shown; around an incident it is its usual span. */
export function showLive(app: App): void {
  const { timeChoice } = app.session.getState();
  const nowMs = Date.now();
  const { fromMs, toMs } = rangeOf(timeChoice, incidentOf(app.live.getState(), timeChoice), nowMs);
  app.session.setState({ timeChoice: { kind: 'last', spanMs: toMs - fromMs } });
}

export function showLast(app: App, spanMs: number): void {
  app.session.setState({ timeChoice: { kind: 'last', spanMs } });
}
