import { describe, expect, it } from 'vitest';
import { incidentRow } from '#support/models.ts';
import { nameOfChoice, rangeOf, shiftedChoice } from './time-range.ts';

const minuteMs = 60_000;
const startsAtMs = 1_000 * minuteMs;
const row = incidentRow({ startsAtMs });
const around = { kind: 'incident', id: row.id } as const;

describe('rangeOf', () => {
  it('looks half an hour before the start of an incident and up to now', () => {
    expect(rangeOf(around, row, startsAtMs + 4 * minuteMs)).toEqual({
      fromMs: startsAtMs - 30 * minuteMs,
      toMs: startsAtMs + 4 * minuteMs,
    });
  });

  it('stays around the start of one that fires for long', () => {
    expect(rangeOf(around, row, startsAtMs + 900 * minuteMs).toMs).toBe(startsAtMs + 90 * minuteMs);
  });

  it('ends a little after a resolved one', () => {
    const resolved = incidentRow({ startsAtMs, state: 'resolved', resolvedAtMs: startsAtMs + 5 * minuteMs });
    expect(rangeOf(around, resolved, startsAtMs + 900 * minuteMs).toMs).toBe(startsAtMs + 15 * minuteMs);
  });

  it('is the last hour for an incident that nobody knows', () => {
    expect(rangeOf(around, undefined, 100 * minuteMs)).toEqual({
      fromMs: 40 * minuteMs,
      toMs: 100 * minuteMs,
    });
  });

  it('ends now for what ends now', () => {
    expect(rangeOf({ kind: 'last', spanMs: 5 }, undefined, 100)).toEqual({ fromMs: 95, toMs: 100 });
  });
});

describe('shiftedChoice', () => {
  const range = { fromMs: 100, toMs: 200 };
  it('moves by half a range', () => {
    expect(shiftedChoice(range, -1, 1_000)).toEqual({ kind: 'fixed', fromMs: 50, toMs: 150 });
    expect(shiftedChoice(range, 1, 1_000)).toEqual({ kind: 'fixed', fromMs: 150, toMs: 250 });
  });
  it('ends now where it would pass now', () => {
    expect(shiftedChoice(range, 1, 250)).toEqual({ kind: 'last', spanMs: 100 });
  });
});

it('names the choice', () => {
  const last = (spanMs: number) => nameOfChoice({ kind: 'last', spanMs });
  expect([last(15 * minuteMs), last(60 * minuteMs), last(24 * 60 * minuteMs)]).toEqual([
    'Last 15m',
    'Last 1h',
    'Last 24h',
  ]);
});
