import { plainText } from '#shared/text.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { classes } from '../ui/classes.ts';
import { Glyph } from './glyphs.tsx';
import styles from './severity-tag.module.css';

interface SeverityTagProps {
  readonly row: Pick<
    IncidentRow,
    'severity' | 'state' | 'acknowledged' | 'snoozed' | 'noise' | 'resolvedAtMs'
  >;
  /** Nothing is known to be well: an ended incident reads Unknown. */
  readonly blind: boolean;
  /** Draws the solid plate for a critical that nobody has. */
  readonly plate?: boolean;
}

/** Severity by colour, shape and word. Only a critical that nobody has is ever solid. */
export function SeverityTag({ row, blind, plate = true }: SeverityTagProps) {
  if (row.resolvedAtMs !== null) {
    const well = row.state === 'resolved' && !blind;
    return (
      <span className={classes(styles.tag, styles.quiet)}>
        <Glyph name={well ? 'ok' : 'blind'} plain={!well} />
        {well ? 'OK' : 'Unknown'}
      </span>
    );
  }
  if (row.state === 'suppressed') {
    return (
      <span className={classes(styles.tag, styles.quiet)}>
        <Glyph name="muted" />
        {plainText(row.severity.word, 12)}
      </span>
    );
  }
  const { level } = row.severity;
  const word = plainText(row.severity.word, 12);
  // Who put it off or called it noise has decided on it, as who took it has.
  const taken = row.acknowledged !== null || row.snoozed !== null || row.noise !== null;
  if (level === 'critical' && !taken && plate) {
    return (
      <span className={classes(styles.tag, styles.plate)}>
        <Glyph name="critical" onPlate />
        {word}
      </span>
    );
  }
  return (
    <span className={classes(styles.tag, taken ? styles.taken : styles[level])}>
      <Glyph name={level} outlined={taken} />
      {word}
    </span>
  );
}
