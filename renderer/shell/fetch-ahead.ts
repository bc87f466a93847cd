import { drop } from '#shared/result.ts';
import type { LiveState, LiveStore } from '../stores/live.ts';
import { loadEverythingLate } from '../ui/late.ts';

/** After the first view is painted, for what a console does when it starts: nobody opens another view sooner. */
const settlingMs = 1_000;
/** Where no inbox comes to be painted, the rest is fetched all the same. */
const patienceMs = 3_000;
/** A window that is never idle waits no longer than this before each script. */
const turnMs = 1_000;

/**
 * Fetches the scripts of the other views once the first is painted, one in each idle moment: no view opened
 * later waits for its script, and a host that is gone by then is not missed. What could not be fetched is
 * tried again with the next link.
 */
export function fetchAhead(live: LiveStore): void {
  let isFetching = false;
  let timer: ReturnType<typeof setTimeout>;
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
  const fetchIn = (delayMs: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => drop(fetchAll(), 'a script that is not handed out is waited for'), delayMs);
  };
  const stop = live.subscribe((state, before) => {
    if (isShown(state) && !isShown(before)) fetchIn(settlingMs);
  });
  fetchIn(isShown(live.getState()) ? settlingMs : patienceMs);
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
