import type { CommandFailure } from '#shared/failure.ts';
import { plainText } from '#shared/text.ts';
import { Glyph } from '../../parts/glyphs.tsx';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import styles from './evidence.module.css';

interface MissingEvidenceProps {
  readonly failure: CommandFailure | null;
  readonly waiting: string;
}

/** In the place of what is not there yet, or could not be had. */
export function MissingEvidence({ failure, waiting }: MissingEvidenceProps) {
  if (failure === null) return <p className={styles.words}>{waiting}</p>;
  return (
    <p className={classes(styles.words, styles.failed)} role="alert">
      <Glyph name="failed" /> {plainText(`${failure.message}. ${failure.nextStep}`, 300)}{' '}
      <KeyChip chord="r" /> try now
    </p>
  );
}
