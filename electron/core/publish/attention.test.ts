import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isWell } from '#shared/model/attention.ts';
import { alertStates } from '#shared/model/alert.ts';
import type { Sight } from '#shared/model/console.ts';
import { severityOf } from '#shared/model/severity.ts';
import { incidentRow } from '#support/models.ts';
import { attentionOf, sameAttention } from './attention.ts';

const live: Sight = { kind: 'live', lastSeenAtMs: 5_000, cause: '' };

test('counts what fires and nobody holds, and names the five worst, the newest first', () => {
  const rows = Array.from({ length: 12 }, (_, index) =>
    incidentRow({
      id: index + 1,
      openedAtMs: index,
      severity: severityOf(index % 4 === 0 ? 'critical' : 'warning'),
      acknowledged: index === 4 ? { by: 'ml', atMs: 1 } : null,
    }),
  );
  const attention = attentionOf(rows, live, null);
  expect(attention).toMatchObject({ firing: 11, worst: { level: 'critical' }, pausedUntilMs: null });
  expect(attention.incidents.map(({ id }) => id)).toEqual([9, 1, 12, 11, 10]);
});

test('what is suppressed, unseen, over, put off, put away or merged does not ask for anybody', () => {
  const rows = [
    incidentRow({ id: 1, state: 'suppressed' }),
    incidentRow({ id: 2, state: 'unseen' }),
    incidentRow({ id: 3, state: 'resolved', resolvedAtMs: 9 }),
    incidentRow({ id: 4, snoozed: { by: 'ml', atMs: 1, untilMs: null } }),
    incidentRow({ id: 5, noise: { by: 'ml', atMs: 1 } }),
    incidentRow({ id: 6, mergedInto: 1 }),
  ];
  expect(attentionOf(rows, live, null)).toMatchObject({ firing: 0, worst: null, incidents: [] });
});

test('what fired when it was last seen goes on asking while not all is seen', () => {
  const rows = [incidentRow({ id: 2, state: 'unseen', severity: severityOf('critical') })];
  for (const kind of ['blind', 'partial'] as const)
    expect(attentionOf(rows, { ...live, kind }, null)).toMatchObject({
      firing: 1,
      worst: { level: 'critical' },
    });
});

test('another poll of a source that is seen is no news; what a person would see is', () => {
  const before = attentionOf([], live, null);
  const blind: Sight = { kind: 'blind', lastSeenAtMs: 5_000, cause: 'a: refused' };
  expect(sameAttention(before, attentionOf([], { ...live, lastSeenAtMs: 20_000 }, null))).toBe(true);
  expect(sameAttention(before, attentionOf([], blind, null))).toBe(false);
  expect(sameAttention(before, attentionOf([], live, 9_000))).toBe(false);
  expect(sameAttention(before, attentionOf([incidentRow()], live, null))).toBe(false);
});

/** As many as there may be, in any order, many of them alike. */
const someRows = fc
  .array(
    fc.record({
      openedAtMs: fc.nat({ max: 3 }),
      severity: fc.constantFrom('critical', 'warning', 'info').map(severityOf),
    }),
    { maxLength: 40 },
  )
  .map((rows) => rows.map((row, index) => incidentRow({ ...row, id: index + 1 })));

test('those that are named are the first of all in their order', () => {
  const rank = { critical: 0, warning: 1, info: 2 };
  fc.assert(
    fc.property(someRows, (rows) => {
      const ordered = rows.toSorted(
        (left, right) =>
          rank[left.severity.level] - rank[right.severity.level] ||
          right.openedAtMs - left.openedAtMs ||
          right.id - left.id,
      );
      const attention = attentionOf(rows, live, null);
      expect(attention.incidents.map(({ id }) => id)).toEqual(ordered.slice(0, 5).map(({ id }) => id));
      expect(attention.worst).toBe(ordered[0]?.severity ?? null);
      expect(attention.firing).toBe(rows.length);
    }),
  );
});

const row = fc.record({
  id: fc.integer({ min: 1, max: 1_000 }),
  title: fc.string({ unit: 'binary', maxLength: 300 }),
  service: fc.string({ unit: 'binary', maxLength: 300 }),
  state: fc.constantFrom(...alertStates),
  severity: fc.constantFrom('critical', 'warning', 'info', 'odd').map(severityOf),
  acknowledged: fc.constantFrom(null, { by: 'ml', atMs: 1 }),
  resolvedAtMs: fc.constantFrom(null, 9),
});
const sight = fc.record({
  kind: fc.constantFrom('starting', 'live', 'partial', 'blind', 'rules-only', 'unwatched'),
  lastSeenAtMs: fc.constantFrom(null, 5_000),
  cause: fc.string(),
});

test('never well unless seen, never well while it fires, and always short plain text', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), sight, fc.option(fc.nat()), (parts, seen, paused) => {
      const attention = attentionOf(parts.map(incidentRow), seen, paused);
      const asks = parts.some(
        (part) =>
          (part.state === 'firing' || (part.state === 'unseen' && seen.kind !== 'live')) &&
          part.acknowledged === null &&
          part.resolvedAtMs === null,
      );
      expect(isWell(attention)).toBe(seen.kind === 'live' && !asks);
      expect(attention.firing > 0).toBe(asks);
      expect(attention.worst !== null).toBe(asks);
      expect(attention.incidents.length).toBe(Math.min(5, attention.firing));
      for (const { title } of attention.incidents) {
        expect(title.length).toBeLessThanOrEqual(80);
        expect(title).not.toMatch(/[\p{Cc}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
      }
    }),
  );
});
