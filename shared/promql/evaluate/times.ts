import type { TimeModifiers } from '../syntax/ast.ts';
import { offsetMs } from './durations.ts';
import { stepTimeMs, type QueryBounds, type Scope } from './scope.ts';

/** The moments at which a selector or a subquery is asked, with `offset` and `@` applied. */
export interface ReferenceTimes {
  /** Of each step, Unix milliseconds, rising. */
  readonly untilMs: Float64Array;
  /** Equal for equal moments: what is found at them may be remembered by it. */
  readonly key: string;
}

export function referenceTimes(scope: Scope, modifiers: TimeModifiers): ReferenceTimes {
  const { steps } = scope;
  const { bounds } = scope.query;
  const offset = offsetMs(modifiers.offset, bounds);
  const fixed = fixedMs(modifiers, bounds);
  const untilMs = new Float64Array(steps.count);
  if (fixed !== null) untilMs.fill(fixed - offset);
  else for (let step = 0; step < untilMs.length; step++) untilMs[step] = stepTimeMs(steps, step) - offset;
  const start = untilMs[0] ?? 0;
  return { untilMs, key: `${start}+${fixed === null ? steps.stepMs : 0}*${steps.count}` };
}

function fixedMs({ at }: TimeModifiers, bounds: QueryBounds): number | null {
  if (at === null) return null;
  if (at.kind === 'time') return at.ms;
  return at.kind === 'start' ? bounds.startMs : bounds.endMs;
}
