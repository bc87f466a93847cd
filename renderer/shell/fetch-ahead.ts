import { drop } from '#shared/result.ts';
import type { LiveState, LiveStore } from '../stores/live.ts';
import { loadEverythingLate } from '../ui/late.ts';

/** Where no inbox comes to be painted, the rest is fetched all the same. */
const patienceMs = 3_000;
/** A window that is never idle waits no longer than this for each script. */
const turnMs = 1_000;

/**
 * Fetches the scripts of the other views once the first is painted, one in each idle moment: no view opened
 * later waits for its script, and a host that is gone by then is not missed. What could not be fetched is
 * tried again with the next link.
 */
export function fetchAhead(live: LiveStore): void {
  let isFetching = false;
  const fetchAll = async (): Promise<void> => {
    if (isFetching) return;
    isFetching = true;
    try {
      await loadEverythingLate(idleTurn);
      stop();
    } catch {
      // The host is gone or has other scripts by now; a view that is opened says so itself.
    } finally {
      isFetching = false;
    }
  };
  const begin = (): void => {
    clearTimeout(timer);
    drop(fetchAll(), 'a script that is not handed out is waited for');
  };
  const timer = setTimeout(begin, patienceMs);
  const stop = live.subscribe((state, before) => {
    if (isShown(state) && !isShown(before)) begin();
  });
  if (isShown(live.getState())) begin();
}

function isShown({ link, incidents }: LiveState): boolean {
  return link.kind === 'open' && incidents !== null;
}

/** Resolves in an idle moment after a frame: what has just arrived is painted by then. */
function idleTurn(): Promise<void> {
  return new Promise((resolve) => {
    requestIdleCallback(() => resolve(), { timeout: turnMs });
  });
}
