import { dayMs, hourMs, minuteMs } from '#shared/time.ts';

/** The calendar and the clock of a zone, by the tz database that the platform brings. */
export interface ZonedTime {
  readonly year: number;
  /** 1 is January. */
  readonly month: number;
  readonly day: number;
  /** Since the day's first by the clock: 0 to 1439. */
  readonly minute: number;
}

/** What a platform takes as names is more than the tz database's: offsets, and any case. */
const namePattern = /^[A-Z][A-Za-z0-9_+-]*(?:\/[A-Z][A-Za-z0-9_+-]*)*$/;
export const localZone = 'local';
/** Names that platforms keep from before the tz database, which has none of them. */
const abbreviations = new Set(
  'ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST'.split(
    ' ',
  ),
);
const olderNames = /^SystemV\/|^US\/Pacific-New$|^Canada\/East-Saskatchewan$/;

/** @returns the zone that Go's time.LoadLocation would load, or null where there is none of this name. */
export function zoneNamed(name: string): string | null {
  if (name === '' || name === 'UTC') return 'UTC';
  if (name === 'Local') return localZone;
  if (!namePattern.test(name) || abbreviations.has(name) || olderNames.test(name)) return null;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions();
    const differsInCase = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return differsInCase ? null : name;
  } catch {
    // A RangeError is how Intl says that it has no such zone.
    return null;
  }
}

export function zonedTime(zone: string, atMs: number): ZonedTime {
  const date = new Date(atMs + offsetMs(zone, atMs));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    minute: date.getUTCHours() * 60 + date.getUTCMinutes(),
  };
}

const mostOffsets = 50_000;
const offsets = new Map<string, number>();

/** What the zone's clock is ahead of UTC. Zones change it at whole quarters of an hour only, since 1972. */
function offsetMs(zone: string, atMs: number): number {
  if (zone === 'UTC') return 0;
  const quarter = Math.floor(atMs / (15 * minuteMs));
  const key = `${zone}\n${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size >= mostOffsets) offsets.clear();
  const offset = clockMs(zone, quarter * 15 * minuteMs) - quarter * 15 * minuteMs;
  offsets.set(key, offset);
  return offset;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What the zone's clock shows, as if it were UTC's. */
function clockMs(zone: string, atMs: number): number {
  let format = formats.get(zone);
  if (format === undefined) {
    const numbers = {
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    } as const;
    const clock = { hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    const timeZone = zone === localZone ? {} : { timeZone: zone };
    format = new Intl.DateTimeFormat('en-US', { ...numbers, ...clock, ...timeZone });
    formats.set(zone, format);
  }
  const parts = Object.fromEntries(
    format.formatToParts(atMs).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * The moments at which the zone's clock shows this minute of this day: one, none where clocks went over it,
 * two where they went back.
 * @param dayStartMs midnight of the day by the clock, as if it were UTC's.
 * @param minute of the day; 1440 is the next day's first.
 */
export function momentsOf(zone: string, dayStartMs: number, minute: number): readonly number[] {
  const clock = dayStartMs + minute * minuteMs;
  const candidates = new Set([offsetMs(zone, clock - dayMs), offsetMs(zone, clock + dayMs)]);
  return [...candidates]
    .map((offset) => clock - offset)
    .filter((atMs) => offsetMs(zone, atMs) === clock - atMs);
}

/** The moments at which the zone's clock jumps out of this day, into it, or within it. */
export function jumpsOf(zone: string, dayStartMs: number): readonly number[] {
  const [from, to] = [dayStartMs - dayMs, dayStartMs + 2 * dayMs];
  if (offsetMs(zone, from) === offsetMs(zone, to)) return [];
  const jumps: number[] = [];
  for (let atMs = from; atMs < to; atMs += hourMs) {
    if (offsetMs(zone, atMs) === offsetMs(zone, atMs + hourMs)) continue;
    const quarters = [1, 2, 3, 4].map((quarter) => atMs + quarter * 15 * minuteMs);
    const jump = quarters.find((quarter) => offsetMs(zone, quarter) !== offsetMs(zone, atMs));
    if (jump !== undefined) jumps.push(jump);
  }
  const isOfDay = (clockMs: number): boolean => clockMs >= dayStartMs && clockMs < dayStartMs + dayMs;
  return jumps.filter(
    (jump) => isOfDay(jump + offsetMs(zone, jump)) || isOfDay(jump - 1 + offsetMs(zone, jump - 1)),
  );
}
