import type { SourceHealth } from '#shared/model/source.ts';

/**
 * Why what only this source told is out of sight from here on; null while nothing of it was lost.
 * @param isAskedByRules whether local rules are asked of it, so that what they raise is as well seen as it is.
 */
export function lossOf(
  health: SourceHealth,
  before: SourceHealth | undefined,
  isAskedByRules: boolean,
): string | null {
  const { name, state, failure, tellsAlerts } = health;
  if (before?.tellsAlerts === true && !tellsAlerts) return `${name}: it tells no alerts any more`;
  const isLost = state === 'stale' && state !== before?.state && (tellsAlerts || isAskedByRules);
  return isLost ? `${name}: ${failure?.message ?? 'it does not answer'}` : null;
}
