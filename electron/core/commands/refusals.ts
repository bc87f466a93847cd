import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { incidentName } from '#shared/model/incident.ts';

/** Failures that several commands answer, said in one way. */
export function noIncident(id: number): CommandFailure {
  return commandFailure('not-found', `there is no incident ${incidentName(id)}`, 'Look it up in the inbox.');
}
