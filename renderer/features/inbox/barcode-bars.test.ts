import { expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time.ts';
import { incidentRow } from '#support/models.ts';
import { barsOf } from './barcode-bars.ts';
import { flipsWithinHour } from './flapping.ts';

const nowMs = 10 * dayMs;
const row = incidentRow({ startsAtMs: nowMs - 2 * hourMs });

it('draws what fired within a day, a column for the briefest, the last one to the end', () => {
  const earlier: [number, number][] = [
    [nowMs - 3 * dayMs, nowMs - 2 * dayMs],
    [nowMs - 25 * hourMs, nowMs - 23 * hourMs],
    [nowMs - 12 * hourMs, nowMs - 12 * hourMs + minuteMs],
    [nowMs - 12 * hourMs + 2 * minuteMs, nowMs - 12 * hourMs + 3 * minuteMs],
  ];
  expect(barsOf(row, { earlier }, false, nowMs)).toEqual([
    { from: 0, to: 4, kind: 'past' },
    { from: 44, to: 45, kind: 'past' },
    { from: 80, to: 88, kind: 'now' },
  ]);
});

it('draws as unseen what nobody saw, and ends what ended', () => {
  const unseen = { ...row, state: 'unseen' as const, lastSeenAtMs: nowMs - hourMs };
  expect(barsOf(unseen, undefined, false, nowMs).map(({ kind }) => kind)).toEqual(['past', 'unseen']);
  expect(barsOf({ ...row, lastSeenAtMs: nowMs - hourMs }, undefined, true, nowMs).at(-1)?.kind).toBe(
    'unseen',
  );
  const ended = { ...row, resolvedAtMs: nowMs - hourMs };
  expect(barsOf(ended, undefined, false, nowMs)).toEqual([{ from: 80, to: 85, kind: 'past' }]);
});

it('counts beginnings and ends within the hour', () => {
  const signs = {
    id: 1,
    silencedBy: [],
    inhibitedBy: [],
    mutedBy: [],
    earlier: [[nowMs - 70 * minuteMs, nowMs - 50 * minuteMs]] as [number, number][],
  };
  expect(flipsWithinHour({ ...row, startsAtMs: nowMs - minuteMs }, signs, nowMs)).toBe(2);
  expect(flipsWithinHour(row, undefined, nowMs)).toBe(0);
});
