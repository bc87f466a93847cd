import type { ReactNode } from 'react';
import { classes } from '../ui/classes.ts';
import styles from './glyphs.module.css';

/**
 * The console's own shapes. Filled means that nobody has it, outlined that somebody has; hatching means
 * not live. A glyph never stands without its word, so none of them has a name of its own.
 */

export type GlyphName =
  | 'critical'
  | 'warning'
  | 'info'
  | 'ok'
  | 'blind'
  | 'cached'
  | 'muted'
  | 'waiting'
  | 'failed';

interface GlyphProps {
  readonly name: GlyphName;
  /** Somebody has it: the shape is empty. */
  readonly outlined?: boolean;
  /** On a plate the shape takes the plate's text colour and its mark the plate's. */
  readonly onPlate?: boolean;
  /** Draws in the colour of the text around it. */
  readonly plain?: boolean;
}

export function Glyph({ name, outlined = false, onPlate = false, plain = false }: GlyphProps) {
  return (
    <svg
      className={classes(styles.glyph, !plain && !onPlate && styles[name], onPlate && styles.onPlate)}
      viewBox="0 0 14 14"
      width={14}
      height={14}
      aria-hidden="true"
    >
      {outlined ? outlines[name] : shapes[name]}
    </svg>
  );
}

const diamond = 'M7 .8 13.2 7 7 13.2 .8 7Z';
const triangle = 'M7 1.4 13.2 12.4H.8Z';
const hatch = 'M1.5 7 7 1.5M1.5 12.5 12.5 1.5M7 12.5 12.5 7';

const shapes: Readonly<Record<GlyphName, ReactNode>> = {
  critical: (
    <>
      <path d={diamond} fill="currentColor" />
      <path d="M7 3.8v3.6M7 9v1.3" className={styles.mark} strokeWidth={1.5} />
    </>
  ),
  warning: <path d={triangle} fill="currentColor" />,
  info: (
    <>
      <circle cx={7} cy={7} r={5.2} className={styles.line} />
      <circle cx={7} cy={7} r={2} fill="currentColor" />
    </>
  ),
  ok: <path d="M1.8 7.4 5.4 11 12.2 3.4" className={classes(styles.line, styles.strong)} />,
  blind: (
    <>
      <rect x={1.5} y={1.5} width={11} height={11} className={styles.line} />
      <path d={hatch} className={styles.line} />
    </>
  ),
  cached: (
    <>
      <circle cx={7} cy={7} r={5.5} className={styles.line} />
      <path d="M3 7.6 7.6 3M3.3 10.7 10.7 3.3M6.4 11 11 6.4" className={styles.line} />
    </>
  ),
  muted: <path d="M1 7h12" className={classes(styles.line, styles.bar)} />,
  waiting: <circle cx={7} cy={7} r={4.5} className={styles.line} strokeDasharray="2 2" />,
  failed: <path d="M3 3 11 11M11 3 3 11" className={classes(styles.line, styles.strong)} />,
};

const outlines: Readonly<Record<GlyphName, ReactNode>> = {
  ...shapes,
  critical: <path d={diamond} className={styles.line} />,
  warning: <path d={triangle} className={styles.line} strokeLinejoin="round" />,
  info: <circle cx={7} cy={7} r={5.2} className={styles.line} />,
};
