import { dayMs, hourMs, minuteMs, secondMs } from '#shared/time.ts';

/** Ages as a filter writes them: `90s`, `1h30m`, `2d`. */

const units = [
  ['w', 7 * dayMs],
  ['d', dayMs],
  ['h', hourMs],
  ['m', minuteMs],
  ['s', secondMs],
] as const;
const unitMs: ReadonlyMap<string, number> = new Map(units);
const maxAgeMs = 3_650 * dayMs;

/** @returns milliseconds; undefined for what is no age, or one beyond ten years. */
export function readAge(text: string): number | undefined {
  if (!/^(?:\d{1,9}[wdhms])+$/.test(text)) return undefined;
  let ageMs = 0;
  for (const [, digits = '', unit = ''] of text.matchAll(/(\d+)([wdhms])/g)) {
    ageMs += Number(digits) * (unitMs.get(unit) ?? 0);
  }
  return ageMs <= maxAgeMs ? ageMs : undefined;
}

/** @param ageMs whole seconds. */
export function ageText(ageMs: number): string {
  let rest = ageMs;
  let text = '';
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * length;
  }
  return text === '' ? '0s' : text;
}
