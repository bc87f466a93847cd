import type { Labels } from '#shared/model/labels.ts';
import type { QueryResult } from '#shared/model/query.ts';
import type { Series } from '#shared/model/series.ts';

/** Whether two answers are the same: a quick wrong answer is worth nothing. */

/** Relative. */
const tolerance = 1e-9;

/** @returns what differs first, in words; null where nothing does. */
export function differenceOf(server: QueryResult, own: QueryResult): string | null {
  if (!('series' in server) || !('series' in own) || server.kind !== own.kind)
    return `the server gives a ${server.kind}, the engine a ${own.kind}`;
  if (server.series.length === 0) return 'the server gives nothing';
  if (server.series.length !== own.series.length)
    return `the server gives ${server.series.length} series, the engine ${own.series.length}`;
  const known = new Map(own.series.map((series) => [textOf(series.labels), series]));
  for (const series of server.series) {
    const text = textOf(series.labels);
    const other = known.get(text);
    const difference = other === undefined ? 'the engine has none' : differenceOfSeries(series, other);
    if (difference !== null) return `${text}: ${difference}`;
  }
  return null;
}

function differenceOfSeries(server: Series, own: Series): string | null {
  if (server.timesMs.length !== own.timesMs.length)
    return `the server gives ${server.timesMs.length} points, the engine ${own.timesMs.length}`;
  for (let index = 0; index < server.timesMs.length; index++) {
    const [serverMs, ownMs] = [server.timesMs[index], own.timesMs[index]];
    if (serverMs !== ownMs) return `the server's point ${index} is at ${serverMs}, the engine's at ${ownMs}`;
    const [left = 0, right = 0] = [server.values[index], own.values[index]];
    if (!areEqual(left, right)) return `at ${serverMs} the server gives ${left}, the engine ${right}`;
  }
  return null;
}

function areEqual(left: number, right: number): boolean {
  if (Object.is(left, right)) return true;
  return Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
}

function textOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1)));
}
