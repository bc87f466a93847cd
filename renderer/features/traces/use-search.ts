import { useEffect, useRef } from 'react';
import type { TraceSearch } from '#shared/model/trace.ts';
import type { App } from '../../app.ts';
import { useApp, useLive, useSession } from '../../app.ts';
import {
  requestDependencies,
  requestOperations,
  requestSearch,
  requestServices,
} from '../../bridge/trace-feed.ts';
import { incidentOf, rangeOf, type TimeRange } from '../../parts/time-range.ts';
import { emptyForm, nothingAsked } from '../../stores/traces.ts';
import { searchOf } from './search-form.ts';
import { answeringJaegers, askableCore } from './trace-sources.ts';
import { searchInputId, submitSearch } from './traces-commands.ts';
import { useTraces } from './use-traces.ts';

/** The range in force at this moment. */
function rangeNow(app: App): TimeRange {
  const { timeChoice } = app.session.getState();
  return rangeOf(timeChoice, incidentOf(app.live.getState(), timeChoice), Date.now());
}

/**
 * Searches when it is asked to, when the time range is changed, when the core comes back, and when a
 * Jaeger comes back without which nothing was known; never by itself otherwise, for a list must not move
 * while it is read.
 */
export function useSearch(): void {
  const app = useApp();
  const { traces } = app;
  const choice = useSession((state) => state.timeChoice);
  const core = useLive(askableCore);
  const turn = useTraces((state) => state.turn);
  const firstTurn = useRef(turn);
  const asked = useRef(false);

  useEffect(() => {
    const { source, service, form, search } = traces.getState();
    if (!asked.current && search.answer !== null && search.answer.search.service !== service) {
      // Another view led here with another service: what was written for the last one does not count.
      traces.setState({ form: { ...emptyForm, limit: form.limit }, search: nothingAsked, shows: 'search' });
    }
    asked.current = true;
    if (core === 'soon' || (service === '' && turn === firstTurn.current)) return undefined;
    const wanted = searchOf({ source, service, form: traces.getState().form, range: rangeNow(app) });
    traces.setState({ problem: wanted.ok ? '' : wanted.failure });
    if (!wanted.ok) return undefined;
    app.preferences.setState({ traceService: wanted.value.service });
    return requestSearch(traces, app.core, wanted.value, Date.now);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again with each of these
  }, [app, traces, core, choice, turn]);

  const answering = useLive(answeringJaegers);
  useEffect(() => {
    const { answer, failure } = traces.getState().search;
    if (answering === '') return;
    if (failure !== null || answer?.origin.kind === 'unknown') submitSearch(app);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- when a source comes back
  }, [app, traces, answering]);
}

/** Whether what is shown is of the cache while a source that could be asked answers again. */
export function useIsOld(): boolean {
  const answering = useLive(answeringJaegers);
  return useTraces(({ source, search: { answer, askedAtMs } }) => {
    if (answer?.origin.kind !== 'cache' || askedAtMs !== null) return false;
    return source === '' ? answering !== '' : answering.split('\n').includes(source);
  });
}

/** Whether the list is not what the form or a source that came back would give now. */
export function useSearchDue(): boolean {
  const isOld = useIsOld();
  const isOther = useTraces(({ service, form, search: { answer } }) => {
    if (answer === null) return false;
    const { fromMs, toMs } = answer.search;
    const wanted = searchOf({ source: answer.search.source, service, form, range: { fromMs, toMs } });
    return !wanted.ok || textOf(wanted.value) !== textOf(answer.search);
  });
  return isOld || isOther;
}

function textOf({ service, operation, tags, minDurationNs, maxDurationNs, limit }: TraceSearch): string {
  return JSON.stringify([service, operation, tags, minDurationNs, maxDurationNs, limit]);
}

/**
 * Keeps the names that the search line offers, and writes the service searched last, else the first, where there is none. Jaeger
 * names services and operations of all times: it is not asked for those of a range.
 */
export function useNames(): void {
  const app = useApp();
  const { traces } = app;
  const source = useTraces((state) => state.source);
  const service = useTraces((state) => state.service);
  const services = useTraces((state) => state.services);
  const isKnown = services.includes(service);
  const core = useLive(askableCore);
  const answering = useLive(answeringJaegers);
  useEffect(
    () => (core === 'soon' ? undefined : requestServices(traces, app.core, source)),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once core or source is back
    [app, traces, core, source, answering],
  );
  useEffect(() => {
    if (isKnown) return requestOperations(traces, app.core, { source, service });
    traces.setState({ operations: [] });
    return undefined;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once the source is back
  }, [app, traces, source, service, isKnown, answering]);
  useEffect(() => {
    const { traceService } = app.preferences.getState();
    const chosen = services.find((name) => name === traceService) ?? services[0];
    const isWritten = document.activeElement?.id === searchInputId;
    if (chosen !== undefined && traces.getState().service === '' && !isWritten) {
      traces.setState({ service: chosen });
    }
  }, [app, traces, services]);
}

/** Keeps the dependencies of the range asked for while they are shown. */
export function useDependencies(): void {
  const app = useApp();
  const source = useTraces((state) => state.source);
  const choice = useSession((state) => state.timeChoice);
  const core = useLive(askableCore);
  useEffect(
    () =>
      core === 'soon'
        ? undefined
        : requestDependencies(app.traces, app.core, { source, ...rangeNow(app) }, Date.now),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again with each of these
    [app, source, choice, core],
  );
}
