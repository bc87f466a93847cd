import type { CommandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import { plainText } from '#shared/text.ts';
import { Asking } from './asking.tsx';
import { classes } from '../ui/classes.ts';
import { KeyChip } from '../ui/key-chip.tsx';
import { CachedNote, hatching } from './cached-note.tsx';
import { Glyph } from './glyphs.tsx';
import styles from './trace-note.module.css';

interface TraceNoteProps {
  readonly origin: Origin | null;
  readonly failure: CommandFailure | null;
  readonly askedAtMs: number | null;
}

/** Where an answer is from, how old it is when it is not live, and how long the next is awaited. */
export function TraceNote({ origin, failure, askedAtMs }: TraceNoteProps) {
  const isOld = origin?.kind === 'cache' || (origin?.kind === 'live' && failure !== null);
  return (
    <span className={classes(styles.note, isOld && styles.old, isOld && hatching.head)} role="status">
      {askedAtMs === null ? null : <Asking sinceMs={askedAtMs} />}
      {origin === null || origin.kind === 'unknown' || origin.source === '' ? null : (
        <span className={classes(styles.from, hatching.pad)}>from {plainText(origin.source, 64)}</span>
      )}
      {origin?.kind === 'cache' ? <CachedNote atMs={origin.atMs} cause={origin.reason} /> : null}
      {origin?.kind === 'live' && failure !== null ? (
        <CachedNote atMs={origin.atMs} cause={failure.message} />
      ) : null}
    </span>
  );
}

/** What failed, in its own words, and what to do about it. */
export function TraceFailure({ what, failure }: { readonly what: string; readonly failure: CommandFailure }) {
  return (
    <div className={styles.failure} role="alert">
      <p>
        <Glyph name="failed" /> {what}: {plainText(failure.message, 600)}
      </p>
      <p className={styles.support}>
        {plainText(failure.nextStep, 600)} <TryNow />
      </p>
    </div>
  );
}

/** Outside what is known: neither present nor absent. */
export function TraceUnknown({ what, reason }: { readonly what: string; readonly reason: string }) {
  return (
    <div className={styles.unknown} role="status">
      <p className={styles.pad}>
        <Glyph name="blind" /> {what}: {plainText(reason, 600)} <TryNow />
      </p>
    </div>
  );
}

function TryNow() {
  return (
    <span className={styles.key}>
      <KeyChip chord="r" /> try now
    </span>
  );
}
