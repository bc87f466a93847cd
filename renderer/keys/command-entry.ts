/** What the keymap says of one command. */

/** Where a key counts. `global` counts everywhere but in a dialog or a text field. */
export const keyContexts = [
  'global',
  'inbox',
  'incident',
  'overview',
  'logs',
  'traces',
  'trace',
  'rules',
  'routing',
  'silences',
  'sources',
  'settings',
] as const;
export type KeyContext = (typeof keyContexts)[number];

export interface CommandEntry {
  /** As the palette and the help write it. */
  readonly title: string;
  /** As the status line writes it; empty keeps it off the line. */
  readonly word: string;
  readonly group:
    | 'This incident'
    | 'Mark'
    | 'Saved views'
    | 'Inbox'
    | 'Logs'
    | 'Traces'
    | 'Overview'
    | 'Rules'
    | 'Routing'
    | 'Silences'
    | 'Go to'
    | 'Move'
    | 'Time'
    | 'Sources'
    | 'Console';
  readonly contexts: readonly KeyContext[];
  readonly keys: readonly string[];
}

export function entry(
  group: CommandEntry['group'],
  contexts: readonly KeyContext[],
  title: string,
  word: string,
  ...keys: readonly string[]
): CommandEntry {
  return { group, contexts, title, word, keys };
}
