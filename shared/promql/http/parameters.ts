import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { QueryRange } from '../engine.ts';
import type { QueryProblem } from '../problem.ts';

/** Parameters of Prometheus' HTTP API, read and checked as it does. */
export type Parameter = string | number;

const rfc3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** More than what a date can say is no time. */
const latestMs = 8.64e15;
const mostPoints = 11_000;

/** @param given Unix seconds, or a date as in RFC 3339. @returns Unix milliseconds. */
export function readTime(given: Parameter, name: string): Result<number, QueryProblem> {
  const seconds = secondsOf(given);
  const text = String(given);
  const ms =
    seconds === null ? (rfc3339.test(text) ? Date.parse(text) : Number.NaN) : Math.round(seconds * 1_000);
  if (Math.abs(ms) <= latestMs) return success(ms);
  return invalid(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`);
}

/** @param given seconds, or a duration (`1m30s`). @returns whole milliseconds; a smaller rest is cut off. */
export function readDuration(given: Parameter, name: string): Result<number, QueryProblem> {
  const seconds = secondsOf(given);
  // By way of nanoseconds, so that 0.1 s is 100 ms.
  const ms =
    seconds === null ? parsePrometheusDuration(String(given)) : Math.trunc(Math.trunc(seconds * 1e9) / 1e6);
  if (ms === null || !Number.isSafeInteger(ms))
    return invalid(name, `cannot parse ${JSON.stringify(String(given))} to a valid duration`);
  return success(ms);
}

export function readRange(
  start: Parameter,
  end: Parameter,
  step: Parameter,
): Result<QueryRange, QueryProblem> {
  const startMs = readTime(start, 'start');
  if (!startMs.ok) return startMs;
  const endMs = readTime(end, 'end');
  if (!endMs.ok) return endMs;
  if (endMs.value < startMs.value) return invalid('end', 'end timestamp must not be before start time');
  const stepMs = readDuration(step, 'step');
  if (!stepMs.ok) return stepMs;
  if (stepMs.value <= 0) {
    const why = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
    return invalid('step', why);
  }
  if (Math.trunc((endMs.value - startMs.value) / stepMs.value) > mostPoints) {
    const message =
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)';
    return failed({ kind: 'bad-data', message, span: null });
  }
  return success({ startMs: startMs.value, endMs: endMs.value, stepMs: stepMs.value });
}

function secondsOf(given: Parameter): number | null {
  if (typeof given === 'number') return given;
  return decimal.test(given) ? Number(given) : null;
}

function invalid(name: string, why: string): Result<never, QueryProblem> {
  return failed({ kind: 'bad-data', message: `invalid parameter "${name}": ${why}`, span: null });
}
