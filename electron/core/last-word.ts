import type { IncidentBook } from '#core/incidents/incident-book.ts';
import type { SourceSet } from '#core/source-set.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';

/** How many missed polls a source's last word from before a restart of the core outlives. */
const restartGracePolls = 2.5;

/**
 * Whether the last word of a source of alerts is still worth something: fresh by its own polls, or so recently seen
 * by the core before this one that nothing was missed.
 */
export function lastWordHolds(
  settings: SourceSettings,
  sources: Pick<SourceSet, 'isFresh' | 'find'>,
  book: Pick<IncidentBook, 'watch'>,
  nowMs: number,
): boolean {
  const { name, pollMs } = settings;
  if (sources.isFresh(name)) return true;
  const state = sources.find(name)?.health?.state ?? 'starting';
  const ageMs = nowMs - (book.watch(name)?.lastSuccessAtMs ?? 0);
  // A time to come is no age: the clock was set back, and how much was missed cannot be told.
  return state === 'starting' && ageMs >= 0 && ageMs < restartGracePolls * pollMs;
}
