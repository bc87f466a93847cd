import type { CommandAction } from '../../actions/command-action.ts';
import type { incidentCommands } from '../../keys/commands/incident.ts';

/** What the commands of an incident's evidence do. */
export const incidentActions: Readonly<Record<keyof typeof incidentCommands, CommandAction>> = {};
