import type { SourceHealth } from '#shared/model/source.ts';
import { plainText } from '#shared/text.ts';
import { Age } from '../../parts/age.tsx';
import { Asking } from '../../parts/asking.tsx';
import { Glyph } from '../../parts/glyphs.tsx';
import type { PreviewState } from '../../stores/silences.ts';
import { classes } from '../../ui/classes.ts';
import { countWords, criticalWords, spanWords } from './preview-words.ts';
import styles from './silence-form.module.css';

interface PreviewNoteProps {
  readonly preview: PreviewState | null;
  /** The matchers are not such that one could ask. */
  readonly isUnasked: boolean;
  /** Alertmanagers of the cluster that are not seen now. */
  readonly unseen: readonly SourceHealth[];
  readonly blind: boolean;
}

/** What a silence hides now and would have hidden, and in words where it is broad. */
export function PreviewNote({ preview, isUnasked, unseen, blind }: PreviewNoteProps) {
  if (isUnasked) return <p className={styles.support}>Shown once the matchers can be read.</p>;
  const answer = preview?.answer ?? null;
  if (preview === null || answer === null) {
    return preview?.failure === null || preview === null ? (
      <p className={styles.support}>Asking what it hides.</p>
    ) : (
      <p className={styles.problem}>
        Unknown what it hides: {plainText(preview.failure.message, 200)}.{' '}
        {plainText(preview.failure.nextStep, 200)}
      </p>
    );
  }
  const { now, past, warnings } = answer;
  return (
    <div className={classes(styles.answer, preview.askedAtMs !== null && styles.asked)}>
      <p role="status">
        <strong>{blind || unseen.length > 0 ? 'Would have hidden' : 'Hides now'}</strong> {countWords(now)}
        {criticalWords(now)}
      </p>
      <p>
        <strong>Over {spanWords(past.toMs - past.fromMs)}</strong> {past.atLeast ? 'at least ' : ''}
        {countWords(past)}
        {criticalWords(past)}
      </p>
      {warnings.map((warning) => (
        <p key={warning} className={styles.warning}>
          <Glyph name="warning" /> {plainText(warning, 300)}
        </p>
      ))}
      <Staleness unseen={unseen} blind={blind} />
      {preview.failure === null ? null : (
        <p className={styles.problem}>
          This is an earlier answer: {plainText(preview.failure.message, 200)}.
        </p>
      )}
      {preview.askedAtMs === null ? null : <Asking sinceMs={preview.askedAtMs} className={styles.support} />}
    </div>
  );
}

/** Where what is known is of earlier: more or fewer may match by now. */
function Staleness({ unseen, blind }: Pick<PreviewNoteProps, 'unseen' | 'blind'>) {
  const [oldest] = unseen.toSorted((one, other) => (one.lastSuccessAtMs ?? 0) - (other.lastSuccessAtMs ?? 0));
  if (oldest === undefined) {
    return blind ? (
      <p className={styles.stale}>
        <Glyph name="blind" /> Nothing is seen now: this is what was, and may be more or fewer.
      </p>
    ) : null;
  }
  return (
    <p className={styles.stale}>
      <Glyph name={blind ? 'blind' : 'cached'} />
      <span>
        {plainText(unseen.map(({ name }) => name).join(', '), 200)} not seen
        {oldest.lastSuccessAtMs === null ? ' yet' : null}
        {oldest.lastSuccessAtMs === null ? null : (
          <>
            {' '}
            for <Age sinceMs={oldest.lastSuccessAtMs} />
          </>
        )}
        : this is as of then. What you send waits in the outbox until it answers.
      </span>
    </p>
  );
}
