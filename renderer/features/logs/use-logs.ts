import { useEffect } from 'react';
import { useStore } from 'zustand';
import { useApp, useLive, useSession } from '../../app.ts';
import { followTail, requestDefaultQuery, requestLogs, requestPane } from '../../bridge/log-feed.ts';
import { incidentOf } from '../../parts/time-range.ts';
import { isReachable } from '../../stores/live.ts';
import type { LogsState } from '../../stores/logs.ts';
import { changeLogs } from '../../stores/logs.ts';
import { leaveContext } from './logs-actions.ts';
import { rangeNow } from './range-now.ts';

export function useLogs<Part>(select: (state: LogsState) => Part): Part {
  return useStore(useApp().logs, select);
}

/** Keeps the view's questions asked: again when the query, the range or the core changes. */
export function useLogFeed(): void {
  const app = useApp();
  const { query, source, limit, turn } = useLogs((state) => state);
  const choice = useSession((state) => state.timeChoice);
  const reachable = useLive(isReachable);
  const startsAtMs = useLive((state) => incidentOf(state, choice)?.startsAtMs);
  useEffect(() => {
    const ask = query === '' ? requestDefaultQuery : requestLogs;
    return ask(app, rangeNow(app), Date.now);
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each of them is a new question
  }, [app, query, source, limit, turn, choice, reachable, startsAtMs]);

  const pane = useLogs((state) => state.pane?.kind ?? null);
  useEffect(
    () => (pane === null || query === '' ? undefined : requestPane(app, rangeNow(app))),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each of them is a new question
    [app, pane, query, source, turn, choice, reachable, startsAtMs],
  );

  const isTailing = useLogs((state) => state.tail !== null);
  useEffect(
    () => (isTailing && query !== '' ? followTail(app) : undefined),
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each of them needs a tail of its own
    [app, isTailing, query, source, reachable],
  );
}

/** Escape leads out of a pane, then out of the lines around a line, then out of a search, before it leads out of the view. */
export function useEscape(): void {
  const app = useApp();
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || app.session.getState().overlay !== null) return;
      if (event.target instanceof HTMLInputElement) return;
      const { context, search, pane } = app.logs.getState();
      if (context === null && search === '' && pane === null) return;
      event.preventDefault();
      if (pane !== null) changeLogs(app.logs, { pane: null });
      else if (context === null) changeLogs(app.logs, { search: '' });
      else leaveContext(app);
    };
    document.addEventListener('keydown', leave, true);
    return () => document.removeEventListener('keydown', leave, true);
  }, [app]);
}
