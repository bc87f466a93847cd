import type { CommandId } from './keymap.ts';

/** One key of the tour: the command that it stands for, and what it does, in the words of whoever presses it. */
export interface TourStep {
  readonly command: CommandId;
  readonly says: string;
}

/** In an order in which each leads to where the next one counts. */
export const tourSteps: readonly TourStep[] = [
  { command: 'move.down', says: 'goes to the next incident.' },
  {
    command: 'row.open',
    says: 'opens it: what fired, its chart, its log lines, its traces and its runbook.',
  },
  { command: 'incident.acknowledge', says: 'takes it on: it asks for nobody any more.' },
  { command: 'undo', says: 'takes back what you just did, while the line at the bottom says so.' },
  { command: 'time.earlier', says: 'shifts the time range earlier, in every chart and list at once.' },
  { command: 'back', says: 'leads back to where you came from.' },
  { command: 'filter.focus', says: 'writes a filter: words, labels, states. Escape leaves it.' },
  {
    command: 'palette.open',
    says: 'lists every command and its key, and finds incidents. Escape closes it.',
  },
  { command: 'go.logs', says: 'goes to the logs. After its first stroke the rail names the other views.' },
  { command: 'help.open', says: 'lists the keys of the view you are in. Escape closes it.' },
];
