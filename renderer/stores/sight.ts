import type { Sight } from '#shared/model/console.ts';
import { secondMs } from '#shared/time.ts';
import type { LiveState } from './live.ts';

/**
 * How far the screen can see now: the core's own sight, and `cached` or `blind` where the core itself
 * cannot be heard. Nothing on the screen may claim more than this says.
 */
export interface ScreenSight {
  readonly kind: Sight['kind'] | 'cached';
  /** Last moment at which any source of alerts was seen; null if never. */
  readonly lastSeenAtMs: number | null;
  readonly cause: string;
}

/** For so long a core that is not heard is most likely just starting again. */
const cachedForMs = 10 * secondMs;

export type SightInput = Pick<LiveState, 'link' | 'core' | 'heardAtMs' | 'console'>;

/** @param nowMs the window's clock. */
export function sightOf(live: SightInput, nowMs: number): ScreenSight {
  const silence = silenceOf(live);
  if (live.console === null) {
    return silence === null || live.link.kind === 'connecting'
      ? { kind: 'starting', lastSeenAtMs: null, cause: 'The core has not answered yet.' }
      : { kind: 'blind', lastSeenAtMs: null, cause: silence.cause };
  }
  const { sight } = live.console;
  if (silence === null) return sight;
  const lastSeenAtMs = sight.lastSeenAtMs ?? live.heardAtMs;
  const isBrief = nowMs - silence.sinceMs < cachedForMs && sight.kind !== 'blind';
  return { kind: isBrief ? 'cached' : 'blind', lastSeenAtMs, cause: silence.cause };
}

/** Since when and why the core is not heard; null while it is. */
function silenceOf(live: SightInput): { readonly sinceMs: number; readonly cause: string } | null {
  const heardAtMs = live.heardAtMs ?? 0;
  if (live.link.kind === 'lost') return { sinceMs: live.link.sinceMs, cause: sentence(live.link.reason) };
  if (live.link.kind === 'refused') {
    const cause =
      'The host does not know this browser any more: open the address that the console printed last.';
    return { sinceMs: heardAtMs, cause };
  }
  if (live.link.kind === 'connecting') return { sinceMs: heardAtMs, cause: 'This window is connecting.' };
  if (live.core === null || live.core.state === 'running') return null;
  const cause = live.core.message === '' ? coreWords[live.core.state] : sentence(live.core.message);
  return { sinceMs: heardAtMs, cause };
}

const coreWords = {
  starting: 'The core is starting.',
  restarting: 'The core stopped and is started again.',
  stopped: 'The core has stopped.',
} as const;

function sentence(text: string): string {
  const start = text.slice(0, 1).toUpperCase() + text.slice(1);
  return start.endsWith('.') ? start : `${start}.`;
}
