import * as v from 'valibot';
import type { JournalChange } from '#core/store/records.ts';
import { dayMs, minuteMs } from '#shared/time.ts';

/** Until when a person wants no notification. Kept in the journal as a setting; pure. */

const pauseSchema = v.object({ fromMs: v.number(), untilMs: v.number() });
export type Pause = Readonly<v.InferOutput<typeof pauseSchema>>;

export const pauseSetting = 'notifications-paused';
/** A pause that is forgotten must not become a console that never rings. */
const longestPauseMs = dayMs;

/** @returns null where the moment has passed: then there is no pause. */
export function pauseUntil(untilMs: number, nowMs: number): Pause | null {
  if (!(untilMs > nowMs)) return null;
  return { fromMs: nowMs, untilMs: Math.min(untilMs, nowMs + longestPauseMs) };
}

/** A clock that was set back before the pause began ends it: nobody asked for one that long. */
export function isPaused(pause: Pause | null, nowMs: number): pause is Pause {
  return pause !== null && nowMs < pause.untilMs && nowMs >= pause.fromMs - minuteMs;
}

/** @param text the setting; what is no pause is none. */
export function pauseOfSetting(text: string | null): Pause | null {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), pauseSchema), text);
  return parsed.success ? parsed.output : null;
}

/** The pause as it is once these are written. */
export function pauseAfter(changes: readonly JournalChange[], pause: Pause | null): Pause | null {
  const set = changes.findLast((change) => change.kind === 'setting' && change.key === pauseSetting);
  return set?.kind === 'setting' ? pauseOfSetting(set.value) : pause;
}
