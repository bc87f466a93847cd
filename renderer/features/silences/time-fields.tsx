import { useId } from 'react';
import type { Silence } from '#shared/model/silence.ts';
import { formatClock, formatDateTime, formatSpan } from '#shared/time.ts';
import { useTimed } from '../../app.ts';
import { TextInput } from '../../parts/text-input.tsx';
import type { EndChoice, SilenceForm } from '../../stores/silences.ts';
import { timesOf } from './silence-form-model.ts';
import styles from './silence-form.module.css';
import { durationChips, endOf, isSameChoice } from './silence-times.ts';

interface ChipProps {
  readonly name: string;
  readonly word: string;
  readonly isChosen: boolean;
  readonly autoFocus?: boolean;
  readonly onChoose: () => void;
}

/** One of several, as a radio button: the arrows lead from one to the next. */
export function Chip({ name, word, isChosen, autoFocus = false, onChoose }: ChipProps) {
  return (
    <label className={styles.chip}>
      <input
        type="radio"
        className="unseen"
        name={name}
        checked={isChosen}
        autoFocus={autoFocus}
        onChange={onChoose}
      />
      <span>{word}</span>
    </label>
  );
}

interface EndChoicesProps {
  readonly end: EndChoice;
  readonly problem: string | undefined;
  /** What the typed end is called by a screen reader. */
  readonly label: string;
  readonly autoFocus?: boolean;
  readonly onEnd: (end: EndChoice) => void;
}

/** How long, as chips, and a place to write it. */
export function EndChoices({ end, problem, label, autoFocus = false, onEnd }: EndChoicesProps) {
  const id = useId();
  return (
    <>
      <div className={styles.chips} role="radiogroup" aria-label={label}>
        {durationChips.map(({ word, choice }, index) => (
          <Chip
            key={word}
            name={id}
            word={word}
            isChosen={isSameChoice(end, choice)}
            // The dialog that holds it was opened to choose one.
            autoFocus={autoFocus && index === 1}
            onChoose={() => onEnd(choice)}
          />
        ))}
        <TextInput
          className={styles.typedTime}
          low
          mono
          aria-label={`${label}, typed`}
          aria-invalid={problem !== undefined}
          aria-describedby={`${id}-problem`}
          placeholder="2h30m or 14:30"
          maxLength={40}
          value={end.kind === 'typed' ? end.text : ''}
          onChange={(event) => onEnd({ kind: 'typed', text: event.target.value })}
        />
      </div>
      <p id={`${id}-problem`} className={styles.problem}>
        {problem}
      </p>
    </>
  );
}

interface EndWordsProps {
  readonly form: Pick<SilenceForm, 'startText' | 'end'>;
  readonly edited: Silence | undefined;
}

/** When it would end if it were sent now, in full: what is typed may mean another day. */
export function EndWords({ form, edited }: EndWordsProps) {
  const words = useTimed((nowMs) => {
    const problems = new Map();
    const { startsAtMs, endsAtMs } = timesOf(form, { edited, nowMs }, problems);
    if (problems.size > 0) return '';
    const from = Math.max(startsAtMs, nowMs);
    const span = `${formatSpan(endsAtMs - from)} ${startsAtMs > nowMs ? 'after it starts' : 'from now'}`;
    return `ends ${momentWords(endsAtMs, nowMs)}, ${span}`;
  });
  return <span className={styles.support}>{words}</span>;
}

/** The time alone where it is of today. */
function momentWords(atMs: number, nowMs: number): string {
  const [day] = formatDateTime(atMs).split(' ');
  return formatDateTime(nowMs).startsWith(day ?? '') ? formatClock(atMs) : formatDateTime(atMs);
}

/** When silences that are extended would end; the earliest and the latest where they differ. */
export function extendedEnds(
  silences: readonly Pick<Silence, 'endsAtMs'>[],
  choice: EndChoice,
  nowMs: number,
): string {
  const ends = silences.map(({ endsAtMs }) => endOf(choice, Math.max(endsAtMs, nowMs), nowMs));
  const moments = ends.flatMap((end) => (end.ok ? [end.value] : [])).toSorted((one, other) => one - other);
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined || moments.length < ends.length) return '';
  const words = momentWords(first, nowMs);
  return first === last ? words : `${words} to ${momentWords(last, nowMs)}`;
}
