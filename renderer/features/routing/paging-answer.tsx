import type { CommandFailure } from '#shared/failure.ts';
import type { Paging } from '#shared/model/routing.ts';
import { plainText } from '#shared/text.ts';
import { classes } from '../../ui/classes.ts';
import { labelFaultId } from './label-input.tsx';
import type { LabelFault } from '../../parts/label-line.ts';
import { pagingWords } from './paging-words.ts';
import styles from './routing.module.css';

interface PagingAnswerProps {
  readonly paging: Paging | null;
  readonly failure: CommandFailure | null;
  readonly fault: LabelFault | null;
  readonly typed: string;
}

/** Whether it pages, whom and when, in a sentence; told to who does not see it, too. */
export function PagingAnswer({ paging, failure, fault, typed }: PagingAnswerProps) {
  if (fault !== null) {
    return (
      <p
        id={labelFaultId}
        className={classes(styles.answer, styles.fault)}
        role="status"
        aria-label="Whom it pages"
      >
        {plainText(fault.message, 200)}
      </p>
    );
  }
  if (paging === null) {
    return (
      <p className={classes(styles.answer, styles.faint)} role="status" aria-label="Whom it pages">
        {failure === null
          ? 'Asking whom it pages.'
          : plainText(`${failure.message}. ${failure.nextStep}`, 400)}
      </p>
    );
  }
  const { main, notes } = pagingWords(paging);
  const whose = typed.trim() === '' ? 'An alert without labels: ' : '';
  return (
    <div className={styles.answer} role="status" aria-label="Whom it pages">
      <p>
        {whose === '' ? null : <span className={styles.faint}>{whose}</span>}
        <strong>{main}</strong>
      </p>
      {notes.map((note) => (
        <p key={note} className={styles.note}>
          {note}
        </p>
      ))}
    </div>
  );
}
