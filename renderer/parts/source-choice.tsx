import type { SourceKind } from '#shared/model/source.ts';
import { plainText } from '#shared/text.ts';
import { useLive } from '../app.ts';
import type { LiveState } from '../stores/live.ts';
import { classes } from '../ui/classes.ts';
import { KeyChip } from '../ui/key-chip.tsx';
import styles from './source-choice.module.css';
import { inputLook } from './text-input.tsx';

/** Which of several sources of one kind is asked. Empty is the first that answers. */

/** Names of the sources of a kind, in their order. */
export function sourceNames({ sources }: Pick<LiveState, 'sources'>, kind: SourceKind): readonly string[] {
  return (sources ?? []).filter((source) => source.kind === kind).map(({ name }) => name);
}

/** The choice after this one; from the last back to whichever answers. */
export function nextSource(names: readonly string[], current: string): string {
  return names[names.indexOf(current) + 1] ?? '';
}

interface SourceChoiceProps {
  readonly kind: SourceKind;
  readonly value: string;
  /** The key that goes to the next one. */
  readonly chord: string;
  readonly onChoose: (name: string) => void;
}

/** Nothing where there is only one to ask. */
export function SourceChoice({ kind, value, chord, onChoose }: SourceChoiceProps) {
  // As one text: a list would be another one with every poll.
  const joined = useLive((live) => sourceNames(live, kind).join('\n'));
  const names = joined === '' ? [] : joined.split('\n');
  const isGone = value !== '' && !names.includes(value);
  if (names.length < 2 && !isGone) return null;
  return (
    <>
      <KeyChip chord={chord} />
      <select
        aria-label="Source"
        className={classes(inputLook.field, styles.choice)}
        value={value}
        onChange={(event) => onChoose(event.target.value)}
      >
        <option value="">any {kind}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {plainText(name, 64)}
          </option>
        ))}
        {isGone ? <option value={value}>{plainText(value, 64)} (not configured)</option> : null}
      </select>
    </>
  );
}
