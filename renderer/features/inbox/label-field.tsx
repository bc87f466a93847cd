import { useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { focusRows } from '../../actions/focus.ts';
import { useApp, useLive } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { CompletionList, type Completion } from '../../parts/completion-list.tsx';
import { nextChoice } from '../../parts/next-choice.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { lanesByNeed, lanesBySeverity, type Arrangement } from '../../stores/arrangement.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import styles from './arrange-bar.module.css';
import { arrange } from './arrangement-in-force.ts';
import { labelNamesIn } from './arrangement.ts';
import { knownLabelNames } from './known-labels.ts';

const completionsId = 'arrange-completions';
const maxOffered = 8;

interface LabelFieldProps {
  readonly what: 'lanes' | 'groups';
  readonly arrangement: Arrangement;
}

/** Names of labels, completed from those that there are. */
export function LabelField({ what, arrangement }: LabelFieldProps) {
  const app = useApp();
  const was = what === 'groups' ? arrangement.groupBy.join(', ') : labelOfLanes(arrangement.lanes);
  const [written, setWritten] = useState(was);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  const alerts = useLive((state) => state.alerts);
  // As of when the field was come to: a list that changes under the arrows is of no use.
  const isHere = alerts !== null;
  const names = useMemo(() => {
    const { incidents, alerts: known } = app.live.getState();
    return knownLabelNames(incidents ?? [], isHere ? (known ?? []) : []);
  }, [app, isHere]);
  useEffect(() => {
    followAlerts(app.live, app.core);
    input.current?.focus();
    input.current?.select();
  }, [app]);
  const leave = (): void => {
    app.session.setState({ arranging: null });
    focusRows();
  };
  const offered = offersFor(written, names, what);
  const take = ({ text }: Completion): void => {
    const before = what === 'groups' ? labelNamesIn(written.replace(/[^\s,]*$/, '')) : [];
    setWritten([...before, text].join(', '));
    setChosen(-1);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const marked = offered[chosen];
    if (step !== undefined && offered.length > 0) setChosen(nextChoice(chosen, step, offered.length));
    else if (event.key === 'Tab' && !event.shiftKey && offered[0] !== undefined) take(marked ?? offered[0]);
    else if (event.key === 'Enter' && marked !== undefined) take(marked);
    else if (event.key === 'Escape') leave();
    else if (event.key === 'Enter') {
      const labels = labelNamesIn(written);
      arrange(app, {
        ...arrangement,
        ...(what === 'groups' ? { groupBy: [...labels] } : { lanes: labels[0] ?? lanesByNeed }),
      });
      focusRows();
    } else return;
    event.preventDefault();
  };
  return (
    <div className={styles.bar}>
      <label htmlFor="arrange-labels" className={styles.hint}>
        {what === 'groups' ? 'Group by labels' : 'Lanes by label'}
      </label>
      <TextInput
        className={styles.field}
        mono
        low
        ref={input}
        id="arrange-labels"
        role="combobox"
        aria-expanded={offered.length > 0}
        aria-controls={completionsId}
        aria-autocomplete="list"
        aria-activedescendant={chosen === -1 ? undefined : `${completionsId}-${chosen}`}
        value={written}
        maxLength={500}
        placeholder={what === 'groups' ? 'cluster, namespace; empty for none' : 'team'}
        onChange={(event) => {
          setWritten(event.target.value);
          setChosen(-1);
        }}
        onBlur={() => app.session.setState({ arranging: null })}
        onKeyDown={onKeyDown}
      >
        <KeyChip chord="Enter" />
        <CompletionList id={completionsId} completions={offered} chosen={chosen} onTake={take} />
      </TextInput>
    </div>
  );
}

function labelOfLanes(lanes: string): string {
  return lanes === lanesByNeed || lanes === lanesBySeverity ? '' : lanes;
}

/** Names that go on from what is written last. */
function offersFor(
  written: string,
  names: readonly Completion[],
  what: LabelFieldProps['what'],
): readonly Completion[] {
  const [typed = ''] = /[^\s,]*$/.exec(written) ?? [];
  const taken = new Set(what === 'groups' ? labelNamesIn(written) : []);
  return names
    .filter(({ text }) => text.startsWith(typed) && text !== typed && !taken.has(text))
    .slice(0, maxOffered);
}
