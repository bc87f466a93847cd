import { shownRow } from '../actions/incidents.ts';
import type { App } from '../app.ts';
import { chartRange, shiftedPlace } from '../parts/chart-range.ts';

/** Shifts the chart of the incident on the screen by half of what it shows. */
export function shiftChart(app: App, direction: -1 | 1): void {
  const { view, chartPlace } = app.session.getState();
  if (view.kind !== 'incident') return;
  const row = shownRow(app, view.id);
  if (row === undefined) return;
  const nowMs = Date.now();
  const place = shiftedPlace(chartRange(row, chartPlace, nowMs), direction, nowMs);
  app.session.setState({ chartPlace: place });
}
