import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  expositionBounds,
  ExpositionReader,
  formatByEnd,
  type ExpositionBounds,
  type ExpositionFormat,
} from './exposition-reader.ts';

interface Read {
  readonly samples: [labels: Record<string, string>, timeMs: number, value: number][];
  readonly failure: string | null;
}

function read(
  text: string | Uint8Array,
  format: ExpositionFormat = 'openmetrics',
  pieces: readonly number[] = [],
  bounds: ExpositionBounds = expositionBounds,
): Read {
  const samples: Read['samples'] = [];
  const reader = new ExpositionReader(
    format,
    (labels) => ({
      append: (timeMs, value) => void samples.push([Object.fromEntries(labels), timeMs, value]),
    }),
    bounds,
  );
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  let start = 0;
  for (const end of [...pieces.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]) {
    reader.push(bytes.subarray(start, end));
    start = end;
  }
  const finished = reader.finish();
  return { samples, failure: finished.ok ? null : finished.failure };
}

const openMetrics = `# TYPE requests counter
# HELP requests Served "requests".
requests_total{code="200",path="/a b\\"}\\\\ \\n{"} 12 1000.5 # {trace_id="a"} 1 1000.4
requests_total{} 1e3 -1.5
up NaN 2
{"with.dots","läbel"="ö"} +Inf 3
# EOF
`;

describe('OpenMetrics', () => {
  const expected = [
    [{ __name__: 'requests_total', code: '200', path: '/a b"}\\ \n{' }, 1_000_500, 12],
    [{ __name__: 'requests_total' }, -1_500, 1_000],
    [{ __name__: 'up' }, 2_000, Number.NaN],
    [{ __name__: 'with.dots', läbel: 'ö' }, 3_000, Number.POSITIVE_INFINITY],
  ];

  test('samples with labels, escapes, quoted names and exemplars; timestamps in seconds', () => {
    expect(read(openMetrics)).toEqual({ samples: expected, failure: null });
  });

  test('cut into pieces anywhere, within a character too, it is the same', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(openMetrics.length + 2)), (pieces) => {
        expect(read(openMetrics, 'openmetrics', pieces)).toEqual({ samples: expected, failure: null });
      }),
    );
  });

  test('it must end with its mark, and nothing may follow', () => {
    expect(read('up 1 1\n').failure).toBe('The text does not end with # EOF.');
    expect(read('up 1 1\n# EOF\nup 1 2\n').failure).toBe('Line 3: there is more after # EOF.');
  });
});

test('the older format counts milliseconds and is loose about blanks', () => {
  const text = `# EOF is a comment here\n\n up 1 5\nup {job = "a" , }\t2\t1700000000000\r\n`;
  expect(read(text.replace(' up 1', 'up 1'), 'prometheus')).toEqual({
    samples: [
      [{ __name__: 'up' }, 5, 1],
      [{ __name__: 'up', job: 'a' }, 1_700_000_000_000, 2],
    ],
    failure: null,
  });
});

test('a text tells its format by its end', () => {
  expect(formatByEnd('up 1 1\n# EOF\n')).toBe('openmetrics');
  expect(formatByEnd('# EOF')).toBe('openmetrics');
  expect(formatByEnd('up 1 1\n')).toBe('prometheus');
  expect(formatByEnd('up{a="# EOF"} 1 1\n')).toBe('prometheus');
});

test.each([
  ['up', 'Line 1: a value is missing.'],
  ['up 1 1\nup x 1', 'Line 2: "x" is no value.'],
  ['up 0x10 1', 'Line 1: "0x10" is no value.'],
  ['up 1', 'Line 1: the sample has no timestamp.'],
  ['up 1 now', 'Line 1: "now" is no timestamp.'],
  ['up 1 NaN', 'Line 1: "NaN" is no timestamp.'],
  ['up 1 1 1', 'Line 1: "1" is not expected after the timestamp.'],
  ['up{a="b" 1 1', 'Line 1: the labels do not end with a brace.'],
  ['up{a=b} 1 1', 'Line 1: the labels of up{a=b} cannot be read.'],
  ['up{a="1",a="2"} 1 1', 'Line 1: the label a is given twice.'],
  ['{a="1"} 1 1', 'Line 1: "{a="1"}" has no name.'],
  ['1up 1 1', 'Line 1: "1up" is no metric.'],
])('%j is refused', (text, failure) => {
  expect(read(text, 'prometheus').failure).toBe(failure);
});

test('a text that is not UTF-8, or beyond a bound, is refused and read no further', () => {
  expect(read(Uint8Array.of(0x75, 0xff, 0x0a), 'prometheus').failure).toBe('Line 1: the text is not UTF-8.');
  const bounds = { lineCharacters: 20, series: 2, samples: 3 };
  const within = (text: string) => read(text, 'prometheus', [], bounds);
  expect(within('a 1 1\nb 1 1\nc 1 1\na 1 2\n').failure).toBe('Line 3: there are more than 2 series.');
  expect(within('a 1 1\na 1 2\na 1 3\na 1 4\n').failure).toBe('Line 4: there are more than 3 samples.');
  expect(within(`a${'b'.repeat(30)}`).failure).toBe('Line 1: the line is too long.');
  expect(within('a 1 1\nb b 1\nc 1 1\n').samples).toHaveLength(1);
});

test('whatever the text is, it is read or refused with a line, and nothing is thrown', () => {
  const part = fc.constantFrom(
    'up',
    '{',
    '}',
    '"',
    '\\',
    'a="b"',
    ',',
    ' ',
    '\t',
    '1',
    '-',
    'NaN',
    '#',
    '# EOF',
    '\n',
    'é',
  );
  const text = fc.array(fc.oneof({ weight: 4, arbitrary: part }, fc.string()), { maxLength: 30 });
  fc.assert(
    fc.property(text, fc.constantFrom<ExpositionFormat>('openmetrics', 'prometheus'), (parts, format) => {
      const { samples, failure } = read(parts.join(''), format);
      expect(failure ?? 'Line 1:').toMatch(/^(?:Line \d+:|The text does not end)/);
      for (const [labels, timeMs] of samples) {
        expect(labels['__name__']).toBeTruthy();
        expect(Number.isInteger(timeMs)).toBe(true);
      }
    }),
    { numRuns: process.env['OPSSIGHT_FULL'] === '1' ? 20_000 : 500 },
  );
});

test('what is written of samples is read again', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY));
  const label = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cs}/u.test(text));
  const sample = fc.tuple(label, fc.integer({ min: -1e12, max: 1e12 }), value);
  const escape = (text: string): string => text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 10 }), (samples) => {
      const text = samples.map(([a, timeMs, number]) => {
        const written =
          Number.isFinite(number) || Number.isNaN(number) ? String(number) : number > 0 ? '+Inf' : '-Inf';
        return `m{a="${escape(a)}"} ${written} ${timeMs}\n`;
      });
      expect(read(text.join(''), 'prometheus')).toEqual({
        samples: samples.map(([a, timeMs, number]) => [
          { __name__: 'm', a },
          timeMs,
          Object.is(number, -0) ? 0 : number,
        ]),
        failure: null,
      });
    }),
  );
});

test('times beyond all dates are refused, and complaints are short whatever they are about', () => {
  expect(read('m 1 1e18\n# EOF\n', 'openmetrics').failure).toBe('Line 1: the timestamp is beyond all dates.');
  const long = 'x'.repeat(100_000);
  for (const line of [
    `{b="${long}"} 1 1`,
    `m{${long} 1 1`,
    `m{${long}} 1 1`,
    `m{${long}="1",${long}="2"} 1 1`,
  ])
    expect(read(`${line}\n# EOF\n`, 'openmetrics').failure?.length).toBeLessThan(120);
});
