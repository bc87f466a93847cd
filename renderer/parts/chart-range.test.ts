import { describe, expect, it } from 'vitest';
import { incidentRow } from '#support/models.ts';
import { chartRange, shiftedPlace } from './chart-range.ts';

const minuteMs = 60_000;
const startsAtMs = 1_000 * minuteMs;
const row = incidentRow({ startsAtMs });

describe('chartRange', () => {
  it('looks half an hour before the start and up to now', () => {
    expect(chartRange(row, { kind: 'incident' }, startsAtMs + 4 * minuteMs)).toEqual({
      fromMs: startsAtMs - 30 * minuteMs,
      toMs: startsAtMs + 4 * minuteMs,
    });
  });

  it('stays around the start of one that fires for long', () => {
    expect(chartRange(row, { kind: 'incident' }, startsAtMs + 900 * minuteMs).toMs).toBe(
      startsAtMs + 90 * minuteMs,
    );
  });

  it('ends a little after a resolved one', () => {
    const resolved = incidentRow({ startsAtMs, state: 'resolved', resolvedAtMs: startsAtMs + 5 * minuteMs });
    expect(chartRange(resolved, { kind: 'incident' }, startsAtMs + 900 * minuteMs).toMs).toBe(
      startsAtMs + 15 * minuteMs,
    );
  });

  it('ends now when live', () => {
    expect(chartRange(row, { kind: 'live' }, 5_000 * minuteMs)).toEqual({
      fromMs: 4_880 * minuteMs,
      toMs: 5_000 * minuteMs,
    });
  });
});

describe('shiftedPlace', () => {
  const range = { fromMs: 100, toMs: 200 };
  it('moves by half a range', () => {
    expect(shiftedPlace(range, -1, 1_000)).toEqual({ kind: 'fixed', fromMs: 50, toMs: 150 });
    expect(shiftedPlace(range, 1, 1_000)).toEqual({ kind: 'fixed', fromMs: 150, toMs: 250 });
  });
  it('is live where it would pass now', () => {
    expect(shiftedPlace(range, 1, 250)).toEqual({ kind: 'live' });
  });
});
