import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { focusRows } from '../../actions/focus.ts';
import { useApp } from '../../app.ts';
import { CompletionList, type Completion } from '../../parts/completion-list.tsx';
import { nextChoice } from '../../parts/next-choice.ts';
import { putText } from '../../parts/put-text.ts';
import { TextFault } from '../../parts/text-fault.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { knownLabels, labelCompletions, labelPlaceAt, withLabelCompletion } from './label-completion.ts';
import type { LabelFault } from '../../parts/label-line.ts';
import { labelsInputId } from './routing-commands.ts';
import styles from './routing.module.css';
import { useRouting } from './use-routing.ts';

const completionsId = 'routing-completions';
export const labelFaultId = 'routing-fault';
const longestLine = 20_000;

/** The labels that are asked about, answered as they are written, completed from those that alerts have. */
export function LabelInput({ fault }: { readonly fault: LabelFault | null }) {
  const { routing } = useApp();
  const typed = useRouting((state) => state.typed);
  const [caret, setCaret] = useState(0);
  const [offers, setOffers] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const { place, list } = useCompletions(typed, caret, offers);
  const active = list[chosen];

  const take = (completion: Completion): void => {
    const next = withLabelCompletion(typed, caret, place, completion);
    putText(input.current, next.caret, () => {
      routing.setState({ typed: next.line, cursor: null });
      setCaret(next.caret);
      setChosen(-1);
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offered = active ?? list[0];
    if (step !== undefined && list.length > 0) setChosen(nextChoice(chosen, step, list.length));
    else if (event.key === 'Tab' && !event.shiftKey && offered !== undefined) take(offered);
    else if (event.key === 'Enter' && active !== undefined) take(active);
    else if (event.key === 'Enter') {
      setOffers(false);
      focusRows();
    } else if (event.key === ' ' && event.ctrlKey) setOffers(true);
    else if (event.key === 'Escape' && list.length > 0) setOffers(false);
    else return;
    event.preventDefault();
  };
  return (
    <TextInput
      className={styles.labels}
      mono
      icon={fault === null ? null : <TextFault text={typed} place={fault} scrolled={scrolled} />}
      ref={input}
      id={labelsInputId}
      role="combobox"
      aria-label="Labels of an alert"
      aria-expanded={list.length > 0}
      aria-controls={completionsId}
      aria-autocomplete="list"
      aria-activedescendant={active === undefined ? undefined : `${completionsId}-${chosen}`}
      aria-invalid={fault !== null}
      aria-describedby={fault === null ? undefined : labelFaultId}
      placeholder="Labels of an alert: alertname=DiskFull severity=critical"
      value={typed}
      maxLength={longestLine}
      onChange={(event) => {
        routing.setState({ typed: event.target.value, cursor: null });
        setCaret(event.target.selectionStart ?? event.target.value.length);
        setOffers(true);
        setChosen(-1);
      }}
      onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
      onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
      onBlur={() => setOffers(false)}
      onKeyDown={onKeyDown}
    >
      <KeyChip chord="/" />
      <CompletionList id={completionsId} completions={list} chosen={chosen} onTake={take} />
    </TextInput>
  );
}

function useCompletions(typed: string, caret: number, offers: boolean) {
  const { live } = useApp();
  const place = labelPlaceAt(typed, caret);
  const name = place.kind === 'value' ? place.name : '';
  // As of when the place was come to: a list that changes under the arrows is of no use.
  const known = useMemo(
    () => (offers ? knownLabels(place, live.getState().alerts ?? []) : []),
    // oxlint-disable-next-line react/exhaustive-deps -- the place is another one when its kind or name is
    [live, offers, place.kind, name],
  );
  return { place, list: offers ? labelCompletions(place, known) : [] };
}
