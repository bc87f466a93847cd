import { entry, type CommandEntry } from '../command-entry.ts';

/** The commands of the inbox's saved views. */
export const inboxCommands = {
  'view.choose-1': entry('Saved views', ['inbox'], 'Saved view 1', '', 'v 1'),
  'view.choose-2': entry('Saved views', ['inbox'], 'Saved view 2', '', 'v 2'),
  'view.choose-3': entry('Saved views', ['inbox'], 'Saved view 3', '', 'v 3'),
  'view.choose-4': entry('Saved views', ['inbox'], 'Saved view 4', '', 'v 4'),
  'view.choose-5': entry('Saved views', ['inbox'], 'Saved view 5', '', 'v 5'),
  'view.choose-6': entry('Saved views', ['inbox'], 'Saved view 6', '', 'v 6'),
  'view.choose-7': entry('Saved views', ['inbox'], 'Saved view 7', '', 'v 7'),
  'view.choose-8': entry('Saved views', ['inbox'], 'Saved view 8', '', 'v 8'),
  'view.choose-9': entry('Saved views', ['inbox'], 'Saved view 9', '', 'v 9'),
  'view.all': entry('Saved views', ['inbox'], 'All incidents, without a filter', '', 'v 0'),
  'view.save': entry('Saved views', ['inbox'], 'Save the filter as a view', '', 'v s'),
  'view.rename': entry('Saved views', ['inbox'], 'Rename the view', '', 'v r'),
  'view.delete': entry('Saved views', ['inbox'], 'Delete the view', '', 'v x'),
} as const satisfies Record<string, CommandEntry>;
