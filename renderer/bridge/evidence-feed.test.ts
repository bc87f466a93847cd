import { beforeEach, expect, test } from 'vitest';
import { commandFailure } from '#shared/failure.ts';
import type { LogAnswer } from '#shared/model/log.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import type { TraceList } from '#shared/model/trace.ts';
import { failed, success } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { alert, incidentDetail, incidentRow, sourceHealth } from '#support/models.ts';
import { createLiveStore, type LiveStore } from '../stores/live.ts';
import type { CoreCalls } from './core-calls.ts';
import { requestEvidence } from './evidence-feed.ts';

const startsAtMs = Date.parse('2026-11-21T03:00:00Z');
let live: LiveStore;
let asked: string[];
let origins: { loki: Origin; jaeger: Origin };
let warnings: string[];
let isRefused: boolean;

const core: Pick<CoreCalls, 'call'> = {
  call: async (command: string) => {
    asked.push(command.replace('incident.', ''));
    if (command === 'incident.runbook') return success({ runbook: null, link: null });
    if (isRefused) return failed(commandFailure('unavailable', 'no core', 'Wait.'));
    if (command === 'incident.logs') {
      const nothing = { query: '', streams: [], lines: [], isMore: false, coverage: [] };
      return success({ ...nothing, origin: origins.loki, warnings } satisfies LogAnswer);
    }
    const search = { source: '', service: '', operation: '', tags: [], minDurationNs: null, limit: 1 };
    const range = { maxDurationNs: null, fromMs: 0, toMs: 1 };
    const found = { search: { ...search, ...range }, traces: [], isMore: false, warnings: [] };
    return success({ ...found, origin: origins.jaeger } satisfies TraceList);
  },
};

function sourcesIn(loki: SourceHealth['state']): SourceHealth[] {
  return [sourceHealth({ name: 'loki', state: loki }), sourceHealth({ name: 'jaeger', state: 'fresh' })];
}

function answeredAfter(minutes: number): void {
  const atMs = startsAtMs + minutes * minuteMs;
  origins = {
    loki: { kind: 'live', source: 'loki', atMs },
    jaeger: { kind: 'live', source: 'jaeger', atMs },
  };
}

beforeEach(() => {
  live = createLiveStore();
  const detail = incidentDetail(incidentRow({ id: 1 }), { alerts: [alert({ startsAtMs })] });
  live.setState({ incident: { id: 1, detail }, sources: sourcesIn('fresh') });
  asked = [];
  warnings = [];
  isRefused = false;
});

/** @returns what the turn asked for. */
async function turn(incidentId = 1): Promise<string> {
  asked = [];
  requestEvidence(live, core, incidentId);
  await Promise.resolve();
  return asked.join(' ');
}

const all = 'logs traces runbook';

test('lines and traces are asked for until what came after the start is there, and not after that', async () => {
  const turns: string[] = [];
  for (const minutes of [0, 1, 5.4, 5.5, 9, 10.5, 60, 600]) {
    answeredAfter(minutes);
    turns.push(await turn());
  }
  expect(turns).toEqual([all, all, all, all, 'traces runbook', 'traces runbook', 'runbook', 'runbook']);
});

test('a part that failed, a part that a server warned of, and a cached one are asked for again', async () => {
  answeredAfter(60);
  isRefused = true;
  await turn();
  isRefused = false;
  warnings = ['one of two ingesters did not answer'];
  origins.jaeger = { kind: 'cache', source: 'jaeger', atMs: startsAtMs + 60 * minuteMs, reason: 'away' };
  expect(await turn()).toBe(all);
  warnings = [];
  expect(await turn()).toBe(all);
  answeredAfter(60);
  expect(await turn()).toBe('traces runbook');
  expect(await turn()).toBe('runbook');
});

test('what a source that is out of sight said is asked for again, to be told its age', async () => {
  answeredAfter(60);
  await turn();
  live.setState({ sources: sourcesIn('stale') });
  expect(await turn()).toBe('logs runbook');
});

test('of another incident nothing is known', async () => {
  answeredAfter(60);
  await turn();
  expect(await turn(2)).toBe(all);
});
