import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store } from '#core/store/store.ts';
import type { TraceSource } from '#core/traces/trace-source.ts';
import type { Pinned } from '#core/evidence/notes.ts';
import { nanosecondsOf } from '#shared/model/log.ts';
import { failed, success } from '#shared/result.ts';
import { summaryOf } from '#shared/traces/summary.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { FakeSource, refusedFailure } from '#support/fake-logs.ts';
import { alertRecord, openedIncident } from '#support/journal-records.ts';
import { slowTrace } from '#support/scripted-traces.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { Investigation } from './investigation.ts';

/** What becomes of an incident that began long before its sources came in sight; over the real store. */
const nowMs = Date.parse('2026-11-21T04:00:00Z');
const startsAtMs = nowMs - 3_600_000;
const id = 7;
const context = { signal: new AbortController().signal };
const cleanup = new Cleanup();
let data: string;
let runbooksFolder: string;
let store: Store;
let loki: FakeSource;
let jaeger: { isFresh: boolean; searches: number };
let pinned: Pinned[];
let investigation: Investigation;

beforeEach(async () => {
  data = temporaryFolder(cleanup);
  runbooksFolder = join(temporaryFolder(cleanup), 'books');
  await mkdir(runbooksFolder);
  await writeFile(join(runbooksFolder, 'slow.md'), '# Slow');
  loki = new FakeSource('loki');
  loki.lines = [{ labels: { app: 'shop' }, timeNs: nanosecondsOf(startsAtMs + 1), text: 'slow' }];
  jaeger = { isFresh: true, searches: 0 };
  pinned = [];
  await start();
  await store.commit(openedIncident(id));
});

afterEach(async () => {
  investigation.stop();
  await store.close();
  await cleanup.run();
});

const trace = slowTrace({ traceId: 'a1' });

function traceSource(): TraceSource {
  const unasked = async () => failed(refusedFailure);
  return {
    name: 'jaeger',
    isFresh: () => jaeger.isFresh,
    client: {
      services: unasked,
      operations: unasked,
      dependencies: unasked,
      trace: unasked,
      search: async () => {
        jaeger.searches++;
        return success({ summaries: [summaryOf(trace, 'jaeger')], traces: [trace] });
      },
    },
  };
}

async function start(): Promise<void> {
  const opened = await openStore({
    dataDirectory: data,
    safeMode: false,
    onNotice: ({ message }) => expect.unreachable(message),
    nowMs: () => nowMs,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  store = opened.value;
  const alert = alertRecord({ incidentId: id, startsAtMs, labels: { alertname: 'Slow', service: 'shop' } });
  investigation = new Investigation({
    dataDirectory: data,
    store,
    sources: {
      logSources: () => [loki],
      traceSources: () => [traceSource()],
      metricSources: () => [],
      prometheusServers: () => [],
    },
    runbooks: { folder: () => runbooksFolder, hosts: () => [], proxyFor: async () => success(null) },
    alertsOf: async () => [{ ...alert, annotations: { runbook_url: 'https://r.example/slow' } }],
    onPinned: (_id, part) => pinned.push(part),
    nowMs: () => nowMs,
  });
}

async function restart(): Promise<void> {
  investigation.stop();
  await store.close();
  await start();
}

async function isCaptured(...kinds: string[]): Promise<true> {
  return eventually(`${kinds.join(' and ')} are captured`, async () => {
    const captures = await store.captures([id]);
    return captures.map(({ kind }) => kind).join() === kinds.join() || undefined;
  });
}

test('each kind is captured once its source is in sight, once, and not asked for by the next core', async () => {
  loki.fresh = false;
  await investigation.capture([id]);
  await isCaptured('traces');
  expect(loki.asked).toEqual([]);
  loki.fresh = true;
  investigation.sourceReturned('jaeger');
  investigation.sourceReturned('loki');
  await isCaptured('logs', 'traces');
  expect(pinned).toEqual([
    { lines: 0, traces: 1 },
    { lines: 1, traces: 1 },
  ]);
  await restart();
  await investigation.capture([id]);
  investigation.sourceReturned('loki');
  expect([loki.asked.length, jaeger.searches]).toEqual([1, 1]);
});

test('what was not captured when the core ended is by the next one', async () => {
  loki.fresh = false;
  jaeger.isFresh = false;
  await investigation.capture([id]);
  await restart();
  loki.fresh = true;
  jaeger.isFresh = true;
  await investigation.capture([id]);
  await isCaptured('logs', 'traces');
});

test('after a restart without any source or folder, lines, traces and runbook are there with their age', async () => {
  await investigation.capture([id]);
  await isCaptured('logs', 'traces');
  loki.fresh = false;
  jaeger.isFresh = false;
  await rm(runbooksFolder, { recursive: true });
  await restart();
  const handlers = investigation.handlers();
  const answers = [
    await handlers['incident.logs']({ id }, context),
    await handlers['incident.traces']({ id }, context),
    await handlers['incident.runbook']({ id }, context),
  ];
  expect(answers).toMatchObject([
    { value: { origin: { kind: 'cache', atMs: nowMs }, lines: [{ text: 'slow' }] } },
    { value: { origin: { kind: 'cache', atMs: nowMs }, traces: [{ traceId: 'a1' }] } },
    { value: { runbook: { title: 'Slow', markdown: '# Slow', readAtMs: nowMs } } },
  ]);
});
