import { Search } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { maxFilterLength, type FilterFault } from '#shared/filter/model.ts';
import { useApp, useSession } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { CompletionList, type Completion } from '../../parts/completion-list.tsx';
import { nextChoice } from '../../parts/next-choice.ts';
import { putText } from '../../parts/put-text.ts';
import { TextFault } from '../../parts/text-fault.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { completionsAt, placeAt, withCompletion } from './filter-completion.ts';
import styles from './inbox.module.css';
import { useKnown } from './use-known.ts';

export const filterInputId = 'inbox-filter';
export const filterNoteId = 'inbox-filter-note';
const completionsId = 'inbox-completions';
/** The icon and the space around it. */
const textInset = 32;

interface FilterBarProps {
  readonly fault: FilterFault | null;
  readonly gridId: string;
}

/** The filter, in force as it is written, completed from what there is to be found. */
export function FilterBar({ fault, gridId }: FilterBarProps) {
  const { session, live, core } = useApp();
  const filter = useSession((state) => state.filter);
  const [caret, setCaret] = useState(0);
  const [offers, setOffers] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const completions = useCompletions(filter, caret, offers);
  const { place, list, isCounting } = completions;
  const active = list[chosen];
  const isFaulty = fault !== null;
  // The next letters finish it: no fault yet, and no reason to exchange the list for everything.
  const isOpen = place.kind === 'value' && filter[place.from] === '"';
  const isWritten = offers && (isCounting || isOpen || list.length > 0);
  useEffect(() => {
    session.setState({ filterIsWritten: isWritten });
    return () => session.setState({ filterIsWritten: false });
  }, [session, isWritten]);

  const take = (completion: Completion): void => {
    const next = withCompletion(filter, caret, place, completion);
    putText(input.current, next.caret, () => {
      session.setState({ filter: next.text });
      setCaret(next.caret);
      setChosen(-1);
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const offered = active ?? list[0];
    if (step !== undefined && list.length > 0) {
      setChosen(nextChoice(chosen, step, list.length));
    } else if (event.key === 'Tab' && !event.shiftKey && offered !== undefined) {
      take(offered);
    } else if (event.key === 'Enter' && active !== undefined) {
      take(active);
    } else if (event.key === 'Enter') {
      setOffers(false);
      document.getElementById(gridId)?.focus();
    } else if (event.key === ' ' && event.ctrlKey) {
      setOffers(true);
    } else if (event.key === 'Escape' && list.length > 0) {
      setOffers(false);
    } else {
      return;
    }
    event.preventDefault();
  };
  return (
    <TextInput
      className={styles.filter}
      mono
      icon={
        <>
          <Search size={16} strokeWidth={1.75} aria-hidden="true" />
          {isFaulty ? <TextFault text={filter} place={fault} scrolled={scrolled} inset={textInset} /> : null}
        </>
      }
      ref={input}
      id={filterInputId}
      enterKeyHint="done"
      role="combobox"
      aria-label="Filter incidents"
      aria-expanded={list.length > 0}
      aria-controls={completionsId}
      aria-autocomplete="list"
      aria-activedescendant={active === undefined ? undefined : `${completionsId}-${chosen}`}
      aria-invalid={isFaulty}
      aria-describedby={isFaulty ? filterNoteId : undefined}
      placeholder='Filter: words, label="value", @state, @age<1h'
      value={filter}
      maxLength={maxFilterLength}
      onFocus={() => followAlerts(live, core)}
      onChange={(event) => {
        session.setState({ filter: event.target.value });
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

function useCompletions(filter: string, caret: number, offers: boolean) {
  const place = placeAt(filter, caret);
  const of = place.kind === 'name' || place.kind === 'none' ? '' : place.of;
  const known = useKnown(place.kind, of, offers);
  return {
    place,
    list: offers && known !== null ? completionsAt(place, known) : [],
    isCounting: known === null,
  };
}
