import { useMemo } from 'react';
import { focusRows } from '../../actions/focus.ts';
import { useApp } from '../../app.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { changeLogs } from '../../stores/logs.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { jumpToMatch } from './logs-actions.ts';
import { searchInputId } from './log-inputs.ts';
import styles from './logs.module.css';
import { useLogs } from './use-logs.ts';

/** Finds a text in the lines that are loaded; Enter goes to the next that has it. */
export function SearchBar() {
  const app = useApp();
  const search = useLogs((state) => state.search);
  const lines = useLogs((state) => state.shown.lines);
  const matches = useMemo(() => {
    const needle = search.toLowerCase();
    if (needle === '') return 0;
    return lines.reduce((sum, { text }) => (text.toLowerCase().includes(needle) ? sum + 1 : sum), 0);
  }, [lines, search]);
  return (
    <TextInput
      enterKeyHint="next"
      className={styles.search}
      id={searchInputId}
      aria-label="Find in the lines that are loaded"
      placeholder="Find in these lines"
      value={search}
      maxLength={200}
      onChange={(event) => changeLogs(app.logs, { search: event.target.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        event.preventDefault();
        focusRows();
        const { cursor } = app.logs.getState();
        const isThere = cursor?.text.toLowerCase().includes(search.toLowerCase()) === true;
        // The newest line has the cursor first: what is found lies above it.
        if (!isThere) jumpToMatch(app, cursor === lines.at(-1) ? -1 : 1);
      }}
    >
      {search === '' ? <KeyChip chord="/" /> : <span role="status">{`${matches} lines`}</span>}
    </TextInput>
  );
}
