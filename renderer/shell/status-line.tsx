import { useStore } from 'zustand';
import { useApp, useLive, useSession, type App } from '../app.ts';
import type { KeyContext } from '../keys/command-entry.ts';
import { commandOf, commandsIn, type CommandId } from '../keys/keymap.ts';
import { useKeymap } from '../parts/use-keymap.ts';
import { Caps } from '../ui/key-chip.tsx';
import { OutboxCount } from './outbox-count.tsx';
import type { Overlay } from '../stores/session.ts';
import { useFieldKeys, type KeyHint } from './field-keys.ts';
import { isAvailable, runCommand } from './run-command.ts';
import styles from './status-line.module.css';

/** The keys of what has the focus, then the palette and the help. */
export function StatusLine({ context }: { readonly context: KeyContext }) {
  const shown = useShown(context);
  const overlay = useSession((state) => state.overlay);
  const fieldKeys = useFieldKeys();
  if (overlay === 'palette') return <DialogKeys keys={paletteKeys} />;
  if (overlay === 'silence') return <DialogKeys keys={formKeys} />;
  if (overlay !== null) return <DialogKeys keys={keysOf[overlay] ?? dialogKeys} />;
  return (
    <footer className={styles.line}>
      {fieldKeys === null ? (
        <ul aria-label="Keys of this view">
          {joined(shown).map(({ word, commands }) => (
            <li key={word}>
              <Hint commands={commands} word={word} />
            </li>
          ))}
        </ul>
      ) : (
        <Keys label="Keys of this field" keys={fieldKeys} />
      )}
      <OutboxCount />
      <ul aria-label="Keys of every view">
        <li>
          <Hint commands={['palette.open']} word="commands" />
        </li>
        {fieldKeys === null ? (
          <li>
            <Hint commands={['help.open']} word="all keys" />
          </li>
        ) : null}
      </ul>
    </footer>
  );
}

/** What can be done depends on every store; the line is drawn anew only when it is something else. */
function useShown(context: KeyContext): readonly CommandId[] {
  const app = useApp();
  const read = (): string => shownIn(app, context).join(' ');
  useLive(read);
  useSession(read);
  useStore(app.logs, read);
  useStore(app.traces, read);
  useStore(app.overview, read);
  useStore(app.silences, read);
  return shownIn(app, context);
}

function shownIn(app: App, context: KeyContext): readonly CommandId[] {
  return commandsIn(context).filter(
    (id) => commandOf(id).word !== '' && !fixed.has(id) && isAvailable(app, id) && isWanted(id, context),
  );
}

const fixed = new Set<CommandId>(['palette.open', 'help.open']);

/** In the inbox there is nowhere to go back to. */
function isWanted(id: CommandId, context: KeyContext): boolean {
  return id !== 'back' || context !== 'inbox';
}

interface Joined {
  readonly word: string;
  readonly commands: CommandId[];
}

/** Commands of one word stand together: `j` `k` move. */
function joined(ids: readonly CommandId[]): readonly Joined[] {
  const words = new Map<string, Joined>();
  for (const id of ids) {
    const { word } = commandOf(id);
    const present = words.get(word);
    if (present === undefined) words.set(word, { word, commands: [id] });
    else present.commands.push(id);
  }
  return [...words.values()];
}

function Hint({ commands, word }: { readonly commands: readonly CommandId[]; readonly word: string }) {
  const app = useApp();
  const keymap = useKeymap();
  const first = commands[0];
  const chords = commands.flatMap((id) => keymap.get(id)?.slice(0, 1) ?? []);
  return (
    <button
      type="button"
      tabIndex={-1}
      className={styles.hint}
      onClick={() => (first === undefined ? undefined : runCommand(app, first))}
    >
      {chords.map((chord) => (
        <Caps key={chord} chord={chord} mac={app.mac} />
      ))}
      {word}
    </button>
  );
}

const paletteKeys: readonly KeyHint[] = [
  [['ArrowUp', 'ArrowDown'], 'move'],
  [['Enter'], 'run'],
  [['Escape'], 'close'],
];
const formKeys: readonly KeyHint[] = [
  [['Mod+Enter'], 'send'],
  [['Escape'], 'close'],
];
const dialogKeys: readonly KeyHint[] = [[['Escape'], 'close']];
const choiceKeys: readonly KeyHint[] = [
  [['ArrowUp', 'ArrowDown'], 'move'],
  [['Enter'], 'choose'],
  [['Escape'], 'close'],
];
const keysOf: Partial<Record<Overlay, readonly KeyHint[]>> = {
  assign: choiceKeys,
  merge: choiceKeys,
  unmerge: choiceKeys,
  note: [
    [['Mod+Enter'], 'add'],
    [['Escape'], 'close'],
  ],
  split: [
    [['j', 'k'], 'move'],
    [['Space'], 'choose'],
    [['Enter'], 'split'],
    [['Escape'], 'close'],
  ],
};

function DialogKeys({ keys }: { readonly keys: readonly KeyHint[] }) {
  return (
    <footer className={styles.line}>
      <Keys label="Keys of the dialog" keys={keys} />
    </footer>
  );
}

function Keys({ label, keys }: { readonly label: string; readonly keys: readonly KeyHint[] }) {
  const { mac } = useApp();
  return (
    <ul aria-label={label}>
      {keys.map(([chords, word]) => (
        <li key={word} className={styles.hint}>
          {chords.map((chord) => (
            <Caps key={chord} chord={chord} mac={mac} />
          ))}
          {word}
        </li>
      ))}
    </ul>
  );
}
