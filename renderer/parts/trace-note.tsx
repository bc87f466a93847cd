import type { CommandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import { plainText } from '#shared/text.ts';
import { Asking } from './asking.tsx';
import { CachedNote } from './cached-note.tsx';
import { Glyph } from './glyphs.tsx';
import styles from './trace-note.module.css';

interface TraceNoteProps {
  readonly origin: Origin | null;
  readonly failure: CommandFailure | null;
  readonly askedAtMs: number | null;
}

/** Where an answer is from, how old it is when it is not live, and how long the next is awaited. */
export function TraceNote({ origin, failure, askedAtMs }: TraceNoteProps) {
  return (
    <span className={styles.note} role="status">
      {askedAtMs === null ? null : <Asking sinceMs={askedAtMs} />}
      {origin === null || origin.kind === 'unknown' || origin.source === '' ? null : (
        <span className={styles.from}>from {plainText(origin.source, 64)}</span>
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
      <p className={styles.support}>{plainText(failure.nextStep, 600)}</p>
    </div>
  );
}

/** Outside what is known: neither present nor absent. */
export function TraceUnknown({ what, reason }: { readonly what: string; readonly reason: string }) {
  return (
    <div className={styles.unknown} role="status">
      <p className={styles.pad}>
        <Glyph name="blind" /> {what}: {plainText(reason, 600)}
      </p>
    </div>
  );
}
