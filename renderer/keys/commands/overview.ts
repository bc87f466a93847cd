import { entry, type CommandEntry } from '../command-entry.ts';

/** The commands of the overview. */
export const overviewCommands = {
  'overview.left': entry('Overview', ['overview'], 'Panel to the left', '', 'h', 'ArrowLeft'),
  'overview.right': entry('Overview', ['overview'], 'Panel to the right', '', 'l', 'ArrowRight'),
  'overview.service': entry('Overview', ['overview'], 'Only this service, or all', 'only this service', 'f'),
  'overview.logs': entry('Overview', ['overview'], 'Logs of the service', 'logs', 'L'),
  'overview.traces': entry('Overview', ['overview'], 'Traces of the service', 'traces', 'T'),
} as const satisfies Record<string, CommandEntry>;
