import { useId, type InputHTMLAttributes, type ReactNode } from 'react';
import { inputLook } from '../../parts/text-input.tsx';
import { classes } from '../../ui/classes.ts';
import styles from './settings.module.css';

interface FormRowProps {
  readonly label: string;
  /** The key in the configuration file. */
  readonly path: string;
  readonly problem?: string | undefined;
  /** Draws the control; it must carry the id and what describes it. */
  readonly children: (control: {
    id: string;
    'aria-describedby': string;
    'aria-invalid': boolean;
  }) => ReactNode;
}

/** Name, control, the key in the file, and what is wrong under it. */
export function FormRow({ label, path, problem = '', children }: FormRowProps) {
  const id = useId();
  return (
    <div className={styles.formRow}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-path ${id}-problem`, 'aria-invalid': problem !== '' })}
      <code id={`${id}-path`} className={styles.faint}>
        {path}
      </code>
      <span id={`${id}-problem`} className={styles.fieldProblem}>
        {problem}
      </span>
    </div>
  );
}

interface TextRowProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange'> {
  readonly label: string;
  readonly path: string;
  readonly problem?: string | undefined;
  readonly value: string;
  readonly onText: (text: string) => void;
}

export function TextRow({ label, path, problem, value, onText, ...input }: TextRowProps) {
  return (
    <FormRow label={label} path={path} problem={problem}>
      {(control) => (
        <input
          {...control}
          {...input}
          className={classes(inputLook.field, styles.input)}
          value={value}
          maxLength={4_096}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </FormRow>
  );
}
