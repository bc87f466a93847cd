import type { Nanoseconds } from '#shared/model/log.ts';
import type { App } from '../app.ts';
import { nothingAsked } from '../stores/traces.ts';
import { follow } from './view.ts';

/** From one kind of evidence to another: incident, log line, trace, span. Escape leads back. */

/** @param focusNs the line to look at, where there is one. */
export function openLogs(app: App, query: string, focusNs: Nanoseconds | null = null, source = ''): void {
  app.logs.setState({ query, focusNs, source });
  follow(app, { kind: 'logs' });
}

export function openTraces(app: App, service: string, source = ''): void {
  app.traces.setState({ service, source });
  follow(app, { kind: 'traces' });
}

/** @param focusSpanId the span to look at, where there is one. */
export function openTrace(app: App, traceId: string, focusSpanId: string | null = null, source = ''): void {
  app.traces.setState({ focusSpanId });
  follow(app, { kind: 'trace', traceId: traceId.toLowerCase(), source });
}

/** @param key of the rule in the list. */
export function openRule(app: App, key: string): void {
  app.session.setState({ ruleCursor: key });
  follow(app, { kind: 'rules' });
}

/** The golden signals of a service. */
export function openOverview(app: App, service: string): void {
  app.overview.setState({ service });
  follow(app, { kind: 'overview' });
}

/**
 * Whom an alert with these labels pages.
 * @param typed the labels as the routing view writes them. @param source that routes it; empty for the first.
 */
export function openRouting(app: App, typed: string, source = ''): void {
  app.routing.setState({ typed, source, text: null, cursor: null, tree: nothingAsked, paging: nothingAsked });
  follow(app, { kind: 'routing' });
}
