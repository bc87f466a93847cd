import { plainText } from '#shared/text.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { useTimed } from '../app.ts';
import type { ChartState } from '../stores/live.ts';
import { Age } from './age.tsx';
import { classes } from '../ui/classes.ts';
import { causeOf, isOld } from './chart-age.ts';
import styles from './chart-panel.module.css';
import { Glyph } from './glyphs.tsx';

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
  const cause = causeOf(state);
  return (
    <>
      {state?.askedAtMs === null || state === null ? null : <Asking sinceMs={state.askedAtMs} />}
      {old && origin !== undefined && origin.kind !== 'unknown' ? (
        <span className={styles.pad} title={plainText(cause, 300)}>
          <Glyph name={blind ? 'blind' : 'cached'} />
          <span>
            cached <Age sinceMs={origin.atMs} />
          </span>
          {withCause && cause !== '' ? <span className={styles.reason}>{plainText(cause, 120)}</span> : null}
        </span>
      ) : null}
      {lastValue === null ? null : (
        <strong className={classes('mono', styles.pad, lastValue.level !== null && styles[lastValue.level])}>
          {lastValue.text}
        </strong>
      )}
    </>
  );
}

const patienceMs = 400;

/** Says how long an answer takes, once it takes long enough to be noticed. */
function Asking({ sinceMs }: { readonly sinceMs: number }) {
  const seconds = useTimed((nowMs) => Math.floor((nowMs - sinceMs) / 1_000));
  return seconds * 1_000 < patienceMs ? null : <span className={styles.reason}>asking, {seconds} s</span>;
}
