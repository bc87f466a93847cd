import type { commands } from '#shared/contract.ts';
import type { LogsService } from '#core/logs/logs-service.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about logs. They translate; the logs service decides. */
type LogCommand =
  | 'logs.query'
  | 'logs.volume'
  | 'logs.context'
  | 'logs.labels'
  | 'logs.labelValues'
  | 'logs.fields'
  | 'logs.patterns'
  | 'logs.size'
  | 'logs.tail';

export function logCommands(logs: LogsService): Pick<Handlers<typeof commands>, LogCommand> {
  return {
    'logs.query': (query, { signal }) => logs.query(query, signal),
    'logs.volume': (request, { signal }) => logs.volume(request, signal),
    'logs.context': (request, { signal }) => logs.context(request, signal),
    'logs.labels': (request, { signal }) => logs.labels(request, signal),
    'logs.labelValues': (request, { signal }) => logs.labelValues(request, signal),
    'logs.fields': (request, { signal }) => logs.fields(request, signal),
    'logs.patterns': (request, { signal }) => logs.patterns(request, signal),
    'logs.size': (request, { signal }) => logs.size(request, signal),
    'logs.tail': async ({ source, query }) => logs.tails.open(source, query),
  };
}
