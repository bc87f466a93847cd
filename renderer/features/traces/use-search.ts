import { useCallback, useEffect, useRef, useState } from 'react';
import type { App } from '../../app.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import {
  requestDependencies,
  requestOperations,
  requestSearch,
  requestServices,
} from '../../bridge/trace-feed.ts';
import { incidentOf, rangeOf, type TimeRange } from '../../parts/time-range.ts';
import { isReachable } from '../../stores/live.ts';
import { emptyForm, nothingAsked } from '../../stores/traces.ts';
import { searchOf } from './search-form.ts';
import { useTraces } from './use-traces.ts';

/** The range in force at this moment. */
function rangeNow(app: App): TimeRange {
  const { timeChoice } = app.session.getState();
  return rangeOf(timeChoice, incidentOf(app.live.getState(), timeChoice), Date.now());
}

interface Search {
  /** What is wrong with the form as it was submitted, or empty. */
  readonly problem: string;
  readonly submit: () => void;
}

/**
 * Searches when it is asked to, when the time range is changed and when the core comes back; never by
 * itself, for a list must not move while it is read.
 */
export function useSearch(): Search {
  const app = useApp();
  const { traces, core } = app;
  const choice = useSession((state) => state.timeChoice);
  const reachable = useLive(isReachable);
  const [turn, setTurn] = useState(0);
  const problem = useTraces((state) => state.problem);
  const submit = useCallback(() => setTurn((before) => before + 1), []);
  const asked = useRef(false);

  useEffect(() => {
    const { source, service, form, search } = traces.getState();
    if (!asked.current && search.answer !== null && search.answer.search.service !== service) {
      // Another view led here with another service: what was written for the last one does not count.
      traces.setState({ form: { ...emptyForm, limit: form.limit }, search: nothingAsked, shows: 'search' });
    }
    asked.current = true;
    if (service === '' && turn === 0) return undefined;
    const wanted = searchOf({ source, service, form: traces.getState().form, range: rangeNow(app) });
    traces.setState({ problem: wanted.ok ? '' : wanted.failure });
    return wanted.ok ? requestSearch(traces, core, wanted.value, Date.now) : undefined;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again with each of these
  }, [app, traces, core, choice, reachable, turn]);
  return { problem, submit };
}

/** Keeps the names that the search line offers. */
export function useNames(): void {
  const { traces, core } = useApp();
  const source = useTraces((state) => state.source);
  const service = useTraces((state) => state.service);
  const isKnown = useTraces((state) => state.services.includes(service));
  const reachable = useLive(isReachable);
  // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once the core is back
  useEffect(() => requestServices(traces, core, source), [traces, core, source, reachable]);
  useEffect(() => {
    if (isKnown) return requestOperations(traces, core, { source, service });
    traces.setState({ operations: [] });
    return undefined;
  }, [traces, core, source, service, isKnown]);
}

/** Keeps the dependencies of the range asked for while they are shown. */
export function useDependencies(): void {
  const app = useApp();
  const source = useTraces((state) => state.source);
  const choice = useSession((state) => state.timeChoice);
  const reachable = useLive(isReachable);
  useEffect(
    () => requestDependencies(app.traces, app.core, { source, ...rangeNow(app) }, Date.now),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again with each of these
    [app, source, choice, reachable],
  );
}
