import type { SourceDraft } from '#shared/model/settings.ts';
import { inputLook } from '../../parts/text-input.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './settings.module.css';

interface HeaderRowsProps {
  readonly draft: SourceDraft;
  readonly onDraft: (draft: SourceDraft) => void;
}

/** Any further headers; a value may be a reference. */
export function HeaderRows({ draft, onDraft }: HeaderRowsProps) {
  const { headers } = draft;
  const change = (at: number, part: Partial<SourceDraft['headers'][number]>): void =>
    onDraft({
      ...draft,
      headers: headers.map((header, index) => (index === at ? { ...header, ...part } : header)),
    });
  return (
    <div className={styles.formRow} role="group" aria-label="Headers">
      <span className={styles.formLabel}>Headers</span>
      <div className={styles.headers}>
        {headers.map((header, index) => (
          <div key={index} className={styles.headerPair}>
            <input
              className={classes(inputLook.field, styles.input)}
              aria-label={`Name of header ${index + 1}`}
              placeholder="Name"
              value={header.name}
              onChange={(event) => change(index, { name: event.target.value.trim() })}
            />
            <input
              className={classes(inputLook.field, styles.input)}
              aria-label={`Value of header ${index + 1}`}
              placeholder="value, or a reference"
              value={header.value}
              onChange={(event) => change(index, { value: event.target.value })}
            />
            <Button
              aria-label={`Remove header ${index + 1}`}
              onClick={() => onDraft({ ...draft, headers: headers.filter((_header, at) => at !== index) })}
            >
              Remove
            </Button>
          </div>
        ))}
        <Button onClick={() => onDraft({ ...draft, headers: [...headers, { name: '', value: '' }] })}>
          Add a header
        </Button>
      </div>
      <code className={styles.faint}>headers</code>
    </div>
  );
}
