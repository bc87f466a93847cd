import { AlertmanagerClient } from './alertmanager/client.ts';
import type { SourceHttp } from './http.ts';
import { JaegerClient } from './jaeger/client.ts';
import { LokiClient } from './loki/client.ts';
import { PrometheusClient } from './prometheus/client.ts';

/** The client of a source, told apart by its `kind`. */
export type SourceClient = PrometheusClient | AlertmanagerClient | LokiClient | JaegerClient;

/** The client that speaks the API of the source's kind. */
export function clientOf(http: SourceHttp): SourceClient {
  switch (http.settings.kind) {
    case 'prometheus':
      return new PrometheusClient(http);
    case 'alertmanager':
      return new AlertmanagerClient(http);
    case 'loki':
      return new LokiClient(http);
    case 'jaeger':
      return new JaegerClient(http);
  }
}
