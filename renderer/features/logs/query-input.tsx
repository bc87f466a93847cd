import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { focusRows } from '../../actions/focus.ts';
import { useApp, useSession } from '../../app.ts';
import { askNames } from '../../bridge/log-feed.ts';
import { CompletionList, type Completion } from '../../parts/completion-list.tsx';
import { nextChoice } from '../../parts/next-choice.ts';
import { putText } from '../../parts/put-text.ts';
import { TextFault } from '../../parts/text-fault.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { completionsAt, placeAt, withCompletion } from './completion.ts';
import { failureId, queryInputId } from './log-inputs.ts';
import { faultOf } from './log-repair.ts';
import { runQuery } from './logs-actions.ts';
import styles from './query-input.module.css';
import { QuerySize } from './query-size.tsx';
import { rangeNow } from './range-now.ts';
import { useLogs } from './use-logs.ts';

const completionsId = 'logs-completions';
const noNames: readonly string[] = [];

/** The query, completed from what the source knows while it is written. Enter asks. */
export function QueryInput() {
  const app = useApp();
  const query = useLogs((state) => state.query);
  const failed = useLogs(useShallow(faultOf));
  const [scrolled, setScrolled] = useState(0);
  const [draft, setDraft] = useState(query);
  const [written, setWritten] = useState(query);
  const [caret, setCaret] = useState(0);
  const [offers, setOffers] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const input = useRef<HTMLInputElement>(null);
  // The query in force may come from elsewhere: a field of a line, an incident.
  if (written !== query) {
    setWritten(query);
    setDraft(query);
  }

  const place = placeAt(draft, caret);
  const label = place.kind === 'value' ? place.label : place.kind === 'label' ? null : undefined;
  const names = useNames(offers ? label : undefined);
  const completions = offers ? completionsAt(place, names) : [];
  const active = completions[chosen];
  // The fault is of the query that was asked; what is written since may have mended it.
  const fault = draft === query ? failed : null;

  const take = (completion: Completion): void => {
    const next = withCompletion(draft, caret, place, completion);
    putText(input.current, next.caret, () => {
      setDraft(next.query);
      setCaret(next.caret);
      setChosen(-1);
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offered = active ?? completions[0];
    if (step !== undefined && completions.length > 0) {
      setChosen(nextChoice(chosen, step, completions.length));
    } else if (event.key === 'Tab' && !event.shiftKey && offered !== undefined) {
      take(offered);
    } else if (event.key === 'Enter') {
      if (active !== undefined) take(active);
      else {
        setOffers(false);
        runQuery(app, draft.trim());
        focusRows();
      }
    } else if (event.key === ' ' && event.ctrlKey) {
      setOffers(true);
    } else if (event.key === 'Escape' && completions.length > 0) {
      setOffers(false);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <TextInput
      enterKeyHint="search"
      className={styles.query}
      mono
      icon={fault === null ? null : <TextFault text={draft} place={fault} scrolled={scrolled} />}
      ref={input}
      id={queryInputId}
      role="combobox"
      aria-label="LogQL query"
      aria-expanded={completions.length > 0}
      aria-controls={completionsId}
      aria-autocomplete="list"
      aria-activedescendant={active === undefined ? undefined : `${completionsId}-${chosen}`}
      aria-invalid={fault !== null}
      aria-describedby={fault === null ? undefined : failureId}
      placeholder='{service="backend"} |= "timeout"'
      value={draft}
      maxLength={5_000}
      onChange={(event) => {
        setDraft(event.target.value);
        setCaret(event.target.selectionStart ?? event.target.value.length);
        setOffers(true);
        setChosen(-1);
      }}
      onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
      onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
      onBlur={() => setOffers(false)}
      onKeyDown={onKeyDown}
    >
      <QuerySize query={draft} />
      <KeyChip chord="L" />
      <CompletionList id={completionsId} completions={completions} chosen={chosen} onTake={take} />
    </TextInput>
  );
}

/** @param label whose values to ask for, null for the labels themselves, undefined for nothing. */
function useNames(label: string | null | undefined): readonly string[] {
  const app = useApp();
  // Another range or source has other streams, and so other names.
  const choice = useSession((state) => state.timeChoice);
  const source = useLogs((state) => state.source);
  const [found, setFound] = useState<{ label: string | null; names: readonly string[] } | null>(null);
  useEffect(() => {
    if (label === undefined) return;
    const controller = new AbortController();
    void askNames(app, rangeNow(app), label, controller.signal).then((names) => {
      if (!controller.signal.aborted) setFound({ label, names });
    });
    return () => controller.abort();
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each of them is a new question
  }, [app, label, choice, source]);
  return found !== null && found.label === label ? found.names : noNames;
}
