import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { IncidentRow } from '#shared/model/incident.ts';
import { incidentRow } from '#support/models.ts';
import { Announcements, gatherMs, quietMs, type Announcement } from './announcements.ts';

const warning = { level: 'warning', word: 'Warning' } as const;
let said: Announcement[];
let announcements: Announcements;
let rows: readonly IncidentRow[];

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  announcements = new Announcements((one) => void said.push(one));
  rows = [incidentRow({ id: 1 })];
  announcements.show(null);
  announcements.show(rows);
});
afterEach(() => {
  announcements.stop();
  vi.useRealTimers();
});

function arrive(...parts: readonly Partial<IncidentRow>[]): void {
  rows = [...rows, ...parts.map((part) => incidentRow(part))];
  announcements.show(rows);
}

it('says nothing of what was there, and one sentence of what came within three seconds', () => {
  vi.advanceTimersByTime(60_000);
  arrive({ id: 2, severity: warning, title: 'Slow', service: 'web' });
  arrive({ id: 3, title: 'Down', service: 'db' });
  arrive({ id: 4, state: 'suppressed' });
  expect(said).toEqual([]);
  vi.advanceTimersByTime(gatherMs);
  expect(said).toEqual([{ words: '2 new incidents, 1 critical, the first Down db', interrupts: true }]);
});

it('does not interrupt for what is not critical', () => {
  arrive({ id: 2, severity: warning, title: 'Slow', service: 'web' });
  vi.advanceTimersByTime(gatherMs);
  expect(said).toEqual([{ words: 'New incident, Warning: Slow web', interrupts: false }]);
});

it('does not say twice what changes or comes back under its number', () => {
  arrive({ id: 2 });
  vi.advanceTimersByTime(gatherMs);
  rows = rows.map((row) => ({ ...row, revision: row.revision + 1 }));
  announcements.show(rows);
  announcements.show(rows.slice(0, 1));
  announcements.show(rows);
  vi.advanceTimersByTime(60_000);
  expect(said).toHaveLength(1);
});

it('is at most a sentence in eight seconds, in a storm of a minute', () => {
  let id = 2;
  for (let second = 0; second < 60; second++) {
    arrive(...Array.from({ length: 80 }, () => ({ id: id++ })));
    vi.advanceTimersByTime(1_000);
  }
  vi.advanceTimersByTime(quietMs);
  expect(said.length).toBeLessThanOrEqual(9);
  const told = said.reduce((sum, { words }) => sum + Number(/^\d+/.exec(words)?.[0] ?? 1), 0);
  expect(told).toBe(60 * 80);
});
