import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AskedPrometheus, ServerFacts } from '#core/metric-sources.ts';
import type { LocalAlerts } from '#core/rules/local-alerts.ts';
import type { SourceFailure } from '#shared/failure.ts';
import type { RulesView } from '#shared/model/rule.ts';
import { failed, success, type Result } from '#shared/result.ts';
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

function prometheus(facts: Result<ServerFacts, SourceFailure>): AskedPrometheus {
  const unasked = async (): Promise<never> => {
    throw new Error('nobody asks this');
  };
  return {
    name: 'p',
    url: 'http://p:9090/',
    isFresh: () => true,
    queryRange: unasked,
    query: unasked,
    labelValues: unasked,
    instant: async () => success([{ labels: { a: 'b' }, value: 1 }]),
    facts: async () => facts,
  };
}

const summary = 'in {{ $externalLabels.cluster }} at {{ externalURL }}{{ pathPrefix }}.';

function started(facts: Result<ServerFacts, SourceFailure>) {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.run());
  const folder = temporaryFolder(cleanup);
  const rules = `    - alert: A\n      expr: m > 0\n      annotations:\n        summary: "${summary}"\n`;
  writeFileSync(join(folder, 'a.yml'), `groups:\n  - name: g\n    interval: 200ms\n    rules:\n${rules}`);
  const told: LocalAlerts[] = [];
  const doubted: LocalAlerts[] = [];
  const views: RulesView[] = [];
  const local = new LocalRules({
    restore: [],
    metricSources: () => [prometheus(facts)],
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
