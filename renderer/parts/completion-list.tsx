import { plainText } from '#shared/text.ts';
import { classes } from '../ui/classes.ts';
import styles from './completion-list.module.css';

export interface Completion {
  /** As the list shows it. */
  readonly label: string;
  /** What it puts in place of what is typed. */
  readonly text: string;
  readonly detail: string;
}

interface CompletionListProps<One extends Completion> {
  /** Of the list, for the input that controls it. */
  readonly id: string;
  readonly completions: readonly One[];
  /** Index of the one that the arrows lead to; -1 for none. */
  readonly chosen: number;
  readonly onTake: (completion: One) => void;
}

/** What could be written next, under the input it belongs to; nothing where there is nothing to offer. */
export function CompletionList<One extends Completion>(props: CompletionListProps<One>) {
  const { id, completions, chosen, onTake } = props;
  if (completions.length === 0) return null;
  return (
    <ul id={id} role="listbox" aria-label="Completions" className={styles.list}>
      {completions.map((completion, index) => (
        <li
          key={completion.label}
          id={`${id}-${index}`}
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
