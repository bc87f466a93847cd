import { Command } from 'cmdk';
import { Search } from 'lucide-react';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import { inputLook } from '../../parts/text-input.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Caps } from '../../ui/key-chip.tsx';
import { searchEntries, type Found } from './palette-search.ts';
import styles from './palette.module.css';

/** One thing that can be done. The shell makes the list; the palette finds and runs. */
export interface PaletteEntry {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  /** More about it, not searched. */
  readonly hint: string;
  readonly chord: string | undefined;
  readonly icon: ReactNode;
  readonly run: () => void;
}

interface PaletteProps {
  readonly entries: readonly PaletteEntry[];
  /** What commands would act on, or empty. */
  readonly scope: string;
  /** What was typed before it was drawn. */
  readonly typed: string;
  readonly onClose: () => void;
}

const maxShown = 60;

/** Every command by name, each with its key. */
export function Palette({ entries, scope, typed, onClose }: PaletteProps) {
  const [query, setQuery] = useState(typed);
  const input = useRef<HTMLInputElement>(null);
  const found = useMemo(() => searchEntries(entries, (entry) => entry.title, query), [entries, query]);
  const groups = useMemo(() => byGroup(found.slice(0, maxShown)), [found]);
  return (
    <Dialog title="Commands" bare onClose={onClose} initialFocus={input}>
      <Command label="Commands" shouldFilter={false} loop className={styles.palette}>
        <div className={styles.search}>
          <Search size={16} strokeWidth={1.75} aria-hidden="true" />
          <Command.Input
            ref={input}
            value={query}
            onValueChange={setQuery}
            placeholder="Type a command or an incident"
            className={classes(inputLook.bare, styles.input)}
          />
          {scope === '' ? null : (
            <span className={styles.scope}>
              on <strong>{scope}</strong>
            </span>
          )}
        </div>
        <Command.List className={styles.list}>
          {found.length === 0 ? <p className={styles.none}>No command is called that.</p> : null}
          {groups.map(([group, members]) => (
            <Command.Group key={group} heading={group} className={styles.group}>
              {members.map(({ entry, ranges }) => (
                <Command.Item
                  key={entry.id}
                  value={entry.id}
                  className={styles.item}
                  onSelect={() => {
                    onClose();
                    entry.run();
                  }}
                >
                  <span className={styles.icon}>{entry.icon}</span>
                  <span className={styles.title}>
                    <Marked text={entry.title} ranges={ranges} />
                  </span>
                  <span className={styles.hint}>{entry.hint}</span>
                  {entry.chord === undefined ? null : <Caps chord={entry.chord} />}
                </Command.Item>
              ))}
            </Command.Group>
          ))}
        </Command.List>
        <footer className={styles.footer}>
          <Caps chord="Enter" /> run
          <span className={styles.count}>
            {found.length} of {entries.length}
          </span>
        </footer>
      </Command>
    </Dialog>
  );
}

function byGroup(
  found: readonly Found<PaletteEntry>[],
): readonly (readonly [string, readonly Found<PaletteEntry>[]])[] {
  const groups = new Map<string, Found<PaletteEntry>[]>();
  for (const one of found) {
    const members = groups.get(one.entry.group);
    if (members === undefined) groups.set(one.entry.group, [one]);
    else members.push(one);
  }
  return [...groups];
}

/** The letters that matched, bold and underlined. */
function Marked({ text, ranges }: { readonly text: string; readonly ranges: readonly number[] }) {
  const parts: ReactNode[] = [];
  let from = 0;
  for (let index = 0; index + 1 < ranges.length; index += 2) {
    const start = ranges[index] ?? 0;
    const end = ranges[index + 1] ?? start;
    parts.push(text.slice(from, start), <mark key={start}>{text.slice(start, end)}</mark>);
    from = end;
  }
  return (
    <>
      {parts}
      {text.slice(from)}
    </>
  );
}
