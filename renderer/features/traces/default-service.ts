import type { App } from '../../app.ts';
import { shownRow } from '../../actions/incidents.ts';
import { show } from '../../actions/view.ts';

/** Which service a search is of before anybody wrote one. */

/** Names that a stream of lines has its service under, the likeliest first. */
const serviceLabels = ['service', 'service_name', 'app'] as const;

/**
 * To the traces view. What was searched before stays, but for an incident of another service; without
 * any, the service of what was looked at is searched at once.
 */
export function goToTraces(app: App): void {
  const { view } = app.session.getState();
  const { service: before, search } = app.traces.getState();
  const service = serviceInSight(app);
  const isNew = search.answer === null || view.kind === 'incident';
  if (service !== '' && service !== before && isNew) app.traces.setState({ service });
  show(app, { kind: 'traces' });
}

/** The service of the incident, span, line or panel that is looked at; empty for none. */
function serviceInSight(app: App): string {
  const { view } = app.session.getState();
  switch (view.kind) {
    case 'incident':
      return shownRow(app, view.id)?.service ?? '';
    case 'trace': {
      const { trace } = app.traces.getState();
      const outline = trace?.outline;
      if (trace === null || outline === null || outline === undefined) return '';
      return outline.services[outline.serviceOf[trace.look.cursor] ?? -1] ?? '';
    }
    case 'logs': {
      const { cursor, shown } = app.logs.getState();
      const labels = cursor === null ? undefined : shown.streams[cursor.stream];
      return serviceLabels.map((name) => labels?.[name] ?? '').find((name) => name !== '') ?? '';
    }
    case 'overview':
      return app.overview.getState().service;
    default:
      return '';
  }
}
