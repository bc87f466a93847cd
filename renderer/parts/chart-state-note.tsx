import { plainText } from '#shared/text.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { useTimed } from '../app.ts';
import type { ChartState } from '../stores/live.ts';
import { Age } from './age.tsx';
import { classes } from '../ui/classes.ts';
import styles from './chart-panel.module.css';
import { Glyph } from './glyphs.tsx';

interface ChartStateNoteProps {
  readonly state: ChartState | null;
  readonly blind: boolean;
  readonly lastValue: { readonly text: string; readonly level: SeverityLevel | null } | null;
}

/** At the right of a chart's header: how old it is and why, and its last value. */
export function ChartStateNote({ state, blind, lastValue }: ChartStateNoteProps) {
  const origin = state?.chart?.origin;
  const failure = state?.failure ?? null;
  const old =
    origin !== undefined &&
    origin.kind !== 'unknown' &&
    (origin.kind === 'cache' || blind || failure !== null);
  const reason = origin?.kind === 'cache' ? origin.reason : (failure?.message ?? '');
  return (
    <>
      {state?.askedAtMs === null || state === null ? null : <Asking sinceMs={state.askedAtMs} />}
      {old ? (
        <span className={styles.pad} title={plainText(reason, 300)}>
          <Glyph name={blind ? 'blind' : 'cached'} />
          <span>
            cached <Age sinceMs={origin.atMs} />
          </span>
          {reason === '' ? null : <span className={styles.reason}>{plainText(reason, 120)}</span>}
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
