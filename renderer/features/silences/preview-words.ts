import type { SilencePreview } from '#shared/model/silence.ts';
import { counted, plainText } from '#shared/text.ts';
import { dayMs, formatSpan, minuteMs } from '#shared/time.ts';

/** What a preview says, in words. Pure. */

type Hidden = SilencePreview['now'];

export function countWords({ alerts, incidents }: Hidden): string {
  if (alerts === 0) return 'nothing';
  return `${counted(alerts, 'alert')} of ${counted(incidents, 'incident')}`;
}

const mostNames = 6;

export function criticalWords({ critical, criticalNames }: Hidden): string {
  if (critical === 0) return '.';
  const names = criticalNames.slice(0, mostNames).map((name) => plainText(name, 80));
  const more = critical - names.length;
  const list = [...names, ...(more > 0 ? [`${more.toLocaleString('en')} more`] : [])].join(', ');
  return `, of them ${critical.toLocaleString('en')} critical: ${list}.`;
}

/** Days are whole: the history begins when the console did, not at an hour that matters. */
export function spanWords(ms: number): string {
  return ms < 2 * dayMs ? formatSpan(ms) : `${Math.round(ms / dayMs)} d`;
}

/** `30 min`, `2 h`: as a person would choose it. */
export function quietWords(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / minuteMs));
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
