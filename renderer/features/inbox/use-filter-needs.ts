import { useEffect } from 'react';
import { useApp, useSession } from '../../app.ts';
import { followAlerts } from '../../bridge/alert-feed.ts';
import { loadPatternCompiler } from './patterns.ts';

const patternOperator = /[=!]~/;

/**
 * Fetches what these filters need: the alerts once there is a filter, RE2 once one of them may have a
 * pattern, so that it is there before the pattern is whole.
 */
export function useFilterNeeds(filters: readonly string[]): void {
  const { session, live, core } = useApp();
  const patternCompiler = useSession((state) => state.patternCompiler);
  const isFiltering = filters.some((filter) => filter !== '');
  const needsPatterns = patternCompiler === null && filters.some((filter) => patternOperator.test(filter));
  useEffect(() => {
    if (isFiltering) followAlerts(live, core);
  }, [isFiltering, live, core]);
  useEffect(() => {
    if (!needsPatterns) return;
    void loadPatternCompiler().then((compiler) => session.setState({ patternCompiler: compiler }));
  }, [needsPatterns, session]);
}
