import { useLayoutEffect, useState } from 'react';
import { useApp, useLive } from '../../app.ts';
import { knownInSlices, type FilterPlace, type KnownCounts } from './filter-completion.ts';

/** Of one frame: the letters that are typed meanwhile are painted. */
const sliceMs = 6;

/**
 * What there is to be found at a place of the filter, as of when the place was come to: a list that changes
 * under the arrows is of no use.
 * @returns null until it is counted.
 */
export function useKnown(kind: FilterPlace['kind'], of: string, offers: boolean): KnownCounts | null {
  const { live } = useApp();
  // They are followed once the field has the focus, and may come after the first letters.
  const hasAlerts = useLive(({ alerts }) => alerts !== null);
  const place = `${kind} ${of} ${hasAlerts}`;
  const [found, setFound] = useState<{ readonly place: string; readonly known: KnownCounts } | null>(null);
  useLayoutEffect(() => {
    if (!offers) return;
    const { incidents, alerts } = live.getState();
    const job = knownInSlices({ kind, of }, { incidents: incidents ?? [], alerts: alerts ?? [] });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = (): void => {
      const untilMs = performance.now() + sliceMs;
      do {
        const step = job.next();
        if (step.done === true) return setFound({ place, known: step.value });
      } while (performance.now() < untilMs);
      timer = setTimeout(work);
    };
    work();
    return () => clearTimeout(timer);
  }, [live, kind, of, place, offers]);
  const isCounted = found?.place === place && (hasAlerts || kind !== 'value');
  return offers && isCounted ? found.known : null;
}
