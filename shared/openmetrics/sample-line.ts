import { excerpt } from './excerpt.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * One line with a sample, in OpenMetrics and in Prometheus' older text format: series, value, timestamp and,
 * in OpenMetrics, an exemplar, which is passed over.
 */
export interface SampleLine {
  /** The series as written: name and braces. */
  readonly seriesText: string;
  readonly value: number;
  /** In the format's unit; null where there is none. */
  readonly timestamp: number | null;
}

const space = 0x20;
const tab = 0x09;
const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const hash = 0x23;

export function readSampleLine(line: string): Result<SampleLine, string> {
  const seriesEnd = endOfSeries(line);
  if (seriesEnd === 0) return failed('a metric is missing');
  if (seriesEnd === -1) return failed('the labels do not end with a brace');
  const valueStart = afterBlanks(line, seriesEnd);
  const valueEnd = endOfWord(line, valueStart);
  if (valueEnd === valueStart) return failed('a value is missing');
  const value = readFloat(line.slice(valueStart, valueEnd));
  if (value === null) return failed(`"${excerpt(line.slice(valueStart, valueEnd))}" is no value`);
  const seriesText = line.slice(0, seriesEnd);
  const timeStart = afterBlanks(line, valueEnd);
  if (timeStart === line.length || line.charCodeAt(timeStart) === hash)
    return success({ seriesText, value, timestamp: null });
  const timeEnd = endOfWord(line, timeStart);
  const timestamp = readFloat(line.slice(timeStart, timeEnd));
  if (timestamp === null || !Number.isFinite(timestamp))
    return failed(`"${excerpt(line.slice(timeStart, timeEnd))}" is no timestamp`);
  const rest = afterBlanks(line, timeEnd);
  if (rest !== line.length && line.charCodeAt(rest) !== hash)
    return failed(`"${excerpt(line.slice(rest))}" is not expected after the timestamp`);
  return success({ seriesText, value, timestamp });
}

/** @returns -1 where the braces do not end. */
function endOfSeries(line: string): number {
  for (let index = 0; index < line.length; index++) {
    const unit = line.charCodeAt(index);
    if (unit === space || unit === tab) {
      // The older format lets a name stand apart from its braces.
      const next = afterBlanks(line, index);
      if (line.charCodeAt(next) !== openBrace) return index;
      index = next - 1;
    } else if (unit === openBrace) return endOfBraces(line, index + 1);
  }
  return line.length;
}

function endOfBraces(line: string, start: number): number {
  let isQuoted = false;
  for (let index = start; index < line.length; index++) {
    const unit = line.charCodeAt(index);
    if (unit === quote) isQuoted = !isQuoted;
    else if (!isQuoted && unit === closeBrace) return index + 1;
    else if (isQuoted && unit === backslash) index++;
  }
  return -1;
}

function afterBlanks(line: string, start: number): number {
  let index = start;
  while (line.charCodeAt(index) === space || line.charCodeAt(index) === tab) index++;
  return index;
}

function endOfWord(line: string, start: number): number {
  let index = start;
  while (index < line.length && line.charCodeAt(index) !== space && line.charCodeAt(index) !== tab) index++;
  return index;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

function readFloat(text: string): number | null {
  if (decimal.test(text)) return Number(text);
  const word = text.toLowerCase();
  if (word === 'nan') return Number.NaN;
  if (word === '+inf' || word === 'inf') return Number.POSITIVE_INFINITY;
  return word === '-inf' ? Number.NEGATIVE_INFINITY : null;
}
