import styles from './log-pane.module.css';

const steps = 40;

interface SparklineProps {
  /** Unix milliseconds. */
  readonly timesMs: Float64Array;
  readonly counts: Float64Array;
  readonly fromMs: number;
  readonly toMs: number;
  readonly label: string;
}

/** How many over a range, in a few bars of which the highest fills the height. */
export function Sparkline({ timesMs, counts, fromMs, toMs, label }: SparklineProps) {
  const bars = barsOf(timesMs, counts, fromMs, toMs);
  const top = Math.max(1, ...bars);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${steps} 1`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {bars.map((count, index) =>
        count === 0 ? null : (
          <rect key={index} x={index + 0.1} width={0.8} y={1 - count / top} height={count / top} />
        ),
      )}
    </svg>
  );
}

/** What is outside of the range is in its first or last bar: a source counts in steps of its own. */
function barsOf(
  timesMs: Float64Array,
  counts: Float64Array,
  fromMs: number,
  toMs: number,
): readonly number[] {
  const bars = Array.from({ length: steps }, () => 0);
  for (const [index, atMs] of timesMs.entries()) {
    const at = Math.floor((steps * (atMs - fromMs)) / Math.max(1, toMs - fromMs));
    const bar = Math.min(steps - 1, Math.max(0, at));
    bars[bar] = (bars[bar] ?? 0) + (counts[index] ?? 0);
  }
  return bars;
}
