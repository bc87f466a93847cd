import { capsOfChord } from '../keys/strokes.ts';
import styles from './key-chip.module.css';

/** The caps of a chord, drawn flat. Decoration: what they stand for is said by the text beside them. */
export function KeyChip({ chord, mac = false }: { readonly chord: string; readonly mac?: boolean }) {
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
