import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AskedPrometheus, ServerFacts } from '#core/metric-sources.ts';
import type { CoveredSamples } from '#core/metrics/kept-coverage.ts';
import { answerKept } from '#core/metrics/kept-query.ts';
import { QueryDesk } from '#core/metrics/query-desk.ts';
import type { LocalAlerts } from '#core/rules/local-alerts.ts';
import type { SourceFailure } from '#shared/failure.ts';
import type { QueryResult } from '#shared/model/query.ts';
import type { RulesView } from '#shared/model/rule.ts';
import { MemorySource } from '#shared/promql/model/memory-source.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { LocalRules } from './local-rules.ts';

/** Local rules among the other parts: which Prometheus answers, and what is known of it. */

const notThere: SourceFailure = {
  code: 'not-this-api',
  message: 'it has no such endpoint',
  nextStep: '',
  retryAfterMs: null,
  status: 404,
};

const oneSample: QueryResult = {
  kind: 'vector',
  series: [{ labels: { a: 'b' }, timesMs: Float64Array.of(0), values: Float64Array.of(1) }],
};

function prometheus(facts: Result<ServerFacts, SourceFailure>): AskedPrometheus {
  const unasked = async (): Promise<never> => {
    throw new Error('nobody asks this');
  };
  return {
    name: 'p',
    url: 'http://p:9090/',
    isFresh: () => true,
    queryRange: unasked,
    query: async () => success({ result: oneSample, warnings: [], infos: [] }),
    labelValues: unasked,
    facts: async () => facts,
  };
}

/** What is kept of that server: `up` of one target at every second until then. */
function keptUntil(toMs: number): CoveredSamples {
  const source = new MemorySource();
  const series = source.series(source.labels.ofLabels({ __name__: 'up', job: 'a' }));
  for (let timeMs = toMs - 20 * minuteMs; timeMs <= toMs; timeMs += 1_000) series.append(timeMs, 1);
  return {
    labels: source.labels,
    select: (...asked) => source.select(...asked),
    hasBands: () => false,
    covered: (_matchers, fromMs, upToMs) =>
      fromMs > toMs ? [] : [{ fromMs, toMs: Math.min(upToMs, toMs), fetchedAtMs: toMs }],
  };
}

function queriesOf(server: AskedPrometheus, samples: CoveredSamples): QueryDesk {
  const limits = { deadlineMs: Infinity, nowMs: () => 0, isCancelled: () => false };
  return new QueryDesk({
    sources: () => [server],
    kept: { ask: async (question) => answerKept(samples, question, limits) },
    traitsOf: async () => ({ semantics: 'v3', lookbackMs: 5 * minuteMs, subqueryStepMs: minuteMs }),
    nowMs: Date.now,
  });
}

const summary = 'in {{ $externalLabels.cluster }} at {{ externalURL }}{{ pathPrefix }}.';

const alertA = `    - alert: A\n      expr: m > 0\n      annotations:\n        summary: "${summary}"\n`;

function started(
  facts: Result<ServerFacts, SourceFailure>,
  { server = prometheus(facts), rules = alertA, keptUntilMs = 0 } = {},
) {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.run());
  const folder = temporaryFolder(cleanup);
  writeFileSync(join(folder, 'a.yml'), `groups:\n  - name: g\n    interval: 200ms\n    rules:\n${rules}`);
  const told: LocalAlerts[] = [];
  const doubted: LocalAlerts[] = [];
  const views: RulesView[] = [];
  const local = new LocalRules({
    restore: [],
    metricSources: () => [server],
    queries: queriesOf(server, keptUntil(keptUntilMs)),
    commit: async () => success(undefined),
    onAlerts: (alerts) => told.push(alerts),
    onDoubt: (alerts) => doubted.push(alerts),
    onView: (view) => views.push(view),
  });
  onTestFinished(() => local.stop());
  const setting = sourceSettings({ kind: 'prometheus', name: 'p', url: 'http://p:9090/' });
  local.configure({ folder, source: 'p' }, [setting]);
  local.start();
  const firing = () => eventually('it fires', () => told.at(-1)?.alerts[0]);
  return { local, folder, setting, firing, told, doubted, lastView: () => views.at(-1) };
}

const untold = {
  externalLabels: {},
  externalUrl: '',
  lookbackMs: 300_000,
  evaluationIntervalMs: 60_000,
  version: '3.5.0',
};

test('templates say what the server says of itself', async () => {
  const facts = { ...untold, externalLabels: { cluster: 'eu' }, externalUrl: 'http://public/prom/' };
  const { firing, lastView } = started(success(facts));
  expect((await firing()).annotations).toEqual({ summary: 'in eu at http://public/prom/prom.' });
  expect(lastView()?.problems).toEqual([]);
});

test('a server that was told no address has the one that it is asked at', async () => {
  const { firing } = started(success(untold));
  expect((await firing()).annotations).toEqual({ summary: 'in  at http://p:9090.' });
});

test('what the server does not tell is left empty, and said where it is used', async () => {
  const { firing, lastView } = started(failed(notThere));
  expect((await firing()).annotations).toEqual({ summary: 'in  at .' });
  await eventually('it is said', () => lastView()?.problems[0]);
  expect(lastView()?.problems).toEqual([
    {
      severity: 'warning',
      file: 'a.yml',
      line: 8,
      column: 26,
      path: 'A',
      message: expect.stringMatching(/left empty: it has no such endpoint$/),
      accepted: '',
    },
  ]);
});

test('a source that is taken out or renamed is said, and nothing is lost', async () => {
  const { local, folder, setting, firing, told, doubted, lastView } = started(failed(notThere));
  await firing();
  local.configure({ folder, source: 'p' }, [{ ...setting, name: 'renamed' }]);
  const [alert] = (await eventually('it is doubted', () => doubted.at(-1))).alerts;
  expect(alert?.doubt?.cause).toContain('rules.source names "p", and no Prometheus of this name');
  expect(lastView()?.groups[0]?.rules[0]).toMatchObject({ health: 'error', state: 'firing' });
  const before = told.length;
  local.configure({ folder, source: 'p' }, [setting]);
  await eventually('it is told again', () => (told.length > before ? true : undefined));
  expect(told.at(-1)).toMatchObject({ alerts: [{ startsAtMs: alert?.startsAtMs, doubt: undefined }] });
});

test('without its server a rule is evaluated where all that it needs is kept, else its state is unknown', async () => {
  const gone = failed({ ...notThere, code: 'refused', message: 'connection refused.' } as const);
  const server = { ...prometheus(gone), isFresh: () => false, query: async () => gone };
  const rules = ['absent(up)', 'up offset 10m == 1', 'up offset 10m == 2', 'absent(up offset 10m)']
    .map((expression, index) => `    - alert: A${index}\n      expr: ${expression}\n`)
    .join('');
  // So long ago that over what is kept `up` would be absent.
  const keptUntilMs = Date.now() - 8 * minuteMs;
  const { firing, told, lastView } = started(gone, { server, rules, keptUntilMs });
  expect((await firing()).labels).toEqual({ alertname: 'A1', job: 'a' });
  const seen = told.length;
  await eventually('slots went by', () => (told.length > seen + 2 ? true : undefined));
  expect(told.flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname']))).not.toContain('A0');
  expect(lastView()?.groups[0]?.rules).toMatchObject([
    {
      health: 'error',
      state: 'inactive',
      lastError: expect.stringMatching(/^p: connection refused; up is not kept from \S+Z to \S+Z$/),
    },
    { health: 'ok', state: 'firing' },
    { health: 'ok', state: 'inactive' },
    { health: 'ok', state: 'inactive' },
  ]);
});

test('an answer that is no vector fails the rule', async () => {
  const text: QueryResult = { kind: 'string', timeMs: 0, value: 'x' };
  const server = {
    ...prometheus(success(untold)),
    query: async () => success({ result: text, warnings: [], infos: [] }),
  };
  const { lastView } = started(success(untold), { server });
  const error = await eventually('it fails', () => lastView()?.groups[0]?.rules[0]?.lastError || undefined);
  expect(error).toBe('rule result is not a vector or scalar but a string');
});
