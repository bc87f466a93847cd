import { formatAge, formatSpan } from '#shared/time.ts';
import { useTimed } from '../app.ts';

interface AgeProps {
  readonly sinceMs: number;
  /** Where the span has ended; without it the age ticks. */
  readonly untilMs?: number | null | undefined;
  /** One unit only, for places where the magnitude counts. */
  readonly short?: boolean;
}

/** A span that ticks: the screen's sign of life. */
export function Age({ sinceMs, untilMs, short = false }: AgeProps) {
  const format = short ? formatAge : formatSpan;
  return <>{useTimed((nowMs) => format((untilMs ?? nowMs) - sinceMs))}</>;
}

/** How long until something is due; nothing once it is. */
export function Until({ atMs }: { readonly atMs: number }) {
  return <>{useTimed((nowMs) => (atMs > nowMs ? `in ${formatSpan(atMs - nowMs)}` : 'now'))}</>;
}
