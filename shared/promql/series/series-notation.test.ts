import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSamples, readSeriesLine } from './series-notation.ts';
import { readStartTimes } from './start-times.ts';

function valuesOf(text: string): (number | string)[] {
  const samples = readSamples(text);
  if (!samples.ok) throw new Error(samples.failure);
  return samples.value.map((sample) => (sample.kind === 'number' ? sample.value : sample.kind));
}

describe('values', () => {
  test.each([
    ['', []],
    ['1 _ 2.5 -3 +4 .5', [1, 'gap', 2.5, -3, 4, 0.5]],
    ['_x3 1', ['gap', 'gap', 'gap', 1]],
    ['7x2 0x1', [7, 7, 7, 0, 0]],
    ['1+2x3 10-5x1', [1, 3, 5, 7, 10, 5]],
    ['stale stalex1', ['stale', 'stale', 'stale']],
    ['Inf -inf NaN', [Infinity, -Infinity, NaN]],
    ['5m 1h30m+5mx1 010 1e3 1e-1x1', [300, 5400, 5700, 8, 1000, 0.1, 0.1]],
  ])('%s', (text, expected) => {
    expect(valuesOf(text)).toEqual(expected);
  });

  test('an increase is added again and again, with the rounding of each addition', () => {
    expect(valuesOf('0+0.1x3').at(-1)).toBe(0.1 + 0.1 + 0.1);
  });

  test.each(['1+2', 'abc', '1x', 'stale+1x2', '{{schema', '1x9999999', '1+-2x3'])('not %s', (text) => {
    expect(readSamples(text).ok).toBe(false);
  });
});

describe('native histograms', () => {
  test('are read key by key', () => {
    const body =
      'schema:1 sum:-0.3 count:3.1 z_bucket:7.1 z_bucket_w:0.05 buckets:[5.1 10 7] offset:-3 n_buckets:[4.1 5] n_offset:-5 counter_reset_hint:gauge';
    const samples = readSamples(`{{${body}}}`);
    expect(samples.ok && samples.value).toEqual([
      {
        kind: 'histogram',
        change: null,
        histogram: {
          schema: 1,
          sum: -0.3,
          count: 3.1,
          zeroCount: 7.1,
          zeroThreshold: 0.05,
          customValues: [],
          positive: { offset: -3, counts: [5.1, 10, 7] },
          negative: { offset: -5, counts: [4.1, 5] },
          counterResetHint: 'gauge',
        },
      },
    ]);
  });

  test('are repeated and changed', () => {
    const samples = readSamples('{{}}x1 {{sum:1}}+{{sum:2 buckets:[1]}}x2 3');
    expect(samples.ok && samples.value.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 5 }, () => 'histogram'),
      'number',
    ]);
    expect(samples.ok && samples.value[4]).toMatchObject({
      change: { operator: '+', times: 2, histogram: { sum: 2 } },
    });
  });

  test.each(['{{sums:1}}', '{{sum:x}}', '{{buckets:1}}', '{{schema:1.5}}', '{{schema:2}}+{{schema:1}}x1'])(
    'not %s',
    (text) => {
      expect(readSamples(text).ok).toBe(false);
    },
  );
});

describe('metrics', () => {
  test.each([
    ['up 1', { __name__: 'up' }],
    ['up{} 1', { __name__: 'up' }],
    ['{} 1', {}],
    [`a:b{ c = "d\\n" , e='}', } 1`, { __name__: 'a:b', c: 'd\n', e: '}' }],
    ['{"with space", "ä"=`\\`} 1', { __name__: 'with space', ä: '\\' }],
  ])('%s', (line, labels) => {
    const series = readSeriesLine(line);
    expect(series.ok && Object.fromEntries(series.value.labels)).toEqual(labels);
    expect(series.ok && series.value.samples).toHaveLength(1);
  });

  test.each(['', '1', 'a{b} 1', 'a{b="c" 1', 'a{b="1",b="2"} 1', 'a{b="\\z"} 1', 'a{b="c"}1'])(
    'not %s',
    (line) => {
      expect(readSeriesLine(line).ok).toBe(false);
    },
  );
});

test('start times count from the time of their sample', () => {
  const read = readStartTimes('m{a="b"}@st  _ 0 _x2 -1m -59999msx1 1ms-1mx2 *');
  expect(read.ok && read.value.offsetsMs).toEqual([
    null,
    0,
    null,
    null,
    -60_000,
    -59_999,
    -59_999,
    1,
    -59_999,
    -119_999,
    -119_999,
  ]);
  expect(readStartTimes('m@st 1m+2').ok).toBe(false);
});

test('whatever the line is, it is read or refused, and nothing is thrown', () => {
  const part = fc.constantFrom(
    'm',
    '{',
    '}',
    '{{',
    '}}',
    'a="b"',
    ' ',
    '1',
    '+',
    '-',
    'x3',
    '_',
    'stale',
    'sum:1',
    '[1 2]',
    '5m',
    '@st',
  );
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 5, arbitrary: part }, fc.string()), { maxLength: 20 }),
      (parts) => {
        const line = parts.join('');
        expect(typeof readSeriesLine(line).ok).toBe('boolean');
        expect(typeof readStartTimes(line).ok).toBe('boolean');
      },
    ),
    { numRuns: process.env['OPSSIGHT_FULL'] === '1' ? 20_000 : 500 },
  );
});
