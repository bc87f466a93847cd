import { plainText } from '#shared/text.ts';
import { classes } from '../../ui/classes.ts';
import type { Completion } from './completion.ts';
import styles from './query-input.module.css';

export const completionsId = 'logs-completions';

interface CompletionListProps {
  readonly completions: readonly Completion[];
  /** Index of the one that the arrows lead to; -1 for none. */
  readonly chosen: number;
  readonly onTake: (completion: Completion) => void;
}

/** What the query could go on with; nothing where there is nothing to offer. */
export function CompletionList({ completions, chosen, onTake }: CompletionListProps) {
  if (completions.length === 0) return null;
  return (
    <ul id={completionsId} role="listbox" aria-label="Completions" className={styles.list}>
      {completions.map((completion, index) => (
        <li
          key={completion.label}
          id={`${completionsId}-${index}`}
          role="option"
          aria-selected={index === chosen}
          className={classes(index === chosen && styles.active)}
          // Before the input loses the focus, and the list with it.
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(completion);
          }}
        >
          <code>{plainText(completion.label, 120)}</code>
          <span>{plainText(completion.detail, 60)}</span>
        </li>
      ))}
    </ul>
  );
}
