import { incidentName } from '#shared/model/incident.ts';
import type { RunbookStep } from '#shared/model/runbook.ts';
import type { App } from '../app.ts';
import { tellFailure } from './toasts.ts';

/** @returns whether it was taken; a failure is told. The incident's timeline brings it back. */
export async function checkStep(app: App, id: number, step: RunbookStep, isDone: boolean): Promise<boolean> {
  const answer = await app.core.call('runbook.check', { id, step, isDone });
  if (!answer.ok) tellFailure(app, `keep a step of the runbook of ${incidentName(id)}`, answer.failure);
  return answer.ok;
}
