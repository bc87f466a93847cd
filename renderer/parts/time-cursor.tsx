import { formatClock } from '#shared/time.ts';
import { useSession } from '../app.ts';
import { classes } from '../ui/classes.ts';
import styles from './time-cursor.module.css';

interface TimeCursorProps {
  /** The range of the plot that it is drawn over, in milliseconds of the epoch; `toMs` is the later. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Its time stands over the plot, where there is room, instead of on the axis. */
  readonly above?: boolean;
}

/**
 * The one time cursor of the window over a plot that the pointer is not on: a line and its time, and no
 * value, as no sample need be of that moment. Nothing where the moment is outside the plot's range. It
 * fills the nearest positioned box, over whose width the range runs.
 */
export function TimeCursor({ fromMs, toMs, above = false }: TimeCursorProps) {
  const atMs = useSession((state) => state.timeCursorMs);
  if (atMs === null || atMs < fromMs || atMs > toMs || toMs <= fromMs) return null;
  const share = (atMs - fromMs) / (toMs - fromMs);
  return (
    <span
      className={classes(styles.cursor, above && styles.above)}
      style={{ left: `${100 * share}%` }}
      data-time-cursor={atMs}
      aria-hidden="true"
    >
      {/* Moved so far to the left that it stays inside the range. */}
      <time style={{ transform: `translateX(${-100 * share}%)` }}>{formatClock(atMs)}</time>
    </span>
  );
}

interface PlotOverlayProps extends TimeCursorProps {
  /** How far the time axis begins and ends inside the plot's box, in CSS pixels. */
  readonly insets: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

/** As `TimeCursor`, in a plot that has its axes inside its box. */
export function PlotTimeCursor({ insets, ...cursor }: PlotOverlayProps) {
  return (
    <div className={styles.over} style={insets}>
      <TimeCursor {...cursor} />
    </div>
  );
}
