import { metrics } from './data.ts';
import { avoids, isVersion3, type Maker } from './maker.ts';
import { modifiers, selector } from './selectors.ts';

/** Aggregations, and operators with all their ways to match. */

const groupLabels = [
  'job',
  'instance',
  'code',
  'le',
  'queue',
  'version',
  'note',
  'missing',
  '__name__',
] as const;
export const arithmetic = ['+', '-', '*', '/', '%', '^', 'atan2'] as const;
export const comparisons = ['==', '!=', '>', '<', '>=', '<='] as const;

const aggregations = [
  'sum',
  'sum',
  'avg',
  'min',
  'max',
  'count',
  'group',
  'stddev',
  'stdvar',
  'quantile',
  'topk',
  'bottomk',
  'count_values',
] as const;

export function share({ dice }: Maker): string {
  return dice.of(['0', '0.5', '0.9', '0.99', '1', '0.123', '-1', '2', 'NaN', '-Inf', '1e-300']);
}

function labelList(maker: Maker, probability: number): string {
  const { dice } = maker;
  const quoted = isVersion3(maker) ? ['"k8s.pod"', '"\\"quoted\\\\\\""', '"job"'] : [];
  return [...dice.some(groupLabels, probability), ...dice.some(quoted, 0.08)].join(', ');
}

export function aggregation(maker: Maker, depth: number): string {
  const { dice } = maker;
  const operator = dice.of(aggregations);
  const labels = labelList(maker, 0.3);
  const grouping = dice.chance(0.2) ? '' : `${dice.of(['by', 'by', 'without'])} (${labels})`;
  switch (operator) {
    case 'quantile':
      return `quantile ${grouping} (${dice.chance(0.9) ? share(maker) : maker.scalar(1)}, ${maker.vector(depth)})`;
    case 'topk':
    case 'bottomk':
      // Of values that differ: which of two equal ones a server takes depends on how it stored them.
      return `${operator} ${grouping} (${dice.between(-1, 6)}${dice.chance(0.1) ? '.9' : ''}, ${unequal(maker)})`;
    case 'count_values':
      return `count_values ${groupingOfCounts(maker, grouping)} ("${dice.of(['value', 'job', 'le', ''])}", ${maker.vector(depth)})`;
    default: {
      const operand = maker.vector(depth);
      return dice.chance(0.5)
        ? `${operator} ${grouping} (${operand})`
        : `${operator}(${operand}) ${grouping}`;
    }
  }
}

function groupingOfCounts(maker: Maker, grouping: string): string {
  const isSafe = maker.isAtOneStep || !avoids(maker, 'countValuesByThree') || !grouping.startsWith('by');
  return isSafe ? grouping : `by (${maker.dice.some(groupLabels, 0.2).slice(0, 2).join(', ')})`;
}

export function unequal(maker: Maker): string {
  const { dice } = maker;
  const metric = dice.of(['requests_total', 'latency_seconds_sum']);
  const name = dice.of(['sum_over_time', 'avg_over_time', 'max_over_time']);
  return `${name}(${metric}[${dice.of(['2m', '5m', '30m'])}]${modifiers(maker)})`;
}

export function withScalar(maker: Maker, depth: number): string {
  const { dice } = maker;
  const vector = `(${maker.vector(depth)})`;
  const scalar = maker.scalar(1);
  const operator = dice.chance(0.4) ? comparison(maker) : dice.of(arithmetic);
  return dice.chance(0.7) ? `${vector} ${operator} ${scalar}` : `${scalar} ${operator} ${vector}`;
}

function comparison({ dice }: Maker, filters = true): string {
  return `${dice.of(comparisons)}${!filters || dice.chance(0.4) ? ' bool' : ''}`;
}

/** Both sides by labels that make their matches unique, mostly. */
export function joined(maker: Maker, depth: number): string {
  const { dice } = maker;
  const shape = dice.between(0, 8);
  // Shapes whose matches may be ambiguous; the first four have one series of a result at most.
  const filters = shape < 4 || !avoids(maker, 'filteredAmbiguity');
  const operator = dice.chance(0.35) ? comparison(maker, filters) : dice.of(arithmetic);
  const vector = (): string => `(${maker.vector(depth)})`;
  const one = `sum by (job, instance) ${vector()}`;
  const group = dice.of(['group_left', 'group_right']);
  switch (shape) {
    case 0:
      return `${one} ${operator} sum by (instance, job) ${vector()}`;
    case 1:
      return `${vector()} ${operator} on (job, instance) group_left () ${one}`;
    case 2:
      return `${one} ${operator} on (job, instance) group_right () ${vector()}`;
    case 3:
      return `${one} ${operator} ignoring (code, le, queue, version, note) group_right () ${vector()}`;
    case 4:
      return `${vector()} ${operator} ${vector()}`;
    case 5:
      // Of equal labels but for their names: all kinds of matches, none of them many to many.
      return `${selector(maker, dice.of(metrics.gauges))} ${operator} ${dice.of(['', 'on (job, instance) ', 'ignoring (note, queue) '])}${selector(maker, dice.of(metrics.gauges))}`;
    case 6:
      return `${vector()} ${operator} on (job, instance) group_left (version) ${metrics.info}`;
    case 7:
      return `${one} ${operator} on (job, instance) group_right (${labelsToCopy(maker)}) ${vector()}`;
    default:
      // Often several on both sides, which is refused unless no step has them.
      return `${vector()} ${operator} ${dice.of(['on', 'ignoring'])} (${labelList(maker, 0.45)}) ${dice.chance(0.6) ? '' : `${group} (${labelsToCopy(maker)}) `}${vector()}`;
  }
}

function labelsToCopy({ dice }: Maker): string {
  return dice.some(['version', 'queue', 'note', 'missing', 'code'], 0.25).join(', ');
}

export function setOperation(maker: Maker, depth: number): string {
  const { dice } = maker;
  const matching = dice.chance(0.6) ? ` ${dice.of(['on', 'ignoring'])} (${labelList(maker, 0.35)})` : '';
  const operator = dice.of(['and', 'or', 'unless']);
  return `(${maker.vector(depth)}) ${operator}${matching} (${maker.vector(depth)})`;
}
