import type { ReactNode } from 'react';
import { plainText } from '#shared/text.ts';
import { Age } from './age.tsx';
import { classes } from '../ui/classes.ts';
import styles from './cached-note.module.css';
import { Glyph } from './glyphs.tsx';

/**
 * How the window says that an answer is not of now. The head it stands in is hatched while it is shown:
 * with the class `hatched`, and `pad` for the other words over it.
 */
export const hatching = { head: styles.hatched, pad: styles.pad, title: styles.note } as const;

interface CachedNoteProps {
  /** When what is shown was fetched. */
  readonly atMs: number;
  /** Why there is nothing newer, in the words of who said so; may be empty. */
  readonly cause: string;
  /** Nothing of alerts is seen: more than this answer is lost. */
  readonly blind?: boolean;
  /** The cause is said elsewhere, and here only when pointed at. */
  readonly brief?: boolean;
  readonly children?: ReactNode;
}

/** The age of an answer that is not live, and its cause. */
export function CachedNote({ atMs, cause, blind = false, brief = false, children }: CachedNoteProps) {
  return (
    <span className={styles.note} title={plainText(cause, 300)}>
      <Glyph name={blind ? 'blind' : 'cached'} />
      <span className={styles.age}>
        cached <Age sinceMs={atMs} />
      </span>
      {brief || cause === '' ? null : <span className={styles.reason}>{plainText(cause, 120)}</span>}
      {children}
    </span>
  );
}

interface UnknownNoteProps {
  readonly reason: string;
  readonly className?: string | undefined;
  /** In CSS pixels, where it stands for a drawing of that height. */
  readonly height?: number;
}

/** Outside what is known: neither present nor absent. */
export function UnknownNote({ reason, className, height }: UnknownNoteProps) {
  return (
    <div className={classes(styles.unknown, className)} style={{ height }}>
      <p>Unknown: outside coverage. {plainText(reason, 300)}</p>
    </div>
  );
}
