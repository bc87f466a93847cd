import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { failed } from '#shared/result.ts';
import {
  readDependencies,
  readOperations,
  readServices,
  readSummaries,
  readTraces,
  tracesOf,
} from './answers.ts';

/** Answers of Jaeger's own v3 tests; their licence keeps them out of this checkout. */
const folder = new URL('../../../../../shared/fixtures/jaeger/v3/', import.meta.url);

function textOf(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

describe.skipIf(!existsSync(folder))('answers of v3 (needs ../shared/fixtures/jaeger)', () => {
  test('services, operations, summaries and traces', () => {
    expect(readServices(JSON.parse(textOf('GetServices.json')))).toMatchObject({ value: { rows: ['foo'] } });
    expect(readOperations(JSON.parse(textOf('GetOperations.json')))).toMatchObject({
      value: { rows: ['get_users'] },
    });
    expect(readSummaries(JSON.parse(textOf('FindTraceSummaries.json')))).toMatchObject({
      value: {
        rows: [
          {
            traceId: `${'0'.repeat(31)}1`,
            rootService: 'frontend',
            rootOperation: 'HTTP GET /',
            startNs: '1000000000000',
            durationNs: 1_000_000_000,
            spanCount: 2,
            errorCount: 1,
            orphanCount: 0,
            services: [{ name: 'frontend', spans: 2, errors: 1 }],
          },
        ],
      },
    });
    const traces = readTraces(textOf('FindTraces.json'));
    if (!traces.ok) throw new Error(traces.failure.message);
    expect(tracesOf(traces.value.rows)).toMatchObject([
      { spans: [{ operation: 'foobar', status: 'error' }] },
    ]);
  });
});

test.each([
  ['a list', readServices, []],
  ['a number', readServices, { services: [1] }],
  ['no name', readOperations, { operations: [1] }],
  ['an id that is none', readSummaries, { summaries: [{ traceId: 'none' }] }],
  ['a negative count', readSummaries, { summaries: [{ traceId: 'ab', spanCount: -1 }] }],
  ['no count', readDependencies, { data: [{ parent: 'a', child: 'b' }] }],
])('%s is malformed', (_name, read, json) => {
  expect(read(json)).toMatchObject(failed({ code: 'malformed' }));
});

test('a page is told from damaged JSON', () => {
  expect(readTraces('<!doctype html><title>Login</title>')).toMatchObject({
    failure: { code: 'not-this-api' },
  });
  expect(readTraces('{"data":[')).toMatchObject({ failure: { code: 'malformed' } });
  expect(readTraces('{"data":[{"traceID":"ab","spans":[{"spanID":"x"}]}]}')).toMatchObject({
    failure: { code: 'malformed', message: expect.stringContaining('span 1 of trace') },
  });
});
