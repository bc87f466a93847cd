import { plainText } from '#shared/text.ts';
import { millisecondsOf, type LogAnswer } from '#shared/model/log.ts';
import { formatClock } from '#shared/time.ts';
import { Asking } from '../../parts/asking.tsx';
import { CachedNote, hatching, UnknownNote } from '../../parts/cached-note.tsx';
import { logLimits } from '../../stores/logs.ts';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { FailureNote } from './failure-note.tsx';
import styles from './logs.module.css';
import { useLogs } from './use-logs.ts';

/** Above the lines: how old they are and why, what failed, what was left out. Nothing where all is well. */
export function LogNotes() {
  const { answer, failure, askedAtMs, context, limit } = useLogs((state) => state);
  const shown = context === null ? answer : context.answer;
  const problem = context === null ? failure : context.failure;
  return (
    <>
      {context === null ? null : (
        <p className={styles.note} role="status">
          <strong>Lines around {formatClock(millisecondsOf(context.line.timeNs))}</strong>
          {context.asked === null
            ? ' of one stream.'
            : ' of one stream, asked for. These are the lines of before.'}
          <KeyChip chord="Escape" /> back
          {context.asked === null ? null : <Asking sinceMs={context.asked.atMs} />}
        </p>
      )}
      {problem === null ? null : <FailureNote failure={problem} />}
      {shown?.origin.kind === 'cache' ? <OldLines answer={shown} /> : null}
      {shown?.origin.kind === 'live' && problem !== null ? (
        <LinesOfBefore atMs={shown.origin.atMs} cause={problem.message} />
      ) : null}
      {(shown?.warnings ?? []).map((warning, index) => (
        <p key={index} className={styles.note}>
          {plainText(warning, 300)}
        </p>
      ))}
      {context === null && shown !== null && shown.isMore ? (
        <p className={styles.note}>
          {`The newest ${shown.lines.length} lines of the range. Older ones are left out.`}
          {limit === logLimits.at(-1) ? null : (
            <>
              <KeyChip chord="o" /> asks for more
            </>
          )}
        </p>
      ) : null}
      {askedAtMs === null || answer === null ? null : <Asking sinceMs={askedAtMs} className={styles.note} />}
    </>
  );
}

/** The question in force got no answer: what is shown is of the one before, which may be of another range. */
function LinesOfBefore({ atMs, cause }: { readonly atMs: number; readonly cause: string }) {
  return (
    <p className={classes(styles.cached, hatching.head)} role="status">
      <CachedNote atMs={atMs} cause={cause} brief>
        <span>These lines are of the question before.</span>
      </CachedNote>
    </p>
  );
}

function OldLines({ answer }: { readonly answer: LogAnswer }) {
  if (answer.origin.kind !== 'cache') return null;
  return (
    <p className={classes(styles.cached, hatching.head)} role="status">
      <CachedNote atMs={answer.origin.atMs} cause={answer.origin.reason}>
        {answer.coverage.length === 0 ? <span>Complete nowhere in this range.</span> : null}
      </CachedNote>
    </p>
  );
}

/** Where the first line would be: why there is none. */
export function NoLines() {
  const { answer, failure, askedAtMs, context, hiddenLevels, loaded, query, tail } = useLogs(
    (state) => state,
  );
  const from = context === null ? answer : context.answer;
  if (from?.origin.kind === 'unknown') {
    return <UnknownNote reason={from.origin.reason} className={styles.unknown} />;
  }
  // The answer that has no line is of the question before.
  if (context?.failure || failure !== null) return null;
  if (hiddenLevels.length > 0 && loaded.lines.length > 0) {
    return (
      <p className={styles.message}>
        {`All ${loaded.lines.length} lines are of levels that are hidden.`} <KeyChip chord="0" /> shows them.
      </p>
    );
  }
  if (tail !== null) return <p className={styles.message}>The tail waits for a first line.</p>;
  if (from === null && (askedAtMs !== null || context !== null)) {
    return <p className={styles.message}>Asking for the lines.</p>;
  }
  if (query === '') {
    return (
      <p className={styles.message}>The source has no label in this range, so there is nothing to ask for.</p>
    );
  }
  return (
    <p className={styles.message}>
      No line in this range matches. <KeyChip chord="[" /> looks earlier, <KeyChip chord="L" /> changes the
      query.
    </p>
  );
}
