import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TraceToKeep } from '#core/store/cache/trace-records.ts';
import { openDatabase } from '#core/store/database.ts';
import { openStore, type Store } from '#core/store/store.ts';
import type { Span } from '#shared/model/trace.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import { Cleanup } from '#support/cleanup.ts';
import {
  alertRecord,
  incidentRecord,
  notificationRecord,
  openedIncident,
  timelineRecord,
} from '#support/journal-records.ts';
import { sourceHealth } from '#support/models.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import type { InspectionReport } from './inspection-json.ts';
import { runCommand } from './main.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
});

afterEach(() => cleanup.run());

interface Printed {
  readonly code: number;
  readonly output: string;
  readonly error: string;
}

function run(...argv: string[]): Printed {
  const printed = { output: '', error: '' };
  const code = runCommand(argv, {
    output: (text) => void (printed.output += text),
    error: (text) => void (printed.error += text),
    nowMs,
  });
  return { code, ...printed };
}

function inspectJson(...more: string[]): InspectionReport {
  const printed = run('inspect', '--data', directory, '--json', ...more);
  expect(printed).toMatchObject({ code: 0, error: '' });
  return JSON.parse(printed.output) as InspectionReport;
}

async function openFilled(): Promise<Store> {
  const opened = await openStore({
    dataDirectory: directory,
    safeMode: false,
    onNotice: () => {},
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  cleanup.add(() => store.close());
  const notice = { id: 'n', severity: 'info', message: 'm', nextStep: 's', atMs: 7 } as const;
  const committed = await store.commit([
    ...openedIncident(1, { resolvedAtMs: 50_000 }),
    {
      kind: 'incident',
      record: incidentRecord({ id: 2, acknowledgedBy: 'a.okafor', acknowledgedAtMs: 9_000 }),
    },
    { kind: 'alert', record: alertRecord({ incidentId: 2 }) },
    { kind: 'alert', record: alertRecord({ incidentId: 2, fingerprint: 'b', labels: { severity: 'info' } }) },
    { kind: 'timeline', record: timelineRecord({ incidentId: 2, text: 'Incident \u001b[31mopened' }) },
    { kind: 'notification', record: notificationRecord({ incidentId: 2, outcome: 'shown', outcomeAtMs: 8 }) },
    { kind: 'watch', record: { source: 'alertmanager-a', lastSuccessAtMs: 77_000, serverStartedAtMs: 1 } },
    { kind: 'notice', record: notice },
  ]);
  expect(committed.ok).toBe(true);
  await store.putHealth([sourceHealth()]);
  const columns = { timesMs: Float64Array.of(1_000, 2_000, 3_000), values: Float64Array.of(1, 2, 3) };
  const kept = { source: 'prometheus', fetchedAtMs: 5_000, incidentId: 2 };
  const up = { ...kept, selector: 'up', series: [{ labels: { __name__: 'up' }, ...columns }] };
  const down = { ...kept, selector: 'down', series: [{ labels: { __name__: 'down' }, ...columns }] };
  for (const samples of [
    { ...up, fromMs: 0, toMs: 2_500 },
    { ...up, fromMs: 2_900, toMs: 4_000 },
    { ...down, fromMs: 0, toMs: 9_000 },
  ])
    expect(await store.putSamples(samples)).toMatchObject({ ok: true });
  const lines = [
    { timeNs: '1795230000000000001', text: 'timed “out”', level: 'error', metadata: { trace_id: 'a1' } },
    { timeNs: '1795230000000000003', text: 'again\u001b[31m', level: 'error', metadata: {} },
  ] as const;
  const scope = { source: 'loki', selector: '{app="api"}', filters: '' };
  const logs = { scope, fetchedAtMs: 5_000, incidentId: 2, coverage: null };
  await store.putLogs({ ...logs, streams: [{ labels: { app: 'api' }, lines: [...lines] }] });
  const other = { timeNs: '1795230000000000009', text: 'x', level: 'info', metadata: {} } as const;
  await store.putLogs({ ...logs, incidentId: null, streams: [{ labels: { app: 'b' }, lines: [other] }] });
  const trace = keptTrace('a1', '1795230000000000001');
  await store.putTraces([{ source: 'jaeger', ...trace, fetchedAtMs: 5_000, incidentId: 2 }]);
  const runbook = { title: 'Errors', markdown: '# Errors', path: 'errors.md', writtenAtMs: 1, readAtMs: 2 };
  await store.putRunbook(2, runbook);
  await store.putCapture(2, 'logs');
  return store;
}

function keptTrace(traceId: string, startNs: string): Pick<TraceToKeep, 'trace' | 'summary'> {
  const span: Span = {
    spanId: '1',
    parentSpanId: '',
    process: 0,
    operation: 'GET /',
    kind: 'server',
    startNs,
    durationNs: 5,
    status: 'error',
    statusMessage: '',
    attributes: [],
    events: [],
    links: [],
    warnings: [],
  };
  const trace = { traceId, processes: [{ service: 'api', attributes: [] }], spans: [span], warnings: [] };
  return { trace, summary: summaryOf(trace, 'jaeger') };
}

function expectFilled(report: InspectionReport): void {
  expect(report).toMatchObject({
    dataDirectory: directory,
    inspectedAtMs: nowMs,
    schema: { journal: { version: 5 }, cache: { version: 4 } },
    incidents: [
      {
        id: 2,
        name: 'INC-2',
        state: 'firing',
        severity: { level: 'critical', word: 'Critical' },
        acknowledged: { by: 'a.okafor', atMs: 9_000 },
        alertCount: 2,
        lastSeenAtMs: 77_000,
        alerts: [{ fingerprint: '0123456789abcdef', sources: ['alertmanager-a'] }, { fingerprint: 'b' }],
        timeline: [{ kind: 'opened', atMs: 1_000 }],
        timelineTotal: 1,
      },
      { id: 1, resolvedAtMs: 50_000, acknowledged: null },
    ],
    incidentsTotal: 2,
    alerts: [{ incidentId: 2 }, { incidentId: 2 }, { incidentId: 1 }],
    notifications: [{ id: 'notification-1', outcome: 'shown', outcomeAtMs: 8, openedAtMs: null }],
    watches: [{ source: 'alertmanager-a' }],
    sources: [{ name: 'prometheus', state: 'fresh' }],
    coverage: [
      { source: 'prometheus', selector: 'down', fromMs: 0, toMs: 9_000, series: 1, samples: 3 },
      { selector: 'up', fromMs: 0, toMs: 2_500, series: 1, samples: 2, fetchedAtMs: 5_000 },
      { selector: 'up', fromMs: 2_900, toMs: 4_000, series: 1, samples: 1 },
    ],
    logs: [
      {
        source: 'loki',
        streams: 2,
        lines: 3,
        fromNs: '1795230000000000001',
        toNs: '1795230000000000009',
        bytes: 45,
      },
    ],
    traces: [
      { source: 'jaeger', traces: 1, spans: 1, fromNs: '1795230000000000001', bytes: expect.any(Number) },
    ],
    runbooks: [{ path: 'errors.md', title: 'Errors', writtenAtMs: 1, readAtMs: 2, bytes: 8, incidents: 1 }],
    pinned: [
      {
        incidentId: 2,
        lines: { count: 2, fromNs: '1795230000000000001', toNs: '1795230000000000003', bytes: 25 },
        traces: { count: 1, fromNs: '1795230000000000001' },
        runbook: 'errors.md',
        logsCapturedAtMs: nowMs,
        tracesCapturedAtMs: null,
      },
    ],
    notices: [{ id: 'n' }],
    problems: [],
  });
}

describe('inspect', () => {
  test('reads a folder while its owner writes to it', async () => {
    const store = await openFilled();
    expectFilled(inspectJson());
    expect((await store.commit(openedIncident(3))).ok).toBe(true);
    expect(inspectJson('--limit', '1')).toMatchObject({ incidents: [{ id: 3 }], incidentsTotal: 3 });
  });

  test('reads a folder whose owner has ended, and changes nothing in it', async () => {
    await (await openFilled()).close();
    const content = (): [string, string][] =>
      readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString('base64')]);
    const before = content();
    expectFilled(inspectJson());
    expect(content()).toEqual(before);
  });

  test('prints tables for a person, without what a terminal would obey', async () => {
    await openFilled();
    const { code, output } = run('inspect', '--data', directory);
    expect(code).toBe(0);
    expect(output).toMatch(/INC-2 +Critical +firing +HighErrorRate +backend +2 .*by a\.okafor/);
    expect(output).toMatch(/prometheus +up +.* +1 +2 +\d+/);
    expect(output).toMatch(/Kept log lines\n.*\n +loki +.* +2 +3 +45\n/);
    expect(output).toMatch(/Kept traces\n.*\n +jaeger +.* +1 +1 +\d+\n/);
    expect(output).toMatch(/Kept runbooks\n.*\n +errors\.md +Errors +.* ago +1 +8\n/);
    expect(output).toMatch(/Pinned by incidents\n.*\n +INC-2 +2 +25 +1 +\d+ +errors\.md +.* +no\n/);
    expect(output).not.toContain('\u001b');
  });

  test.each([1, 2])('reads a cache of version %i, which has less', async (version) => {
    await (await openFilled()).close();
    const path = join(directory, 'cache.db');
    rmSync(path);
    writeFileSync(path, '');
    const database = openDatabase(path);
    database.exec(
      readFileSync(new URL(`../core/store/golden/cache-${version}.sql`, import.meta.url), 'utf8'),
    );
    database.close();
    const report = inspectJson();
    const problems = [`The samples of a cache of version ${version} are not read.`];
    expect(report).toMatchObject({ schema: { cache: { version } }, runbooks: [], problems });
    expect(report.logs).toHaveLength(version - 1);
    expect(report.pinned).toHaveLength(version - 1);
  });

  test('still tells the journal where the cache is damaged', async () => {
    await (await openFilled()).close();
    writeFileSync(join(directory, 'cache.db'), 'noise '.repeat(1_000));
    const report = inspectJson();
    expect(report.incidentsTotal).toBe(2);
    expect(report.problems).toEqual([expect.stringContaining('The cache is damaged')]);
  });

  test('fails by name where there is nothing, or nothing readable', () => {
    expect(run('inspect', '--data', directory)).toMatchObject({ code: 1, output: '' });
    writeFileSync(join(directory, 'journal.db'), 'noise '.repeat(1_000));
    const damaged = run('inspect', '--data', directory, '--json');
    expect(damaged).toMatchObject({
      code: 1,
      output: '',
      error: expect.stringContaining('The journal is damaged'),
    });
  });
});

describe('called wrongly', () => {
  test.each([
    [[], 'A command is missing'],
    [['inspct'], 'Did you mean "inspect"?'],
    [['inspect'], '--data DIR is missing'],
    [['inspect', '--data'], '--data needs a value: DIR'],
    [['inspect', '--data', '--json'], '--data needs a value: DIR'],
    [['inspect', '--dta', 'x'], 'Did you mean --data?'],
    [['inspect', '--data', 'x', '-j'], '-j is not an option here'],
    [['inspect', '--data', 'x', '--json=yes'], '--json takes no value'],
    [['inspect', '--data', 'x', 'more'], '"more" is not expected here'],
    [['inspect', '--data', 'x', '--limit', '0'], '--limit needs a whole number'],
    [['help', 'inspekt'], 'Did you mean "inspect"?'],
  ])('%j: exit code 2, what is wrong, and how it is called', (argv, said) => {
    const printed = run(...argv);
    expect(printed).toMatchObject({ code: 2, output: '', error: expect.stringContaining(said) });
    expect(printed.error).toContain('inspect --data DIR [--json]');
  });
});

test.each([[['help']], [['--help']], [['help', 'inspect']], [['inspect', '--help']]])(
  '%j prints help',
  (argv) => {
    expect(run(...argv)).toMatchObject({
      code: 0,
      error: '',
      output: expect.stringContaining('inspect --data DIR'),
    });
  },
);
