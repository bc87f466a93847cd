import type { MatrixSeries, QueryAnswer, VectorSample } from '#shared/promql/evaluate/answer.ts';
import { compareLabelSets, type LabelPool, type LabelSet } from '#shared/promql/model/label-set.ts';
import type { NotedSample } from '#shared/promql/series/series-notation.ts';
import type { Expectation, ExpectedSeries, Range, RemarkTest } from './script.ts';

/** Compares answers with what a script expects, as strictly as the engine tests' own runner. */

export interface Difference {
  readonly expected: string;
  readonly got: string;
}

/** @param range the steps whose samples a matrix is expected to have. */
export function differenceOf(
  answer: QueryAnswer,
  expected: Expectation,
  range: Range | null,
  labels: LabelPool,
): Difference | null {
  const { value } = expected;
  if (answer.kind === 'scalar' || value.kind === 'scalar') {
    if (answer.kind !== 'scalar') return differ(describeExpected(expected), describe(answer));
    const same = value.kind === 'scalar' && areAlmostEqual(value.value, answer.value);
    return same ? null : differ(describeExpected(expected), describe(answer));
  }
  if (answer.kind === 'string' || value.kind === 'string') {
    const same = answer.kind === 'string' && value.kind === 'string' && answer.value === value.value;
    return same ? null : differ(describeExpected(expected), describe(answer));
  }
  const wanted = new Map(value.series.map((one) => [labels.of(one.labels), one]));
  if (answer.kind === 'vector') return vectorDifference(answer.samples, wanted, expected.ordered);
  if (expected.ordered) return differ('an ordered vector', describe(answer));
  return matrixDifference(answer.series, wanted, range);
}

function vectorDifference(
  samples: readonly VectorSample[],
  wanted: ReadonlyMap<LabelSet, ExpectedSeries>,
  ordered: boolean,
): Difference | null {
  const order = [...wanted.keys()];
  for (const [place, { labels, value }] of samples.entries()) {
    const series = wanted.get(labels);
    if (series === undefined) return differ('no such series', `${textOf(labels)} ${value}`);
    if (ordered && order[place] !== labels)
      return differ(`${textOf(labels)} at place ${order.indexOf(labels) + 1}`, `at place ${place + 1}`);
    const [sample] = series.samples;
    if (sample === undefined || !matches(sample, value))
      return differ(`${textOf(labels)} ${describeSample(sample)}`, String(value));
  }
  return missing(wanted, new Set(samples.map(({ labels }) => labels)));
}

function matrixDifference(
  series: readonly MatrixSeries[],
  wanted: ReadonlyMap<LabelSet, ExpectedSeries>,
  range: Range | null,
): Difference | null {
  const unsorted = unsortedSeries(series);
  if (unsorted !== null) return unsorted;
  for (const one of series) {
    const noted = wanted.get(one.labels);
    const got = `${textOf(one.labels)} ${describePoints(one)}`;
    if (noted === undefined) return differ('no such series', got);
    const points = noted.samples.flatMap((sample, index) =>
      sample.kind === 'gap' || range === null
        ? []
        : [{ timeMs: range.startMs + index * range.stepMs, sample }],
    );
    const same =
      points.length === one.values.length &&
      points.every(
        ({ timeMs, sample }, index) =>
          one.timesMs[index] === timeMs && matches(sample, one.values[index] ?? Number.NaN),
      );
    const text = points.map(({ timeMs, sample }) => `${describeSample(sample)}@${timeMs}`).join(' ');
    if (!same) return differ(`${textOf(one.labels)} ${text}`, got);
  }
  return missing(wanted, new Set(series.map(({ labels }) => labels)));
}

export function unsortedSeries(series: readonly MatrixSeries[]): Difference | null {
  for (const [index, { labels }] of series.entries()) {
    const next = series[index + 1];
    if (next !== undefined && compareLabelSets(labels, next.labels) > 0)
      return differ('series sorted by labels', `${textOf(next.labels)} after ${textOf(labels)}`);
  }
  return null;
}

function missing(
  wanted: ReadonlyMap<LabelSet, ExpectedSeries>,
  found: ReadonlySet<LabelSet>,
): Difference | null {
  for (const [labels, { samples }] of wanted)
    if (!found.has(labels))
      return differ(`${textOf(labels)} ${samples.map(describeSample).join(' ')}`, 'no such series');
  return null;
}

/** @returns what is wrong with the remarks of one level. */
export function remarkDifference(
  level: string,
  { wanted, none, some }: RemarkTest,
  remarks: readonly string[],
): Difference | null {
  const got = remarks.length === 0 ? `no ${level}` : remarks.map((text) => `"${text}"`).join(', ');
  if (none && remarks.length > 0) return differ(`no ${level}`, got);
  if (some && remarks.length === 0) return differ(`some ${level}`, got);
  for (const test of wanted)
    if (!remarks.some(test.passes)) return differ(`${level} ${test.description}`, got);
  if (wanted.length === 0) return null;
  for (const remark of remarks)
    if (!wanted.some((test) => test.passes(remark))) return differ(`no other ${level}`, `"${remark}"`);
  return null;
}

function matches(sample: NotedSample, value: number): boolean {
  return sample.kind === 'number' && areAlmostEqual(sample.value, value);
}

const epsilon = 1e-6;
/** The least float that is not denormal. */
const leastNormal = 2 ** -1022;

/** As near as Prometheus' own tests ask for. Facts: util/almost. */
function areAlmostEqual(left: number, right: number): boolean {
  if (Object.is(left, right) || left === right) return true;
  const sum = Math.abs(left) + Math.abs(right);
  const difference = Math.abs(left - right);
  if (left === 0 || right === 0 || sum < leastNormal) return difference < epsilon * leastNormal;
  return difference / Math.min(sum, Number.MAX_VALUE) < epsilon;
}

function differ(expected: string, got: string): Difference {
  return { expected, got };
}

function describeExpected({ value }: Expectation): string {
  if (value.kind !== 'series') return `${value.kind} ${JSON.stringify(value.value) ?? ''}`;
  return value.series.length === 0 ? 'no series' : `${value.series.length} series`;
}

function describe(answer: QueryAnswer): string {
  switch (answer.kind) {
    case 'scalar':
      return `scalar ${answer.value}`;
    case 'string':
      return `string ${JSON.stringify(answer.value)}`;
    case 'vector':
      return `vector of ${answer.samples.length}`;
    case 'matrix':
      return `matrix of ${answer.series.length}`;
  }
}

function describeSample(sample: NotedSample | undefined): string {
  if (sample === undefined) return 'nothing';
  if (sample.kind === 'number') return String(sample.value);
  return sample.kind === 'histogram' ? 'a native histogram' : sample.kind;
}

function describePoints({ timesMs, values }: MatrixSeries): string {
  return Array.from(values, (value, index) => `${value}@${timesMs[index]}`).join(' ');
}

function textOf({ names, values }: LabelSet): string {
  return `{${names.map((name, index) => `${name}=${JSON.stringify(values[index])}`).join(', ')}}`;
}
