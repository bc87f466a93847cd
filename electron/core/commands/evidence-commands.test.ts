import { beforeEach, expect, test } from 'vitest';
import type { AlertRecord } from '#core/store/records.ts';
import type { LogAnswer } from '#shared/model/log.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import type { TraceList } from '#shared/model/trace.ts';
import { IncidentRunbooks } from '#core/runbooks/incident-runbooks.ts';
import { success } from '#shared/result.ts';
import { evidenceCommands } from './evidence-commands.ts';

const context = { signal: new AbortController().signal };
const logs: LogAnswer = {
  origin: { kind: 'unknown', reason: 'x' },
  query: '',
  streams: [],
  lines: [],
  isMore: false,
  coverage: [],
  warnings: [],
};
const runbook: Runbook = { title: 'Disk', markdown: '# Disk', path: 'disk.md', writtenAtMs: 1, readAtMs: 2 };
const traces: TraceList = {
  origin: { kind: 'unknown', reason: 'x' },
  search: {
    source: '',
    service: '',
    operation: '',
    tags: [],
    minDurationNs: null,
    maxDurationNs: null,
    fromMs: 0,
    toMs: 1,
    limit: 1,
  },
  traces: [],
  isMore: false,
  warnings: [],
};

function alert(
  labels: Record<string, string>,
  startsAtMs: number,
  annotations: Record<string, string> = {},
): AlertRecord {
  return {
    incidentId: 7,
    homeIncidentId: null,
    fingerprint: String(startsAtMs),
    labels,
    annotations,
    generatorUrl: '',
    startsAtMs,
    firstSeenAtMs: startsAtMs,
    endedAtMs: null,
    state: 'firing',
    silencedBy: [],
    inhibitedBy: [],
    witnesses: [],
  };
}

let asked: unknown[];
let commands: ReturnType<typeof evidenceCommands>;

beforeEach(() => {
  asked = [];
  const alerts = [
    alert({ alertname: 'DiskFull', service: 'shop', pod: 'b' }, 20, {
      runbook_url: 'https://r.example/none',
    }),
    alert({ alertname: 'Slow', service: 'shop', pod: 'a' }, 10),
  ];
  commands = evidenceCommands({
    alertsOf: async (id) => (id === 7 ? alerts : undefined),
    logs: {
      incidentLogs: async (subject) => {
        asked.push(subject);
        return logs;
      },
    },
    incidentTraces: async (id, service, startsAtMs) => {
      asked.push([id, service, startsAtMs]);
      return traces;
    },
    runbooks: new IncidentRunbooks(
      {
        find: async (url, name) => {
          asked.push([url, name]);
          return name === 'DiskFull' ? runbook : null;
        },
      },
      { find: async () => ({ runbook: null, trouble: 'not asked' }) },
      { putRunbook: async () => success(undefined), runbook: async () => null },
    ),
  });
});

test('lines and traces are looked for by what the alerts share and the first start', async () => {
  expect(await commands['incident.logs']({ id: 7 }, context)).toEqual({ ok: true, value: logs });
  expect(await commands['incident.traces']({ id: 7 }, context)).toEqual({ ok: true, value: traces });
  expect(asked).toEqual([{ incidentId: 7, labels: { service: 'shop' }, startsAtMs: 10 }, [7, 'shop', 10]]);
});

test('the runbook is that of the first alert that has one', async () => {
  expect(await commands['incident.runbook']({ id: 7 }, context)).toMatchObject({ value: { runbook } });
  expect(asked).toEqual([
    ['', 'Slow'],
    ['https://r.example/none', 'DiskFull'],
  ]);
});

test.each(['incident.logs', 'incident.traces', 'incident.runbook'] as const)(
  '%s of no incident',
  async (name) => {
    expect(await commands[name]({ id: 8 }, context)).toMatchObject({
      ok: false,
      failure: { code: 'not-found' },
    });
  },
);
