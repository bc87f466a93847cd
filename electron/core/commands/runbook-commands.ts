import type { RunbookSteps } from '#core/runbooks/runbook-steps.ts';
import type { commands } from '#shared/contract.ts';
import type { Handlers } from '#shared/rpc/server.ts';

export function runbookCommands(
  steps: Pick<RunbookSteps, 'check'>,
  operator: () => string,
): Pick<Handlers<typeof commands>, 'runbook.check'> {
  return { 'runbook.check': ({ id, step, isDone }) => steps.check(id, step, isDone, operator()) };
}
