import { expect, test } from 'vitest';
import {
  readAlerts,
  readBuildInfo,
  readHeadStatistics,
  readLabelSets,
  readMetadata,
  readRules,
  readRuntimeInfo,
  readTargets,
} from './list-answers.ts';

function success(data: unknown): unknown {
  return { status: 'success', data };
}

const alertingRule = {
  state: 'firing',
  name: 'Up',
  query: 'up == 1',
  duration: 60,
  keepFiringFor: 30,
  labels: { severity: 'page' },
  annotations: { summary: 's' },
  alerts: [{}, {}],
  health: 'ok',
  evaluationTime: 0.001,
  lastEvaluation: '2026-11-21T03:12:08.123456789Z',
  type: 'alerting',
};

test('rules of both kinds, of an old server and a new one', () => {
  const { keepFiringFor: _new, ...oldRule } = alertingRule;
  const recording = { name: 'r', query: 'q', health: 'err', lastError: 'bad', type: 'recording' };
  const groups = [{ name: 'g', file: 'f.yml', interval: 15, rules: [alertingRule, oldRule, recording] }];
  expect(readRules(success({ groups }))).toMatchObject({
    ok: true,
    value: {
      rows: [
        {
          group: 'g',
          file: 'f.yml',
          kind: 'alerting',
          forMs: 60_000,
          keepFiringForMs: 30_000,
          state: 'firing',
          activeAlerts: 2,
          lastEvaluationAtMs: Date.parse('2026-11-21T03:12:08.123Z'),
        },
        { keepFiringForMs: 0 },
        {
          kind: 'recording',
          state: null,
          labels: {},
          health: 'err',
          lastError: 'bad',
          lastEvaluationAtMs: null,
        },
      ],
    },
  });
});

test('alerts, with their value as a number', () => {
  const alert = {
    labels: { a: 'b' },
    annotations: {},
    state: 'firing',
    activeAt: '2026-11-21T03:12:08Z',
    value: '1e+00',
  };
  expect(readAlerts(success({ alerts: [alert] }))).toMatchObject({
    value: { rows: [{ value: 1, activeAtMs: Date.parse('2026-11-21T03:12:08Z') }] },
  });
  expect(readAlerts(success({ alerts: [{ ...alert, value: 'one' }] }))).toMatchObject({
    failure: { code: 'malformed', message: expect.stringContaining('data.alerts.0.value') },
  });
});

test('targets are told without the credentials of their addresses', () => {
  const target = {
    discoveredLabels: {},
    labels: { job: 'node' },
    scrapePool: 'node',
    scrapeUrl: 'http://user:secret@host:9100/metrics?token=secret',
    health: 'down',
    lastError: 'refused',
    lastScrape: '0001-01-01T00:00:00Z',
  };
  const read = readTargets(success({ activeTargets: [target], droppedTargets: [] }));
  expect(read).toMatchObject({
    value: { rows: [{ scrapeUrl: 'http://host:9100/metrics', health: 'down' }] },
  });
  expect(JSON.stringify(read)).not.toContain('secret');
});

test('metadata, one row for each entry', () => {
  const data = {
    up: [{ type: 'gauge', help: 'h', unit: '' }],
    x: [
      { type: 'counter', help: '' },
      { type: 'gauge', help: '' },
    ],
  };
  expect(readMetadata(success(data))).toMatchObject({
    value: {
      rows: [
        { metric: 'up', type: 'gauge' },
        { metric: 'x', unit: '' },
        { metric: 'x', type: 'gauge' },
      ],
    },
  });
});

test('a label may have any name', () => {
  const sets: unknown = JSON.parse('[{"__proto__":"p","constructor":"c","__name__":"up"}]');
  const read = readLabelSets(success(sets));
  expect(read.ok && Object.entries(read.value.rows[0] ?? {})).toEqual([
    ['__proto__', 'p'],
    ['constructor', 'c'],
    ['__name__', 'up'],
  ]);
});

test('facts of the server, with and without what newer ones tell', () => {
  expect(readBuildInfo(success({ version: '2.24.0' }))).toMatchObject({
    value: { rows: [{ version: '2.24.0' }] },
  });
  const startTime = '2026-11-20T08:00:00.5Z';
  expect(readRuntimeInfo(success({ startTime, serverTime: 'x', GOGC: '75' }))).toMatchObject({
    value: { rows: [{ startedAtMs: Date.parse(startTime), reloadConfigSuccess: null }] },
  });
  expect(readHeadStatistics(success({ headStats: { numSeries: 59 } }))).toMatchObject({
    value: { rows: [{ series: 59 }] },
  });
  expect(readRuntimeInfo(success({ startTime: 'yesterday' }))).toMatchObject({
    failure: {
      code: 'malformed',
      message: expect.stringContaining('data.startTime: expected an RFC 3339 time'),
    },
  });
});
