import { entry, type CommandEntry } from '../command-entry.ts';

const routing = ['routing'] as const;

/** The commands of the routing view. */
export const routingCommands = {
  'routing.labels': entry('Routing', routing, 'Write the labels of an alert', 'labels', '/'),
  'routing.next-taken': entry('Routing', routing, 'Next route that is taken', 'taken', 'n'),
  'routing.previous-taken': entry('Routing', routing, 'Previous route that is taken', '', 'N'),
  'routing.open': entry('Routing', routing, 'Open a configuration of Alertmanager', 'open', 'o'),
  'routing.close': entry('Routing', routing, 'Back to the source’s own configuration', 'close', 'x'),
  'routing.source': entry('Routing', routing, 'Routing of the next Alertmanager', 'source', 's'),
} as const satisfies Record<string, CommandEntry>;
