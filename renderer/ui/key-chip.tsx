import { createContext, use } from 'react';
import { capsOfChord } from '../keys/strokes.ts';
import styles from './key-chip.module.css';

/** What a key that a view names as usual is here, where a person has keys of their own; null where it is none. */
export const ChordInForce = createContext<(chord: string) => string | null>((chord) => chord);

interface ChordProps {
  readonly chord: string;
  readonly mac?: boolean;
}

/** The caps of a usual key as it is in force. Decoration: what it stands for is said by the text beside it. */
export function KeyChip({ chord, mac = false }: ChordProps) {
  const inForce = use(ChordInForce)(chord);
  return inForce === null ? null : <Caps chord={inForce} mac={mac} />;
}

/** The caps of a key as it is, with its name for a screen reader. */
export function Chord({ chord, mac = false }: ChordProps) {
  return (
    <span>
      <Caps chord={chord} mac={mac} />
      <span className="unseen">{chord}</span>
    </span>
  );
}

/** The caps of a key as it is, drawn flat. */
export function Caps({ chord, mac = false }: ChordProps) {
  return (
    <span className={styles.caps} aria-hidden="true">
      {capsOfChord(chord, mac).map((cap, index) => (
        <kbd key={index} className={styles.cap}>
          {cap}
        </kbd>
      ))}
    </span>
  );
}
