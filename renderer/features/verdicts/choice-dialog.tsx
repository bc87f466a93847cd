import { useId, useState } from 'react';
import { plainText } from '#shared/text.ts';
import { nextChoice } from '../../parts/next-choice.ts';
import { TextInput } from '../../parts/text-input.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './verdicts.module.css';

export interface Choice {
  readonly key: string;
  readonly title: string;
  readonly detail: string;
}

interface ChoiceDialogProps {
  readonly title: string;
  /** Of the field that narrows the list. */
  readonly label: string;
  /** What the field begins with. */
  readonly typed: string;
  readonly choices: readonly Choice[];
  /** What is written may be chosen though no entry has it. */
  readonly onWritten?: (text: string) => void;
  readonly hint?: string;
  readonly onChoose: (choice: Choice) => void;
  readonly onClose: () => void;
}

const mostShown = 50;

/** One of a list: written text narrows it, arrows lead through it, Enter takes it. */
export function ChoiceDialog(props: ChoiceDialogProps) {
  const { title, label, typed, choices, onWritten, hint, onChoose, onClose } = props;
  const id = useId();
  const [text, setText] = useState(typed);
  const [chosen, setChosen] = useState(0);
  const words = text.trim().toLowerCase();
  const fitting = choices
    .filter((choice) => `${choice.title} ${choice.detail}`.toLowerCase().includes(words))
    .slice(0, mostShown);
  const active = Math.min(chosen, fitting.length - 1);
  const take = (): void => {
    const choice = fitting[active];
    if (choice !== undefined) onChoose(choice);
    else if (words !== '') onWritten?.(text.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          take();
        }}
      >
        <TextInput
          placeholder={label}
          aria-label={label}
          role="combobox"
          aria-expanded={fitting.length > 0}
          aria-controls={id}
          aria-activedescendant={fitting.length === 0 ? undefined : `${id}-${active}`}
          maxLength={200}
          autoFocus
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={(event) => {
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
            if (step === undefined || fitting.length === 0) return;
            event.preventDefault();
            setChosen(nextChoice(active, step, fitting.length));
          }}
        />
      </form>
      <ul id={id} role="listbox" aria-label={title} className={styles.list}>
        {fitting.map((choice, index) => (
          <li
            key={choice.key}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === active}
            className={classes(styles.option, index === active && styles.active)}
            onMouseDown={(event) => {
              event.preventDefault();
              onChoose(choice);
            }}
          >
            <span>{plainText(choice.title, 120)}</span>
            <span className={styles.detail}>{plainText(choice.detail, 80)}</span>
          </li>
        ))}
      </ul>
      {fitting.length > 0 ? null : (
        <p className={styles.hint}>
          {onWritten === undefined || words === '' ? 'None fits.' : `Enter takes “${plainText(text, 60)}”.`}
        </p>
      )}
      {hint === undefined ? null : <p className={styles.hint}>{hint}</p>}
    </Dialog>
  );
}
