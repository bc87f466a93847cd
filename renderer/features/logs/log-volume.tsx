import { nanosecondsOf, type LogLevel, type LogVolume } from '#shared/model/log.ts';
import { formatClock, formatSpan } from '#shared/time.ts';
import { useApp, useSession } from '../../app.ts';
import { TimeCursor } from '../../parts/time-cursor.tsx';
import { classes } from '../../ui/classes.ts';
import { briefCount } from './brief-count.ts';
import { lookAt } from './logs-actions.ts';
import styles from './log-volume.module.css';
import { useLogs } from './use-logs.ts';

const plotHeight = 88;
const ticks = 6;
/** From the foot of a bar to its top: what asks for somebody stands on top. */
const stacked: readonly LogLevel[] = ['trace', 'debug', 'unknown', 'info', 'warn', 'error', 'critical'];

/** How many lines of each level over the range, with a box around the moment of the line under the cursor. */
export function LogVolumePlot() {
  const volume = useLogs((state) => state.volume);
  if (volume === null || volume.toMs <= volume.fromMs) return null;
  return (
    <section className={styles.volume} aria-label="Volume">
      <header>
        <h2>Volume</h2>
        <span>lines per {formatSpan(volume.stepMs)}</span>
        <ul>
          {volume.levels.map(({ level, counts }) => (
            <li key={level} className={styles[level]}>
              <i /> {level === 'unknown' ? 'no level' : level} <b>{briefCount(sumOf(counts))}</b>
            </li>
          ))}
        </ul>
      </header>
      {volume.origin.kind === 'unknown' ? (
        <p className={styles.unknown} style={{ height: plotHeight }} />
      ) : (
        <Bars volume={volume} />
      )}
    </section>
  );
}

function sumOf(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

function Bars({ volume }: { readonly volume: LogVolume }) {
  const app = useApp();
  const cursorMs = useSession((state) => state.timeCursorMs);
  const { fromMs, toMs, stepMs } = volume;
  const steps = Math.max(1, Math.ceil((toMs - fromMs) / stepMs));
  const totals = totalsOf(volume, steps);
  const top = Math.max(1, ...totals);
  const share = (ms: number): number => Math.min(100, Math.max(0, (100 * (ms - fromMs)) / (toMs - fromMs)));
  const step = cursorMs === null ? -1 : Math.floor((cursorMs - fromMs) / stepMs);
  return (
    <div className={styles.plot}>
      <span className={styles.top}>{briefCount(top)}</span>
      <div
        className={styles.area}
        style={{ height: plotHeight }}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect();
          const at = Math.floor(((event.clientX - box.left) / box.width) * steps);
          lookAt(app, nanosecondsOf(fromMs + at * stepMs));
        }}
      >
        {unseenParts(volume).map((part) => (
          <i
            key={part.fromMs}
            className={classes(part.isUnseen ? styles.unseen : styles.kept)}
            style={{ left: `${share(part.fromMs)}%`, width: `${share(part.toMs) - share(part.fromMs)}%` }}
          />
        ))}
        <svg
          viewBox={`0 0 ${steps} ${top}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={`Lines from ${formatClock(fromMs)} to ${formatClock(toMs)}`}
        >
          <LevelBars volume={volume} top={top} />
        </svg>
        <TimeCursor fromMs={fromMs} toMs={toMs} />
        {step < 0 || step >= steps ? null : (
          <i
            className={styles.cursor}
            style={{ left: `${(100 * step) / steps}%`, width: `${100 / steps}%` }}
          />
        )}
      </div>
      <p className={styles.axis} aria-hidden="true">
        {Array.from({ length: ticks }, (_none, index) => (
          <span key={index}>{formatClock(fromMs + ((toMs - fromMs) * index) / ticks).slice(0, 5)}</span>
        ))}
      </p>
    </div>
  );
}

function LevelBars({ volume, top }: { readonly volume: LogVolume; readonly top: number }) {
  const heights = new Map<number, number>();
  return stacked.flatMap((level) => {
    const counts = volume.levels.find((one) => one.level === level)?.counts;
    if (counts === undefined) return [];
    return Array.from(counts, (count, index) => {
      const below = heights.get(index) ?? 0;
      heights.set(index, below + count);
      if (count === 0) return null;
      const y = top - below - count;
      return (
        <rect
          key={`${level}${index}`}
          className={styles[level]}
          x={index + 0.06}
          width={0.88}
          y={y}
          height={count}
        />
      );
    });
  });
}

function totalsOf({ levels }: LogVolume, steps: number): readonly number[] {
  return Array.from({ length: steps }, (_none, index) =>
    levels.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0),
  );
}

/** From the cache: what is kept, and between it what nobody saw. Nothing of a live answer. */
function unseenParts({
  origin,
  coverage,
  fromMs,
  toMs,
}: LogVolume): readonly { fromMs: number; toMs: number; isUnseen: boolean }[] {
  if (origin.kind !== 'cache') return [];
  const parts: { fromMs: number; toMs: number; isUnseen: boolean }[] = [];
  let seenTo = fromMs;
  for (const kept of coverage.toSorted((left, right) => left.fromMs - right.fromMs)) {
    if (kept.toMs <= seenTo || kept.fromMs >= toMs) continue;
    if (kept.fromMs > seenTo) parts.push({ fromMs: seenTo, toMs: kept.fromMs, isUnseen: true });
    parts.push({ fromMs: Math.max(seenTo, kept.fromMs), toMs: Math.min(toMs, kept.toMs), isUnseen: false });
    seenTo = kept.toMs;
  }
  if (seenTo < toMs) parts.push({ fromMs: seenTo, toMs, isUnseen: true });
  return parts;
}
