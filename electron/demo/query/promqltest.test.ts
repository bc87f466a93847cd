import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import { SeriesBlock, SeriesStore } from '../series-store.ts';
import { signatureOf } from './columns.ts';
import { queryInstant, queryRange } from './engine.ts';
import { parseDuration, parseNumber } from './literals.ts';
import { parseSelector } from './parse.ts';

/**
 * Prometheus' own engine tests, as far as they lie beside the checkout: whatever the engine answers must
 * be what Prometheus answers; what it does not know it must refuse by saying so.
 */
const folder = new URL('../../../../shared/fixtures/promqltest/', import.meta.url);
/** Least number of evaluations answered rightly, so that refusing everything cannot pass. */
const files = {
  aggregators: 64,
  collision: 2,
  functions: 87,
  histograms: 30,
  literals: 20,
  operators: 43,
  range_queries: 8,
  selectors: 31,
  staleness: 17,
} as const;

interface Expected {
  readonly labels: Labels;
  readonly values: readonly number[];
}

interface Evaluation {
  readonly line: number;
  readonly kind: 'instant' | 'range';
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
  readonly query: string;
  readonly fails: boolean;
  readonly ordered: boolean;
  /** Null where the case needs what the runner does not read, such as native histograms. */
  readonly expected: readonly Expected[] | null;
}

describe.skipIf(!existsSync(folder))('Prometheus’ engine tests (needs ../shared/fixtures/promqltest)', () => {
  test.each(Object.entries(files))('%s', (name, least) => {
    const outcome = run(readFileSync(new URL(`${name}.test`, folder), 'utf8'));
    expect(outcome.wrong).toEqual([]);
    expect(outcome.right).toBeGreaterThanOrEqual(least);
  });
});

function run(text: string): { right: number; refused: number; wrong: string[] } {
  let store: SeriesStore | null = new SeriesStore();
  let onlyBuckets = false;
  const outcome = { right: 0, refused: 0, wrong: [] as string[] };
  for (const { line, lines } of blocksOf(text)) {
    const [head = ''] = lines;
    if (head === 'clear') onlyBuckets = false;
    if (head.startsWith('load_with_nhcb')) onlyBuckets = true;
    if (head === 'clear') store = new SeriesStore();
    else if (head.startsWith('load')) store = store !== null && load(store, lines) ? store : null;
    else {
      const evaluation = evaluationOf(line, lines);
      const native = onlyBuckets && !evaluation?.query.includes('_bucket');
      if (evaluation?.expected && store !== null && !native) judge(store, evaluation, outcome);
    }
  }
  return outcome;
}

function judge(
  store: SeriesStore,
  evaluation: Evaluation,
  outcome: { right: number; refused: number; wrong: string[] },
): void {
  const { query, startMs, stepMs, count, kind } = evaluation;
  const result =
    kind === 'range'
      ? queryRange(store, query, { startMs, stepMs, count })
      : queryInstant(store, query, startMs);
  if (!result.ok) {
    const refused = /not supported|unknown function/.test(result.failure.message);
    if (refused) outcome.refused++;
    else if (evaluation.fails) outcome.right++;
    else outcome.wrong.push(`line ${evaluation.line}: ${query}: ${result.failure.message}`);
    return;
  }
  const actual = listed(result.value, count);
  const problem = actual === null ? null : differenceOf(actual, evaluation);
  if (actual === null) outcome.refused++;
  else if (problem === null && !evaluation.fails) outcome.right++;
  else outcome.wrong.push(`line ${evaluation.line}: ${query}: ${problem ?? 'should fail'}`);
}

type Answer = NonNullable<
  Extract<ReturnType<typeof queryInstant>, { ok: true }>['value'] | readonly Column[]
>;
type Column = { readonly labels: Labels; readonly values: Float64Array; readonly present: Uint8Array };

function listed(answer: Answer, count: number): readonly Expected[] | null {
  const columns = 'kind' in answer ? (answer.kind === 'vector' ? answer.columns : null) : answer;
  if (columns === null) {
    const scalar = answer as Extract<Answer, { kind: string }>;
    return scalar.kind === 'scalar' ? [{ labels: {}, values: [...scalar.values] }] : null;
  }
  return columns.map(({ labels, values, present }) => ({
    labels,
    values: Array.from({ length: count }, (_, step) => (present[step] === 1 ? (values[step] ?? gap) : gap)),
  }));
}

/** Stands for "no value at this step"; no test has it as a value. */
const gap = -987_654_321.123;

function differenceOf(actual: readonly Expected[], { expected, ordered }: Evaluation): string | null {
  if (actual.length !== expected?.length) return `has ${actual.length} series, not ${expected?.length}`;
  for (const [index, wanted] of expected.entries()) {
    const signature = signatureOf(wanted.labels);
    const found = ordered ? actual[index] : actual.find((one) => signatureOf(one.labels) === signature);
    if (found === undefined || signatureOf(found.labels) !== signature)
      return `lacks ${JSON.stringify(wanted.labels)}`;
    const steps = Math.max(found.values.length, wanted.values.length);
    for (let step = 0; step < steps; step++) {
      const [is, should] = [found.values[step] ?? gap, wanted.values[step] ?? gap];
      if (!almostEqual(is, should))
        return `${JSON.stringify(wanted.labels)} is ${is}, not ${should}, at step ${step}`;
    }
  }
  return null;
}

function almostEqual(left: number, right: number): boolean {
  if (Object.is(left, right) || left === right) return true;
  return Math.abs(left - right) / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < 1e-6;
}

function blocksOf(text: string): { line: number; lines: string[] }[] {
  const blocks: { line: number; lines: string[] }[] = [];
  let open: string[] | null = null;
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line.startsWith('#')) return;
    if (/^(?:clear|load|eval)/.test(line)) blocks.push({ line: index + 1, lines: (open = [line]) });
    else if (line === '') open = null;
    else open?.push(line);
  });
  return blocks;
}

function load(store: SeriesStore, [head = '', ...lines]: readonly string[]): boolean {
  // The native histograms that `with_nhcb` adds are not made; `run` leaves out what asks for them.
  const step = /^load(?:_with_nhcb)?\s+(\S+)$/.exec(head)?.[1];
  if (step === undefined) return false;
  const stepMs = parseDuration(step)!;
  for (const line of lines) {
    const series = seriesOf(line);
    if (series === null || series.values.some(Number.isNaN)) return false;
    const block = new SeriesBlock([series.labels], series.values.length + 1);
    series.values.forEach((value, index) => {
      if (value !== gap) block.append(index * stepMs, Float64Array.of(value === stale ? Number.NaN : value));
    });
    store.add(block);
  }
  return true;
}

const stale = -987_654_321.321;

function seriesOf(line: string): Expected | null {
  const match =
    /^((?:[a-zA-Z_:][\w:]*)?(?:\{(?:[^"'}]|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')*\})?)(?:\s+(.*))?$/.exec(
      line,
    );
  if (match === null || match[1] === '' || line.includes('{{')) return null;
  const labels = labelsOf(match[1] ?? '');
  const values: number[] = [];
  for (const item of (match[2] ?? '').split(/\s+/).filter((text) => text !== '')) {
    const numbers = valuesOf(item);
    if (numbers === null) return null;
    values.push(...numbers);
  }
  return { labels, values };
}

function labelsOf(text: string): Labels {
  if (text.replaceAll(/\s/g, '') === '{}') return {};
  return Object.fromEntries(parseSelector(text).matchers.map(({ name, value }) => [name, value]));
}

function valuesOf(item: string): number[] | null {
  const match =
    /^(_|stale|[+-]?(?:Inf|NaN|[\d.]+(?:e[+-]?\d+)?))(?:([+-][\d.]+(?:e[+-]?\d+)?))?(?:x(\d+))?$/i.exec(item);
  if (match === null) return null;
  const [, first = '', increase, times] = match;
  if (first === '_') return Array.from({ length: times === undefined ? 1 : Number(times) }, () => gap);
  if (first === 'stale') return Array.from({ length: Number(times ?? 0) + 1 }, () => stale);
  const start = parseNumber(first)!;
  return Array.from({ length: Number(times ?? 0) + 1 }, (_, index) => start + index * Number(increase ?? 0));
}

function evaluationOf(line: number, [head = '', ...body]: readonly string[]): Evaluation | null {
  const instant = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(\S+)\s+)?(.+)$/.exec(head);
  const range = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(\S+)\s+to\s+(\S+)\s+step\s+(\S+)\s+(.+)$/.exec(
    head,
  );
  const match = instant ?? range;
  if (match === null) return null;
  const directives = body.filter((text) => /^expect\s/.test(text) || text.startsWith('expected_fail'));
  const lines = body.filter((text) => !directives.includes(text));
  const common = {
    line,
    fails: match[1] === 'fail' || directives.some((text) => text.startsWith('expect fail')),
    ordered: match[1] === 'ordered' || directives.includes('expect ordered'),
    expected: directives.some((text) => /range vector|string/.test(text)) ? null : expectedOf(lines),
  };
  if (instant !== null) {
    const startMs = parseDuration(instant[2] ?? '0');
    if (startMs === undefined) return null;
    return { ...common, kind: 'instant', startMs, stepMs: 0, count: 1, query: instant[3] ?? '' };
  }
  const [startMs, endMs, stepMs] = range!.slice(2, 5).map((text) => parseDuration(text)) as [
    number,
    number,
    number,
  ];
  const count = Math.floor((endMs - startMs) / stepMs) + 1;
  return { ...common, kind: 'range', startMs, stepMs, count, query: range?.[5] ?? '' };
}

function expectedOf(lines: readonly string[]): readonly Expected[] | null {
  const expected: Expected[] = [];
  for (const text of lines) {
    const scalar = parseNumber(text);
    const series = scalar === undefined ? seriesOf(text) : { labels: {}, values: [scalar] };
    if (series === null) return null;
    expected.push(series);
  }
  return expected;
}
