import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import { readSeriesLine, type NotedSeries } from '#shared/promql/series/series-notation.ts';
import { ScriptError, type Statement } from './script.ts';

/** What the readers of all statements share. */
export interface ScriptLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
}

/** A statement, and how many of the lines it took. */
export interface ReadStatement<Read extends Statement> {
  readonly statement: Read;
  readonly taken: number;
}

export function seriesOf({ number, text }: ScriptLine): NotedSeries {
  const series = readSeriesLine(text);
  if (!series.ok) throw new ScriptError(number, series.failure);
  return series.value;
}

export function durationMs(text: string, line: number): number {
  const ms = parsePrometheusDuration(text);
  if (ms === null) throw new ScriptError(line, `"${text}" is no duration`);
  return ms;
}
