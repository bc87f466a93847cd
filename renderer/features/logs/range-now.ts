import type { App } from '../../app.ts';
import type { LogRange } from '../../bridge/log-feed.ts';
import { incidentOf, rangeOf } from '../../parts/time-range.ts';

/** The one time range as it is now. Lines do not move with time by themselves: that is what a tail is for. */
export function rangeNow(app: App): LogRange {
  const { timeChoice } = app.session.getState();
  return rangeOf(timeChoice, incidentOf(app.live.getState(), timeChoice), Date.now());
}
