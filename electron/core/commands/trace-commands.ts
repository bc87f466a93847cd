import type { TracesService } from '#core/traces/traces-service.ts';
import type { commands } from '#shared/contract.ts';
import { success } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Handlers of the commands about traces. They translate; the service decides. */
type TraceCommand =
  | 'traces.services'
  | 'traces.operations'
  | 'traces.search'
  | 'traces.open'
  | 'traces.span'
  | 'traces.find'
  | 'traces.dependencies';

export function traceCommands(service: TracesService): Pick<Handlers<typeof commands>, TraceCommand> {
  return {
    'traces.services': async ({ source }, { signal }) => success(await service.services(source, signal)),
    'traces.operations': async ({ source, service: name }, { signal }) =>
      success(await service.operations(source, name, signal)),
    'traces.search': async (search, { signal }) => success(await service.search(search, signal)),
    'traces.open': async ({ source, traceId }, { signal }) =>
      success(await service.open(source, traceId, signal)),
    'traces.span': ({ source, traceId, row }, { signal }) => service.span(source, traceId, row, signal),
    'traces.find': ({ source, traceId, text }, { signal }) => service.find(source, traceId, text, signal),
    'traces.dependencies': async ({ source, fromMs, toMs }, { signal }) =>
      success(await service.dependencies(source, fromMs, toMs, signal)),
  };
}
