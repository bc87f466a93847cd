import { useMemo } from 'react';
import { openOverlay } from '../../actions/view.ts';
import { tell } from '../../actions/toasts.ts';
import { useApp, usePreferences, useSession } from '../../app.ts';
import type { KeyContext } from '../../keys/command-entry.ts';
import { commandOf, type CommandId, type Keymap } from '../../keys/keymap.ts';
import { brokenKeys, isRemapped } from '../../keys/remap.ts';
import { overridesOf, useKeymap } from '../../parts/use-keymap.ts';
import { Button } from '../../ui/button.tsx';
import { Chord } from '../../ui/key-chip.tsx';
import { RowGrid, type GridHead, type GridItem } from '../../ui/row-grid.tsx';
import { commandUnderCursor, listedCommands } from './keys-cursor.ts';
import { KeysDialog } from './keys-dialog.tsx';
import styles from './settings.module.css';

const columns = 'minmax(160px, 3fr) minmax(110px, 2fr) minmax(90px, 2fr) 64px';
const heads: readonly GridHead[] = [
  { name: 'Command' },
  { name: 'Keys' },
  { name: 'Where' },
  { name: 'Whose' },
];

/** Every command with its keys, to be given others. They are kept in this browser, not in the configuration. */
export function KeysSection() {
  const app = useApp();
  const { mac, session, preferences } = app;
  const keymap = useKeymap();
  const kept = usePreferences((state) => state.keys);
  const overrides = useMemo(() => overridesOf(kept), [kept]);
  const cursor = commandUnderCursor(useSession((state) => state.keyCursor));
  const isEditing = useSession((state) => state.overlay === 'edit-keys');
  const items = useMemo(
    () => itemsOf(keymap, (id) => isRemapped(overrides, id), mac),
    [keymap, overrides, mac],
  );
  const broken = useMemo(() => brokenKeys(overrides), [overrides]);
  const changed = Object.keys(overrides).length;
  const resetAll = (): void => {
    preferences.setState({ keys: {} });
    tell(app, { tone: 'plain', text: 'Every command is on its usual keys again', undo: null });
  };
  return (
    <div className={styles.sourceList}>
      <div>
        <p className={styles.bar}>
          <Button disabled={changed === 0} onClick={resetAll}>
            Reset all keys
          </Button>
          <span className={styles.support} role="status">
            {changed === 0
              ? 'Every command is on its usual keys. Enter changes those of the command under the cursor.'
              : `${changed} ${changed === 1 ? 'command has' : 'commands have'} keys of your own, kept in this browser.`}
          </span>
        </p>
        {broken.map(({ chord, first, second }) => (
          <p key={`${chord} ${first} ${second}`} className={styles.message} role="alert">
            {chord} is on two commands, {commandOf(first).title} and {commandOf(second).title}: only one of
            them can be reached. Change either.
          </p>
        ))}
      </div>
      <RowGrid
        id="settings-keys"
        label="Commands and their keys"
        columns={columns}
        heads={heads}
        items={items}
        cursor={cursor ?? null}
        onCursor={(key) => session.setState({ keyCursor: key })}
        onOpen={() => openOverlay(app, 'edit-keys')}
      />
      {isEditing && cursor !== undefined ? <KeysDialog command={cursor} /> : null}
    </div>
  );
}

function itemsOf(keymap: Keymap, isChanged: (id: CommandId) => boolean, mac: boolean): readonly GridItem[] {
  const items: GridItem[] = [];
  let group = '';
  for (const id of listedCommands) {
    const entry = commandOf(id);
    if (entry.group !== group) {
      group = entry.group;
      items.push({ key: `group ${group}`, heading: true, cells: <strong role="gridcell">{group}</strong> });
    }
    items.push({
      key: id,
      heading: false,
      cells: (
        <>
          <span role="gridcell" className={styles.name}>
            {entry.title}
          </span>
          <span role="gridcell" className={styles.chords}>
            {(keymap.get(id) ?? []).map((chord) => (
              <Chord key={chord} chord={chord} mac={mac} />
            ))}
          </span>
          <span role="gridcell" className={styles.faint}>
            {wordsOf(entry.contexts)}
          </span>
          <span role="gridcell" className={styles.support}>
            {isChanged(id) ? 'yours' : ''}
          </span>
        </>
      ),
    });
  }
  return items;
}

function wordsOf(contexts: readonly KeyContext[]): string {
  return contexts.includes('global') ? 'everywhere' : contexts.join(', ');
}
