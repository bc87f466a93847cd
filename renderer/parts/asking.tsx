import { useTimed } from '../app.ts';

/** How long an answer has been awaited, once that is long enough to be noticed. */
export function Asking({
  sinceMs,
  className,
}: {
  readonly sinceMs: number;
  readonly className?: string | undefined;
}) {
  const seconds = useTimed((nowMs) => Math.floor((nowMs - sinceMs) / 1_000));
  return seconds < 1 ? null : <span className={className}>{`asking, ${seconds} s`}</span>;
}
