import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberOf, readSeries } from './series-answer.ts';

function matrix(...rows: unknown[]): unknown {
  return { status: 'success', data: { resultType: 'matrix', result: rows }, warnings: ['w'], infos: ['i'] };
}

test('a matrix becomes columns, with the special values and the remarks kept', () => {
  const values = [
    [1.5, '1'],
    [2.001, 'NaN'],
    [3, '+Inf'],
    [4, '-Inf'],
    [5, '1.5e-07'],
  ];
  const read = readSeries(matrix({ metric: { __name__: 'up' }, values }));
  expect(read).toEqual({
    ok: true,
    value: {
      head: { resultType: 'matrix', text: null, unsupportedHistograms: 0, warnings: ['w'], infos: ['i'] },
      rows: [
        {
          labels: { __name__: 'up' },
          timesMs: Float64Array.of(1_500, 2_001, 3_000, 4_000, 5_000),
          values: Float64Array.of(1, Number.NaN, Infinity, -Infinity, 1.5e-7),
        },
      ],
    },
  });
});

test('vector, scalar and string', () => {
  const vector = { resultType: 'vector', result: [{ metric: { a: 'b' }, value: [10, '2'] }] };
  expect(readSeries({ status: 'success', data: vector })).toMatchObject({
    value: { rows: [{ labels: { a: 'b' }, values: Float64Array.of(2) }] },
  });
  expect(
    readSeries({ status: 'success', data: { resultType: 'scalar', result: [10, 'NaN'] } }),
  ).toMatchObject({
    value: { rows: [{ labels: {}, values: Float64Array.of(Number.NaN) }] },
  });
  expect(
    readSeries({ status: 'success', data: { resultType: 'string', result: [10, 'text'] } }),
  ).toMatchObject({
    value: { head: { text: 'text' }, rows: [] },
  });
});

test('native histograms are counted and never become a number', () => {
  const read = readSeries(
    matrix(
      {
        metric: { a: '1' },
        histograms: [
          [1, { count: '3', sum: '4' }],
          [2, { count: '3', sum: '4' }],
        ],
      },
      { metric: { a: '2' }, values: [[1, '7']], histograms: [[2, {}]] },
    ),
  );
  expect(read).toMatchObject({
    value: {
      head: { unsupportedHistograms: 3 },
      rows: [{ labels: { a: '2' }, timesMs: Float64Array.of(1_000), values: Float64Array.of(7) }],
    },
  });
});

test.each([
  ['a number that is no text', [[1, 7]], /data\.result\.0, sample 0: expected a number as text/],
  ['a text that is no number', [[1, '0x10']], /expected a number as text/],
  ['an empty value', [[1, '']], /expected a number as text/],
  ['a missing value', [[1]], /expected a pair/],
  ['a time as text', [['1', '1']], /expected a pair/],
  [
    'times that fall',
    [
      [2, '1'],
      [1, '1'],
    ],
    /sample 1: expected rising times/,
  ],
  [
    'a time twice',
    [
      [2, '1'],
      [2, '1'],
    ],
    /expected rising times/,
  ],
])('%s is malformed, with its place', (_name, values, says) => {
  expect(readSeries(matrix({ metric: {}, values }))).toMatchObject({
    failure: { code: 'malformed', message: expect.stringMatching(says) },
  });
});

test.each([
  [{ status: 'success', data: { resultType: 'streams', result: [] } }, 'malformed', /data\.resultType/],
  [
    { status: 'success', data: { resultType: 'vector', result: [{ metric: 'x' }] } },
    'malformed',
    /data\.result\.0\.metric/,
  ],
  [{ status: 'success' }, 'malformed', /data/],
  [{ status: 'error', errorType: 'bad_data', error: 'parse error' }, 'bad-query', /parse error/],
  [{ status: 'error', errorType: 'timeout', error: 'query timed out' }, 'timeout', /timed out/],
  [{ status: 'error', errorType: 'internal', error: 'oops' }, 'server-error', /oops/],
  [{ status: 'ok' }, 'malformed', /at status/],
  [[], 'malformed', /at status/],
  [null, 'malformed', /at its root/],
])('%j is %s', (json, code, says) => {
  expect(readSeries(json)).toMatchObject({ failure: { code, message: expect.stringMatching(says) } });
});

test('more than can be drawn is refused before it is read', () => {
  const values = Array.from({ length: 500_001 }, (_, index) => [index, '1']);
  expect(readSeries(matrix({ metric: {}, values }))).toMatchObject({
    failure: { code: 'too-large', nextStep: expect.stringContaining('coarser step') },
  });
  const rows = Array.from({ length: 50_001 }, () => ({ metric: {} }));
  expect(readSeries(matrix(...rows))).toMatchObject({ failure: { code: 'too-large' } });
});

test('every finite number survives its way through text', () => {
  fc.assert(
    fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
      expect(numberOf(String(value))).toBe(value === 0 ? Number(String(value)) : value);
    }),
  );
});

test.each(['', ' ', '1 ', '0x1', 'Infinity', 'nan', '1_000', '--1', '1e', '.', 'null', 7, null])(
  '%o is no sample value',
  (text) => {
    expect(numberOf(text)).toBeNull();
  },
);
