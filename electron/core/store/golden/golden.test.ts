import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { openedIncident } from '#support/journal-records.ts';
import { sourceHealth } from '#support/models.ts';
import { IncidentKeepsakes } from '../cache/incident-keepsakes.ts';
import { Keepsakes } from '../cache/keepsakes.ts';
import { LogReader } from '../cache/logs/log-reader.ts';
import { cacheMigrations } from '../cache/migrations.ts';
import { PanelCharts } from '../cache/panel-charts.ts';
import { readBands } from '../cache/samples/band-reader.ts';
import { CacheSampleSource } from '../cache/samples/sample-reader.ts';
import { readSelection } from '../cache/samples/selection-reader.ts';
import { TraceStore } from '../cache/traces/trace-store.ts';
import {
  applicationIdOf,
  inMemory,
  openDatabase,
  schemaVersionOf,
  type SqliteDatabase,
} from '../database.ts';
import { Journal } from '../journal/journal.ts';
import { journalMigrations } from '../journal/migrations.ts';
import { latestVersion, migrate, type Migration } from '../migrate.ts';
import { StatementCache } from '../statement-cache.ts';

/** One database of every version that was ever written: `journal-N.sql` and `cache-N.sql` in this folder. */
const folder = new URL('.', import.meta.url);
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

function empty(): SqliteDatabase {
  const database = openDatabase(inMemory);
  cleanup.add(() => database.close());
  return database;
}

function golden(file: string): SqliteDatabase {
  return empty().exec(readFileSync(new URL(file, folder), 'utf8'));
}

function schemaOf(database: SqliteDatabase): unknown[] {
  return database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all();
}

function expectJournal(database: SqliteDatabase): void {
  const journal = new Journal(database, (what) => expect.unreachable(what));
  const [, alert] = openedIncident(2);
  expect(journal.load(Number.POSITIVE_INFINITY)).toMatchObject({
    lastIncidentId: 2,
    incidents: [{ id: 2, title: 'HighErrorRate', resolvedAtMs: null }],
    alerts: [alert?.kind === 'alert' ? { ...alert.record, homeIncidentId: expect.toBeOneOf([null, 1]) } : {}],
    watches: [{ source: 'alertmanager-a', lastSuccessAtMs: 9_000, serverStartedAtMs: 10 }],
    pendingNotifications: [{ id: 'notification-1', severity: { level: 'critical', word: 'Critical' } }],
    notices: [{ id: 'journal-restored-1', severity: 'warning' }],
  });
  expect(journal.incident(1)).toMatchObject({ resolvedAtMs: 90_000.5, acknowledgedBy: `o'hara` });
  expect(journal.timeline(2).entries).toMatchObject([
    { kind: 'opened', by: '' },
    { kind: 'note', detail: '“v41” → “v40”', by: 'a.okafor' },
  ]);
}

/** What only a journal of version 2 and later can hold. */
function expectRules(database: SqliteDatabase): void {
  const journal = new Journal(database, (what) => expect.unreachable(what));
  expect(journal.ruleGroups()).toEqual([
    { group: 'rules.yml;example', lastSlotAtMs: 1_795_230_000_000, state: '{"alerts":[]}' },
  ]);
}

/** What only a journal of version 3 and later can hold. */
function expectDelivery(database: SqliteDatabase): void {
  const journal = new Journal(database, (what) => expect.unreachable(what));
  expect(journal.notifications(5)).toMatchObject([
    { id: 'summary-1', incidentId: 0, outcome: 'shown', askedAtMs: 2_000, summaryId: null },
    { id: 'notification-1', outcome: null, askedAtMs: 1_000, snoozedUntilMs: 901_000 },
  ]);
  expect(journal.setting('notifications-paused')).toBe('{"fromMs":1000,"untilMs":2000}');
}

/** What only a journal of version 4 and later can hold. */
function expectVerdicts(database: SqliteDatabase): void {
  const journal = new Journal(database, (what) => expect.unreachable(what));
  const snoozed = { by: 'a.okafor', atMs: 8_000, untilMs: null, alertCount: 1, worst: 'critical' };
  expect(journal.incident(2)).toMatchObject({
    mergedInto: 1,
    verdicts: { snoozed, assignedTo: `o'hara`, handledAtMs: 8_000, split: null },
  });
  expect(journal.alerts(2)).toMatchObject([{ homeIncidentId: 1 }]);
  expect(journal.timeline(1).entries.map(({ of }) => of)).toEqual([null, 2, 2]);
}

/** What only a journal of version 5 and later can hold. */
function expectOutbox(database: SqliteDatabase): void {
  const journal = new Journal(database, (what) => expect.unreachable(what));
  expect(journal.outbox()).toEqual([
    { id: 'entry-1', createdAtMs: 8_000.5, settledAtMs: 9_000, entry: `{"of":"o'hara"}` },
    { id: 'entry-2', createdAtMs: 9_000, settledAtMs: null, entry: '{"of":"another"}' },
  ]);
  expect(journal.tendedSilences()).toEqual([
    {
      id: '0d589c71-794e-4232-ae97-5047d3a7b453',
      cluster: 'alertmanager-a',
      care: 'acknowledgement',
      incidentId: 2,
      quietSinceMs: null,
      endsAfterQuietMs: null,
      createdAtMs: 9_000,
      endedAtMs: null,
    },
  ]);
}

function expectCache(database: SqliteDatabase): void {
  const statements = new StatementCache(database);
  const keepsakes = new Keepsakes(database, statements);
  expect(keepsakes.health()).toEqual([sourceHealth()]);
  expect(keepsakes.drawing(2)?.series).toEqual([
    { labels: { job: 'api' }, timesMs: Float64Array.of(0, 15, 30), values: Float64Array.of(1, 0.5, 0) },
  ]);
  const fromMs = 1_795_230_000_000;
  const kept = readSelection(database, 'prometheus', 'up{job="api"}', fromMs, fromMs + 60_000);
  if (!kept.ok) throw new Error(kept.failure);
  const [series] = kept.value.series;
  expect(kept.value).toMatchObject({
    fetchedAtMs: fromMs + 61_000,
    covered: [{ fromMs, toMs: fromMs + 60_000 }],
  });
  expect([...(series?.timesMs ?? [])]).toEqual([123, 15_123, 30_124, 45_123].map((ms) => fromMs + ms));
  const bits = new BigUint64Array((series?.values ?? new Float64Array()).buffer);
  expect([...bits]).toEqual([
    0x3ff0_0000_0000_0000n,
    0x3ff0_0000_0000_0000n,
    0x7ff0_0000_0000_0002n,
    0xc05e_dd2f_1a9f_be77n,
  ]);
}

/** What only a cache of version 2 and later can hold. */
function expectLogsAndTraces(database: SqliteDatabase): void {
  const statements = new StatementCache(database);
  const found = new LogReader(statements).page({
    scope: { source: 'loki', selector: '{app="api"}', filters: '' },
    matchers: [{ name: 'app', operator: '=', value: 'api' }],
    filters: [{ operator: '|=', values: ['“timed'] }],
    fromNs: '0',
    toNs: '1795230001000000000',
    limit: 5,
    direction: 'backward',
    isScan: false,
  });
  const line = { timeNs: '1795230000000000001', text: 'upstream “timed out”', level: 'error', stream: 0 };
  expect(found).toMatchObject({ ok: true, value: { lines: [{ ...line, metadata: { trace_id: 'a1' } }] } });
  const evidence = new LogReader(statements).ofIncident(2);
  expect(evidence).toMatchObject({
    lines: [line],
    coverage: [{ fromMs: 1_795_230_000_000, toMs: 1_795_230_000_999 }],
  });
  const traces = new TraceStore(database, statements);
  expect(traces.trace('jaeger', 'a1')).toMatchObject({ trace: { spans: [{ operation: 'GET /cart' }] } });
  expect(traces.ofIncident(2).traces).toMatchObject([{ traceId: 'a1', rootService: 'cart' }]);
  expect(new PanelCharts(statements).find('prometheus up')?.series).toHaveLength(1);
}

/** What only a cache of version 3 and later can hold. */
function expectRunbooks(database: SqliteDatabase): void {
  const incidents = new IncidentKeepsakes(database, new StatementCache(database));
  expect(incidents.runbook(2)).toEqual({
    title: 'Disk full',
    markdown: '# Disk full\n\nLook “here” first.',
    path: 'storage/disk-full.md',
    writtenAtMs: 1_795_000_000_000.5,
    readAtMs: 1_795_230_001_000,
  });
  expect(incidents.captures([1, 2])).toEqual([{ incidentId: 2, kind: 'logs' }]);
}

/** What only a cache of version 4 and later can hold. */
function expectHistogramsAndBands(database: SqliteDatabase): void {
  const fromMs = 1_795_230_000_000;
  const source = new CacheSampleSource(database, 'prometheus');
  const [series] = source.select(
    [{ name: '__name__', operator: '=', value: 'latency' }],
    fromMs,
    fromMs + 600_000,
  );
  expect(series).toMatchObject({ values: Float64Array.of(0.25, 0.75) });
  expect(series?.histogramTimesMs).toEqual(Float64Array.of(fromMs + 120_000));
  const bands = readBands(new StatementCache(database), 'prometheus', 'latency', fromMs, fromMs + 600_000);
  const band = { timesMs: Float64Array.of(fromMs), least: Float64Array.of(0.25), count: Float64Array.of(2) };
  expect(bands).toMatchObject({ ok: true, value: [{ tierMs: 300_000, ...band }] });
}

/** A journal that cannot be upgraded, because it may not be written, is read as it is. */
test.each(journalMigrations.map(({ version }) => version))(
  'a journal of version %i is read as it is',
  (version) => {
    const database = golden(`journal-${version}.sql`);
    expectJournal(database);
    expect(schemaVersionOf(database)).toBe(version);
    const journal = new Journal(database, (what) => expect.unreachable(what));
    expect(journal.incidents(5).newest.map(({ id }) => id)).toEqual([2, 1]);
    expect(journal.timeline(2).total).toBe(2);
    expect(journal.notifications(5).at(-1)).toMatchObject({ id: 'notification-1' });
    expect(journal.alerts(2)).toHaveLength(1);
  },
);

type Expectation = (database: SqliteDatabase) => void;

/** By kind: what all versions hold, and what versions from the second on hold in addition. */
const kinds: readonly [string, readonly Migration[], readonly Expectation[]][] = [
  ['journal', journalMigrations, [expectJournal, expectRules, expectDelivery, expectVerdicts, expectOutbox]],
  ['cache', cacheMigrations, [expectCache, expectLogsAndTraces, expectRunbooks, expectHistogramsAndBands]],
];

describe.each(kinds)('%s', (kind, migrations, expectations) => {
  const files = readdirSync(folder).filter((name) => name.startsWith(`${kind}-`));

  test('of every version is here', () => {
    expect(files.sort()).toEqual(migrations.map(({ version }) => `${kind}-${version}.sql`).sort());
  });

  test.each(migrations.map(({ version }) => version))(
    'of version %i is what its migrations still make',
    (version) => {
      const made = empty();
      migrate(made, migrations.slice(0, version));
      const kept = golden(`${kind}-${version}.sql`);
      expect(schemaOf(kept)).toEqual(schemaOf(made));
      expect(applicationIdOf(kept)).toBe(applicationIdOf(made));
      expect(schemaVersionOf(kept)).toBe(version);
    },
  );

  test.each(migrations.map(({ version }) => version))(
    'of version %i is upgraded with all it holds',
    (version) => {
      const database = golden(`${kind}-${version}.sql`);
      migrate(database, migrations);
      expect(schemaVersionOf(database)).toBe(latestVersion(migrations));
      for (const expectContent of expectations.slice(0, version)) expectContent(database);
    },
  );
});
