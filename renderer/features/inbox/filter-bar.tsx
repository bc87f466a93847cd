import { Search } from 'lucide-react';
import { useEffect } from 'react';
import { useApp, useSession } from '../../app.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { needsPatterns, parseFilter } from './filter.ts';
import { loadPatternCompiler } from './patterns.ts';
import styles from './inbox.module.css';

export const filterInputId = 'inbox-filter';

/** @param problem what is wrong with the filter, or empty. */
export function FilterBar({ problem, gridId }: { readonly problem: string; readonly gridId: string }) {
  const { session } = useApp();
  const filter = useSession((state) => state.filter);
  usePatternCompiler(filter);

  return (
    <TextInput
      className={styles.filter}
      icon={<Search size={16} strokeWidth={1.75} aria-hidden="true" />}
      id={filterInputId}
      aria-label="Filter incidents"
      aria-invalid={problem !== ''}
      aria-describedby={problem === '' ? undefined : 'inbox-filter-problem'}
      placeholder="Filter by severity, service, label=value"
      value={filter}
      maxLength={1_000}
      onChange={(event) => session.setState({ filter: event.target.value })}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
        document.getElementById(gridId)?.focus();
      }}
    >
      {problem === '' ? null : (
        <span id="inbox-filter-problem" role="status" className={styles.problem}>
          {problem}
        </span>
      )}
      <KeyChip chord="/" />
    </TextInput>
  );
}

/** Loads RE2 once a pattern is typed. */
function usePatternCompiler(filter: string): void {
  const { session } = useApp();
  const wanted = useSession((state) => state.patternCompiler === null) && needsPatterns(parseFilter(filter));
  useEffect(() => {
    if (!wanted) return;
    void loadPatternCompiler().then((patternCompiler) => session.setState({ patternCompiler }));
  }, [wanted, session]);
}
