import type { CommandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import { plainText } from '#shared/text.ts';
import { useTimed } from '../app.ts';
import { Age } from './age.tsx';
import { Glyph } from './glyphs.tsx';
import styles from './trace-note.module.css';

interface TraceNoteProps {
  readonly origin: Origin | null;
  readonly failure: CommandFailure | null;
  readonly askedAtMs: number | null;
}

/** Where an answer is from when it is not live, and how long the next is awaited. */
export function TraceNote({ origin, failure, askedAtMs }: TraceNoteProps) {
  return (
    <span className={styles.note} role="status">
      {askedAtMs === null ? null : <Asking sinceMs={askedAtMs} />}
      {origin?.kind === 'cache' ? (
        <span className={styles.old} title={plainText(origin.reason, 300)}>
          <Glyph name="cached" /> cached <Age sinceMs={origin.atMs} />, {plainText(origin.reason, 120)}
        </span>
      ) : null}
      {origin?.kind === 'live' && failure !== null ? (
        <span className={styles.old} title={plainText(failure.message, 300)}>
          <Glyph name="cached" /> of <Age sinceMs={origin.atMs} /> ago: {plainText(failure.message, 120)}
        </span>
      ) : null}
    </span>
  );
}

const patienceMs = 400;

function Asking({ sinceMs }: { readonly sinceMs: number }) {
  const seconds = useTimed((nowMs) => Math.floor((nowMs - sinceMs) / 1_000));
  return seconds * 1_000 < patienceMs ? null : <span>asking, {seconds} s</span>;
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
