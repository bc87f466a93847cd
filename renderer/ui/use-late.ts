import { useEffect, useSyncExternalStore } from 'react';
import { drop } from '#shared/result.ts';
import type { Late, LateState } from './late.ts';

/**
 * What is fetched late, for a component that draws it. Drawn at once where it is here: React's own `lazy`
 * would show its fallback first, and hold back what follows.
 */
export function useLate<Module>(part: Late<Module>): LateState<Module> {
  const state = useSyncExternalStore(part.subscribe, part.read);
  useEffect(() => {
    if (part.read().kind === 'away') fetchPart(part);
  }, [part]);
  return state;
}

/** Whether it comes is the state of the part. */
export function fetchPart(part: Late<unknown>): void {
  drop(
    part.load().catch(() => undefined),
    'a failure is the state of the part',
  );
}
