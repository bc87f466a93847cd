import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { IncidentRow } from '#shared/model/incident.ts';
import { incidentRow } from '#support/models.ts';
import { changeOf, inverseOf, sayingsOf, type Saying } from './sayings.ts';

const said = fc.option(fc.record({ by: fc.constantFrom('ml', 'ao'), atMs: fc.nat() }));
const row = fc.record({
  acknowledged: said,
  holdsSilence: fc.boolean(),
  snoozed: fc.option(
    fc.record({ by: fc.constant('ml'), atMs: fc.nat(), untilMs: fc.option(fc.constantFrom(5_000, 9_000)) }),
  ),
  noise: said,
  assignedTo: fc.option(fc.constantFrom('ml', 'ao')),
});

const ids = [1, 2, 3];
const saying: fc.Arbitrary<Saying> = fc.oneof(
  fc.record({ ids: fc.constant(ids), undo: fc.boolean() }).map((input): Saying => ({
    command: 'incident.release',
    input,
  })),
  fc
    .record({ ids: fc.constant(ids), untilMs: fc.option(fc.nat()), undo: fc.boolean() })
    .map((input): Saying => ({ command: 'incident.snooze', input })),
  fc.record({ ids: fc.constant(ids), undo: fc.boolean() }).map((input): Saying => ({
    command: 'incident.wake',
    input,
  })),
  fc
    .record({ ids: fc.constant(ids), to: fc.option(fc.constant('zz')), undo: fc.boolean() })
    .map((input): Saying => ({ command: 'incident.assign', input })),
  fc.constant<Saying>({ command: 'incident.close', input: { ids } }),
  fc.constant<Saying>({ command: 'incident.acknowledge', input: { ids, silence: true } }),
  fc.record({ ids: fc.constant(ids), noise: fc.boolean(), undo: fc.boolean() }).map((input): Saying => ({
    command: 'incident.markNoise',
    input,
  })),
);

/** What a person sees of a row; who said it and when is told anew. */
function seen(row: IncidentRow): unknown {
  const { acknowledged, holdsSilence, snoozed, noise, assignedTo, resolvedAtMs } = row;
  const silence = acknowledged !== null && holdsSilence;
  const isOver = resolvedAtMs !== null;
  return [acknowledged !== null, silence, snoozed && snoozed.untilMs, noise !== null, assignedTo, isOver];
}

test('what takes a verdict back leaves the rows as they were', () => {
  fc.assert(
    fc.property(fc.tuple(row, row, row), saying, (parts, given) => {
      const before = parts.map((part, index) => incidentRow({ id: index + 1, ...part }));
      const apply = (rows: readonly IncidentRow[], one: Saying) =>
        rows.map((each) => (one.input.ids.includes(each.id) ? { ...each, ...changeOf(one, 'ml', 7) } : each));
      const after = inverseOf(given, before).reduce(apply, apply(before, given));
      expect(after.map(seen)).toEqual(before.map(seen));
    }),
  );
});

test('an acknowledgement taken back leaves those that were held before', () => {
  const rows = [incidentRow({ id: 1 }), incidentRow({ id: 2, acknowledged: { by: 'ao', atMs: 1 } })];
  const given: Saying = { command: 'incident.acknowledge', input: { ids: [1, 2], silence: false } };
  expect(inverseOf(given, rows)).toEqual([{ command: 'incident.release', input: { ids: [1], undo: true } }]);
});

test('a silence wished for one that was held already is let go of when that is taken back', () => {
  const held = { acknowledged: { by: 'ml', atMs: 1 } };
  const rows = [incidentRow({ id: 1, ...held }), incidentRow({ id: 2, ...held, holdsSilence: true })];
  const given: Saying = { command: 'incident.acknowledge', input: { ids: [1, 2], silence: true } };
  expect(inverseOf(given, rows)).toEqual([
    { command: 'incident.release', input: { ids: [1], undo: true } },
    { command: 'incident.acknowledge', input: { ids: [1], silence: false } },
  ]);
});

test('more than a command takes are several commands, each incident once', () => {
  const many = Array.from({ length: 2_500 }, (_, index) => index + 1);
  const sayings = sayingsOf(many, (some) => ({
    command: 'incident.wake',
    input: { ids: some, undo: false },
  }));
  expect(sayings.map(({ input }) => input.ids.length)).toEqual([1_000, 1_000, 500]);
  expect(sayings.flatMap(({ input }) => input.ids)).toEqual(many);
});
