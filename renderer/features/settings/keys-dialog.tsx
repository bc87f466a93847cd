import { useEffect, useMemo, useRef, useState } from 'react';
import { closeOverlay } from '../../actions/view.ts';
import { useApp, usePreferences } from '../../app.ts';
import { commandOf, defaultKeysOf, keymapOf, type CommandId } from '../../keys/keymap.ts';
import { addKey, isRemapped, removeKey, resetKeys, type Remap } from '../../keys/remap.ts';
import { overridesOf } from '../../parts/use-keymap.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Chord } from '../../ui/key-chip.tsx';
import { KeyCapture } from './key-capture.tsx';
import styles from './settings.module.css';

type Taken = Extract<Remap, { kind: 'taken' }>;

/** What the dialog waits for: nothing, the strokes of a key, or a word about whom it would be taken from. */
type Asking =
  | { readonly kind: 'nothing'; readonly said: string }
  | { readonly kind: 'key' }
  | { readonly kind: 'consent'; readonly what: string; readonly remap: Taken };

const nothing: Asking = { kind: 'nothing', said: '' };

/** The keys of one command, to be added to, taken away and put back. */
export function KeysDialog({ command }: { readonly command: CommandId }) {
  const app = useApp();
  const { mac, preferences } = app;
  const kept = usePreferences((state) => state.keys);
  const overrides = useMemo(() => overridesOf(kept), [kept]);
  const keys = keymapOf(overrides).get(command) ?? [];
  const [asking, setAsking] = useState<Asking>(nothing);
  const { title } = commandOf(command);
  const addButton = useRef<HTMLButtonElement>(null);
  const isIdle = asking.kind === 'nothing';
  useEffect(() => {
    if (isIdle) addButton.current?.focus();
  }, [isIdle]);

  /** What other versions of the console keep under names of their own stays. */
  const keep = (next: typeof overrides): void => {
    const foreign = Object.entries(kept).filter(([name]) => !Object.hasOwn(overrides, name));
    preferences.setState({ keys: { ...Object.fromEntries(foreign), ...next } as typeof kept });
  };
  const settle = (remap: Remap, what: string, said: string): void => {
    if (remap.kind === 'refused') return setAsking({ kind: 'nothing', said: remap.why });
    if (remap.kind === 'taken') return setAsking({ kind: 'consent', what, remap });
    keep(remap.overrides);
    setAsking({ kind: 'nothing', said });
  };
  const isChanged = isRemapped(overrides, command);
  const usual = defaultKeysOf(command).join(', ') || 'none';

  return (
    <Dialog title={`Keys of “${title}”`} initialFocus={addButton} onClose={() => closeOverlay(app)}>
      <ul className={styles.keyRows} aria-label="Its keys">
        {keys.map((chord) => (
          <li key={chord}>
            <Chord chord={chord} mac={mac} />
            <Button
              aria-label={`Take away ${chord}`}
              onClick={() => settle(removeKey(overrides, command, chord), chord, `${chord} is free now.`)}
            >
              Take away
            </Button>
          </li>
        ))}
        {keys.length === 0 ? (
          <li className={styles.support}>None: it is run by name, in the palette.</li>
        ) : null}
      </ul>
      {asking.kind === 'key' ? (
        <KeyCapture
          mac={mac}
          onChord={(chord) => settle(addKey(overrides, command, chord), chord, `${chord} does it now.`)}
          onCancel={() => setAsking(nothing)}
        />
      ) : null}
      {asking.kind === 'consent' ? (
        <Consent
          {...asking}
          onTake={() => {
            keep(asking.remap.overrides);
            setAsking({ kind: 'nothing', said: `${asking.what} does it now.` });
          }}
          onAgain={() => setAsking({ kind: 'key' })}
        />
      ) : null}
      <p className={styles.support} role="status">
        {asking.kind === 'nothing' ? asking.said : ''}
      </p>
      <p className={styles.buttons}>
        <Button ref={addButton} due={isIdle} onClick={() => setAsking({ kind: 'key' })}>
          Add a key
        </Button>
        <Button
          disabled={!isChanged}
          onClick={() => settle(resetKeys(overrides, command), usual, 'It is on its usual keys again.')}
        >
          Reset to {usual}
        </Button>
        <Button chord="Escape" onClick={() => closeOverlay(app)}>
          Close
        </Button>
      </p>
    </Dialog>
  );
}

interface ConsentProps {
  readonly what: string;
  readonly remap: Taken;
  readonly onTake: () => void;
  readonly onAgain: () => void;
}

/** Who has the key, by name, and the two ways out. */
function Consent({ what, remap, onTake, onAgain }: ConsentProps) {
  const some = remap.from.slice(0, maxNamed);
  const more = remap.from.length - some.length;
  return (
    <div className={styles.consent} role="alert">
      <p>{what} is taken. It is, or begins, a key of:</p>
      <ul>
        {some.map(({ command, chord, isLast }) => (
          <li key={`${command} ${chord}`}>
            <Chord chord={chord} /> {commandOf(command).title}
            {isLast ? ', which has no other key' : ''}
          </li>
        ))}
        {more === 0 ? null : <li>and {more} more</li>}
      </ul>
      <p className={styles.buttons}>
        <Button autoFocus onClick={onTake}>
          Take it from {remap.from.length === 1 ? 'there' : 'all of them'}
        </Button>
        <Button onClick={onAgain}>Press another key</Button>
      </p>
    </div>
  );
}

const maxNamed = 6;
