import type { QueryDesk } from '#core/metrics/query-desk.ts';
import type { commands } from '#shared/contract.ts';
import { backwardRange, commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { QueryTimes } from '#shared/model/query.ts';
import { failed } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** As many as Prometheus gives of one series. */
const mostSteps = 11_000;

/** Handlers of the commands about PromQL. */
export function queryCommands(
  desk: QueryDesk,
): Pick<Handlers<typeof commands>, 'metrics.query' | 'metrics.explain'> {
  return {
    'metrics.query': async ({ source, query, times }, { signal }) => {
      const wrong = wrongTimes(times);
      return wrong === null ? await desk.ask(source, query, times, signal) : failed(wrong);
    },
    'metrics.explain': async ({ source, query, times }, { signal }) => {
      const wrong = wrongTimes(times);
      return wrong === null ? await desk.explain(source, query, times, signal) : failed(wrong);
    },
  };
}

function wrongTimes({ fromMs, toMs, stepMs }: QueryTimes): CommandFailure | null {
  if (stepMs === 0) return null;
  if (toMs < fromMs) return backwardRange('Ms');
  const steps = Math.floor((toMs - fromMs) / stepMs) + 1;
  if (steps <= mostSteps) return null;
  const message = `the range has ${steps} steps; at most ${mostSteps} are answered`;
  return commandFailure('invalid-input', message, 'Ask with a coarser step or over a shorter range.');
}
