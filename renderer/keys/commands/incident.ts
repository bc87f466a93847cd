import { entry, type CommandEntry } from '../command-entry.ts';

/** The commands of an incident's evidence. */
export const incidentCommands = {
  'incident.logs': entry('This incident', ['incident'], 'Logs of the incident', 'logs', '4'),
  'incident.traces': entry('This incident', ['incident'], 'Traces of the incident', 'traces', '5'),
  'incident.runbook': entry(
    'This incident',
    ['incident'],
    'Read the runbook, then its next open step',
    'runbook',
    '6',
  ),
  'incident.rule': entry('This incident', ['incident'], 'Local rule that raised it', '', '7'),
  'incident.routing': entry('This incident', ['incident'], 'Whom its alerts page', '', '8'),
  'incident.overview': entry('This incident', ['incident'], 'Golden signals of the service', '', '3'),
} as const satisfies Record<string, CommandEntry>;
