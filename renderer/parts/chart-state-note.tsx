import type { SeverityLevel } from '#shared/model/severity.ts';
import type { ChartState } from '../stores/live.ts';
import { classes } from '../ui/classes.ts';
import { Asking } from './asking.tsx';
import { CachedNote, hatching } from './cached-note.tsx';
import { causeOf, isOld } from './chart-age.ts';
import styles from './chart-panel.module.css';

interface ChartStateNoteProps {
  readonly state: ChartState | null;
  readonly blind: boolean;
  /** Whether the cause is said here; else it is said under the plot. */
  readonly withCause: boolean;
  readonly lastValue: { readonly text: string; readonly level: SeverityLevel | null } | null;
}

/** At the right of a chart's header: how old it is and why, and its last value. */
export function ChartStateNote({ state, blind, withCause, lastValue }: ChartStateNoteProps) {
  const origin = state?.chart?.origin;
  const old = isOld(state, blind);
  return (
    <>
      {state?.askedAtMs === null || state === null ? null : (
        <Asking sinceMs={state.askedAtMs} className={styles.asking} />
      )}
      {old && origin !== undefined && origin.kind !== 'unknown' ? (
        <CachedNote atMs={origin.atMs} cause={causeOf(state)} blind={blind} brief={!withCause} />
      ) : null}
      {lastValue === null ? null : (
        <strong
          className={classes('mono', hatching.pad, lastValue.level !== null && styles[lastValue.level])}
        >
          {lastValue.text}
        </strong>
      )}
    </>
  );
}
