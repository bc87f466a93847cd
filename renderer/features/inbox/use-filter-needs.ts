import { useEffect } from 'react';
import { useApp, useSession } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { readFilter } from './filter.ts';
import { loadPatternCompiler } from './patterns.ts';

/** Fetches what these filters need: the alerts once there is a filter, RE2 once one of them has a pattern. */
export function useFilterNeeds(filters: readonly string[]): void {
  const { session, live, core } = useApp();
  const patternCompiler = useSession((state) => state.patternCompiler);
  const isFiltering = filters.some((filter) => filter !== '');
  const isWaiting = filters.some((filter) => readFilter(filter, patternCompiler).kind === 'waiting');
  useEffect(() => {
    if (isFiltering) followAlerts(live, core);
  }, [isFiltering, live, core]);
  useEffect(() => {
    if (!isWaiting) return;
    void loadPatternCompiler().then((compiler) => session.setState({ patternCompiler: compiler }));
  }, [isWaiting, session]);
}
