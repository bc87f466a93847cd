import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classes } from '../ui/classes.ts';
import styles from './text-input.module.css';

/** For a control that has its own edge, and for one whose surroundings have it. */
export const inputLook = { field: styles.field, bare: styles.bare } as const;

interface TextInputProps extends Omit<ComponentPropsWithRef<'input'>, 'className' | 'children'> {
  /** Of the box around the input: its place and width. */
  readonly className?: string | undefined;
  /** A word before the input, which is then its name. */
  readonly word?: string;
  readonly icon?: ReactNode;
  /** What is written is code: in the face that is read as typed. */
  readonly mono?: boolean;
  /** In a row of the least height. */
  readonly low?: boolean;
  /** Behind the input: its key, what is wrong with it, what it offers. */
  readonly children?: ReactNode;
}

/** One line to write in, with what belongs to it inside its edge. Nothing is corrected or remembered. */
export function TextInput({
  className,
  word,
  icon,
  mono = false,
  low = false,
  children,
  ...input
}: TextInputProps) {
  const Box = word === undefined ? 'div' : 'label';
  return (
    <Box className={classes(styles.box, low && styles.low, className)}>
      {icon}
      {word === undefined ? null : <span>{word}</span>}
      <input
        spellCheck={false}
        autoComplete="off"
        {...input}
        className={classes(styles.bare, mono && styles.mono)}
      />
      {children}
    </Box>
  );
}
