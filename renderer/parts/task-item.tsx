import { createContext, use, type ReactNode } from 'react';
import type { RunbookStep, StepState } from '#shared/model/runbook.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatDateTime } from '#shared/time.ts';
import styles from './markdown.module.css';
import type { TaskStep } from './task-steps.ts';

/** Where the steps of the text stand, and what ticking one does. Without it they show what is written. */
export interface Steps {
  readonly states: ReadonlyMap<string, StepState>;
  readonly check: (step: RunbookStep, isDone: boolean) => void;
}

export const StepsContext = createContext<Steps | null>(null);

interface TaskItemProps {
  readonly task: TaskStep;
  readonly words: ReactNode;
  /** What stands below its words: commands, further steps. */
  readonly children: ReactNode;
}

/** A step of a list with its box, and who ticked it when. */
export function TaskItem({ task: { step, isWrittenDone }, words, children }: TaskItemProps) {
  const steps = use(StepsContext);
  const state = steps?.states.get(step.digest);
  return (
    <li className={styles.task}>
      <label>
        <input
          type="checkbox"
          checked={state?.isDone ?? isWrittenDone}
          disabled={steps === null}
          onChange={(event) => steps?.check(step, event.target.checked)}
        />{' '}
        {words}
      </label>
      {state === undefined ? null : (
        <span className={styles.checked}>
          {' '}
          {state.isDone ? '' : 'open again, '}
          {state.by === '' ? '' : `${plainText(state.by, 60)}, `}
          <time dateTime={new Date(state.atMs).toISOString()} title={formatDateTime(state.atMs)}>
            {formatClock(state.atMs)}
          </time>
        </span>
      )}
      {children}
    </li>
  );
}
