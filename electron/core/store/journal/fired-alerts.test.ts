import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertRecord, incidentRecord } from '#support/journal-records.ts';
import { TallySum } from '#shared/silences/hidden-tally.ts';
import { inMemory, openDatabase, type SqliteDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import type { AlertRecord, JournalChange } from '../records.ts';
import { firedBefore, firedPageRows, firedParameters, type FiredPage } from './fired-alerts.ts';
import { Journal } from './journal.ts';
import { journalMigrations } from './migrations.ts';

let database: SqliteDatabase;
let journal: Journal;

beforeEach(() => {
  database = openDatabase(inMemory);
  migrate(database, journalMigrations);
  journal = new Journal(database, () => undefined);
});

afterEach(() => database.close());

const query = {
  matchers: [{ name: 'alertname', value: 'A.*', isRegex: true, isEqual: true }],
  sources: ['eu'],
  fromMs: 1_000,
  before: null,
};

function commit(changes: JournalChange[]): void {
  expect(journal.commitAll([changes])).toMatchObject([{ ok: true }]);
}

function incident(id: number, resolvedAtMs: number | null, alerts: readonly Partial<AlertRecord>[]) {
  commit([
    { kind: 'incident', record: incidentRecord({ id, resolvedAtMs }) },
    ...alerts.map((part) => ({ kind: 'alert', record: fired({ incidentId: id, ...part }) }) as const),
  ]);
}

function fired(part: Partial<AlertRecord>): AlertRecord {
  return alertRecord({ labels: { alertname: 'A' }, witnesses: [witness('eu')], endedAtMs: null, ...part });
}

function witness(source: string): AlertRecord['witnesses'][number] {
  return { source, reporting: true, says: 'firing', lastSeenAtMs: 1, serverStartedAtMs: null };
}

function pages(): FiredPage[] {
  const read: FiredPage[] = [];
  for (let before: FiredPage['next'] = null; ;) {
    const page = journal.fired({ ...query, before });
    read.push(page);
    if (page.next === null) return read;
    before = page.next;
  }
}

function sumOf(read: readonly FiredPage[]): TallySum {
  const sum = new TallySum();
  for (const { tally } of read) sum.add(tally);
  return sum;
}

test('what fired within the window, was reported by one of these, and is taken', () => {
  incident(1, 900, [{ fingerprint: 'before' }]);
  incident(2, null, [
    { fingerprint: 'open' },
    { fingerprint: 'ended before', endedAtMs: 900 },
    { fingerprint: 'another', labels: { alertname: 'B' } },
    { fingerprint: 'elsewhere', witnesses: [witness('us')] },
  ]);
  incident(3, 2_000, [{ fingerprint: 'ended', endedAtMs: 2_000, labels: { alertname: 'AB' } }]);
  const [page, ...more] = pages();
  expect(more).toEqual([]);
  expect([...(page?.tally.fingerprints ?? [])]).toEqual(['ended', 'open']);
  expect([...(page?.tally.incidentIds ?? [])]).toEqual([3, 2]);
  expect(page?.labelSets).toEqual([{ alertname: 'AB' }, { alertname: 'A' }]);
});

test('an alert that fired again is one, of two incidents', () => {
  incident(1, 1_500, [{ fingerprint: 'same', endedAtMs: 1_500 }]);
  incident(2, null, [{ fingerprint: 'same' }]);
  const { fingerprints, incidentIds } = sumOf(pages());
  expect([fingerprints.size, incidentIds.size]).toEqual([1, 2]);
});

test('pages meet without a gap or an overlap, however many alerts an incident has', () => {
  const names = Array.from({ length: firedPageRows * 2 + 1 }, (_, index) => String(index).padStart(16, '0'));
  incident(
    1,
    null,
    names.slice(0, firedPageRows + 7).map((fingerprint) => ({ fingerprint })),
  );
  incident(
    2,
    null,
    names.slice(firedPageRows + 7).map((fingerprint) => ({ fingerprint })),
  );
  const read = pages();
  expect(read.map(({ tally }) => tally.looked)).toEqual([firedPageRows, firedPageRows, 1]);
  expect([...sumOf(read).fingerprints].toSorted()).toEqual(names);
});

test('is read along the keys, without sorting', () => {
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${firedBefore}`).all(firedParameters(query));
  expect(JSON.stringify(plan)).not.toContain('TEMP B-TREE');
  expect(JSON.stringify(plan)).toMatch(/SEARCH incident USING INTEGER PRIMARY KEY.*SEARCH alert USING INDEX/);
});

test(
  'a hundred thousand alerts are looked through soon, and no page holds the thread for long',
  { timeout: 120_000 },
  (context) => {
    context.skip(process.env['OPSSIGHT_FULL'] !== '1', 'measures time; `npm run check` does');
    for (let id = 1; id <= 500; id++) {
      const alerts = Array.from({ length: 200 }, (_, index) => ({
        fingerprint: String(id * 1_000 + index).padStart(16, '0'),
        labels: {
          alertname: `A${id % 50}`,
          service: `s${id % 20}`,
          instance: `web-${index}`,
          severity: 'critical',
        },
      }));
      incident(id, null, alerts);
    }
    const sum = new TallySum();
    let longestMs = 0;
    const startedMs = processorMs();
    for (let before: FiredPage['next'] = null; ;) {
      const askedMs = processorMs();
      const page: FiredPage = journal.fired({ ...query, before });
      longestMs = Math.max(longestMs, processorMs() - askedMs);
      sum.add(page.tally);
      before = page.next;
      if (before === null) break;
    }
    expect(sum.fingerprints.size).toBe(100_000);
    expect(processorMs() - startedMs).toBeLessThan(3_000);
    expect(longestMs).toBeLessThan(200);
  },
);

/** Of this process: what others do on the machine is no part of it. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
