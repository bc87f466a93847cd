import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { plainText } from '#shared/text.ts';
import { focusRows } from '../../actions/focus.ts';
import { useApp } from '../../app.ts';
import { askNames } from '../../bridge/log-feed.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { completionsAt, placeAt, withCompletion, type Completion } from './completion.ts';
import { runQuery } from './logs-actions.ts';
import { queryInputId } from './logs-commands.ts';
import styles from './query-input.module.css';
import { rangeNow, useLogs } from './use-logs.ts';

const listId = 'logs-completions';
const noNames: readonly string[] = [];

/** The query, completed from what the source knows while it is written. Enter asks. */
export function QueryInput() {
  const app = useApp();
  const query = useLogs((state) => state.query);
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

  const take = (completion: Completion): void => {
    const next = withCompletion(draft, caret, place, completion);
    setDraft(next.query);
    setCaret(next.caret);
    setChosen(-1);
    requestAnimationFrame(() => input.current?.setSelectionRange(next.caret, next.caret));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offered = active ?? completions[0];
    if (step !== undefined && completions.length > 0) {
      setChosen((chosen + step + completions.length + (chosen < 0 && step < 0 ? 1 : 0)) % completions.length);
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
      className={styles.query}
      mono
      ref={input}
      id={queryInputId}
      role="combobox"
      aria-label="LogQL query"
      aria-expanded={completions.length > 0}
      aria-controls={listId}
      aria-autocomplete="list"
      aria-activedescendant={active === undefined ? undefined : `${listId}-${chosen}`}
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
      onBlur={() => setOffers(false)}
      onKeyDown={onKeyDown}
    >
      <KeyChip chord="L" />
      {completions.length === 0 ? null : (
        <ul id={listId} role="listbox" aria-label="Completions" className={styles.list}>
          {completions.map((completion, index) => (
            <li
              key={completion.label}
              id={`${listId}-${index}`}
              role="option"
              aria-selected={index === chosen}
              className={classes(index === chosen && styles.active)}
              // Before the input loses the focus, and the list with it.
              onMouseDown={(event) => {
                event.preventDefault();
                take(completion);
              }}
            >
              <code>{plainText(completion.label, 120)}</code>
              <span>{plainText(completion.detail, 60)}</span>
            </li>
          ))}
        </ul>
      )}
    </TextInput>
  );
}

/** @param label whose values to ask for, null for the labels themselves, undefined for nothing. */
function useNames(label: string | null | undefined): readonly string[] {
  const app = useApp();
  const [found, setFound] = useState<{ label: string | null; names: readonly string[] } | null>(null);
  useEffect(() => {
    if (label === undefined) return;
    const controller = new AbortController();
    void askNames(app, rangeNow(app), label, controller.signal).then((names) => {
      if (!controller.signal.aborted) setFound({ label, names });
    });
    return () => controller.abort();
  }, [app, label]);
  return found !== null && found.label === label ? found.names : noNames;
}
