import type { LiveState, LiveStore } from '../stores/live.ts';

/**
 * How long the first drawing waits for something to say. One without news takes as long as one with them, and
 * holds up the messages in which they come; but a window must not stay blank where they take their time.
 */
const patienceMs = 120;

/** Calls back once, as soon as the window has something to show or nothing soon. */
export function onceWorthDrawing(live: LiveStore, draw: () => void): void {
  const settle = (): void => {
    clearTimeout(timer);
    unsubscribe();
    draw();
  };
  const timer = setTimeout(settle, patienceMs);
  const unsubscribe = live.subscribe((state) => {
    if (hasNews(state)) settle();
  });
}

/** The parts that nearly every pixel of the inbox and its bars is made of, or that there is no link. */
function hasNews({ link, console, incidents, sources }: LiveState): boolean {
  if (link.kind === 'lost' || link.kind === 'refused') return true;
  return console !== null && incidents !== null && sources !== null;
}
