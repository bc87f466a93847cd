import type { CommandId } from './keymap.ts';

/** The keys of the tour by their commands, in an order in which each leads to where the next one counts. */
export const tourSteps = [
  'move.down',
  'row.open',
  'incident.acknowledge',
  'undo',
  'time.earlier',
  'back',
  'filter.focus',
  'palette.open',
  'go.logs',
  'help.open',
] as const satisfies readonly CommandId[];
export type TourCommand = (typeof tourSteps)[number];
