import type { ComponentPropsWithRef } from 'react';
import { classes } from './classes.ts';
import { KeyChip } from './key-chip.tsx';
import styles from './button.module.css';

interface ButtonProps extends ComponentPropsWithRef<'button'> {
  /** The key that does the same, drawn on the button. */
  readonly chord?: string;
  /** The one action that is due: tinted, never solid. */
  readonly due?: boolean;
}

export function Button({ chord, due = false, children, className, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={classes(styles.button, due && styles.due, className)}>
      {chord === undefined ? null : <KeyChip chord={chord} />}
      {children}
    </button>
  );
}
