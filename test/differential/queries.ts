import { bounds, codes, dataEndMs, dataStartMs, jobs, metrics } from './data.ts';
import type { Dice } from './dice.ts';

/** Type-correct queries over the data, of any shape that the server at hand answers as the engine must. */
export type Semantics = 'v2' | 'v3';

export interface GeneratedQuery {
  readonly text: string;
  /** Whether the order of an instant answer is part of it. */
  readonly isOrdered: boolean;
}

const durations = ['15s', '30s', '47s', '1m', '2m', '5m', '7m', '10m', '30m', '1h'] as const;
const groupLabels = ['job', 'instance', 'code', 'le', 'queue', 'version', 'missing'] as const;
const arithmetic = ['+', '-', '*', '/', '%', '^'] as const;
const comparisons = ['==', '!=', '>', '<', '>=', '<='] as const;

export class QueryMaker {
  readonly #dice: Dice;
  readonly #semantics: Semantics;

  constructor(dice: Dice, semantics: Semantics) {
    this.#dice = dice;
    this.#semantics = semantics;
  }

  instant(): GeneratedQuery {
    const dice = this.#dice;
    if (dice.chance(0.05)) return { text: this.#matrix(this.#metric()), isOrdered: false };
    if (dice.chance(0.05))
      return { text: `${dice.of(['sort', 'sort_desc'])}(${this.#vector(2)})`, isOrdered: true };
    return { text: this.#expression(), isOrdered: false };
  }

  range(): GeneratedQuery {
    return { text: this.#expression(), isOrdered: false };
  }

  #expression(): string {
    if (this.#dice.chance(0.05)) return this.#scalar(2);
    // Results of these may differ in the last digit from library to library: nothing is computed from them, nor
    // they from anything that was.
    if (this.#dice.chance(0.05)) return `${this.#dice.of(transcendental)}(${this.#selector(this.#metric())})`;
    return this.#vector(this.#dice.between(0, 3));
  }

  #vector(depth: number): string {
    const dice = this.#dice;
    if (depth <= 0) return dice.chance(0.5) ? this.#selector(this.#metric()) : this.#overTime();
    const shapes: readonly (() => string)[] = [
      () => this.#overTime(),
      () => this.#overTime(),
      () => this.#aggregation(depth - 1),
      () => this.#aggregation(depth - 1),
      () => this.#aggregation(depth - 1),
      () => this.#withScalar(depth - 1),
      () => this.#withScalar(depth - 1),
      () => this.#joined(depth - 1),
      () => this.#joined(depth - 1),
      () => this.#setOperation(depth - 1),
      () => this.#call(depth - 1),
      () => this.#call(depth - 1),
      () => this.#overSubquery(depth - 1),
      () => this.#quantile(),
      () => `-${this.#selector(this.#metric())}`,
    ];
    return (shapes[dice.between(0, shapes.length - 1)] ?? this.#overTime.bind(this))();
  }

  #unequal(): string {
    const dice = this.#dice;
    const metric = dice.of(['requests_total', 'latency_seconds_sum', 'queue_length']);
    const name = dice.of(['sum_over_time', 'avg_over_time', 'max_over_time']);
    return `${name}(${metric}${this.#matchers()}[${dice.of(['2m', '5m', '30m'])}]${this.#modifiers()})`;
  }

  #metric(): string {
    const dice = this.#dice;
    return dice.of([
      dice.of(metrics.counters),
      dice.of(metrics.gauges),
      dice.of(metrics.gauges),
      metrics.buckets,
      metrics.info,
    ]);
  }

  #selector(metric: string): string {
    return `${metric}${this.#matchers()}${this.#modifiers()}`;
  }

  #matrix(metric: string): string {
    return `${metric}${this.#matchers()}[${this.#dice.of(durations)}]${this.#modifiers()}`;
  }

  #matchers(): string {
    const dice = this.#dice;
    const all = [
      `job="${dice.of(jobs)}"`,
      `job!="${dice.of(jobs)}"`,
      `instance=~"${dice.of(['i[1-3]', 'i1|i2', '.+', '.*', 'i.', '(?i)I4', ''])}"`,
      `instance!~"${dice.of(['i[45]', 'i3|', '.*5'])}"`,
      `code="${dice.of(codes)}"`,
      `code=~"${dice.of(['2..', '4..|5..', '^200$'])}"`,
      `le!="${dice.of(bounds)}"`,
      `missing=""`,
    ];
    const chosen = dice.some(all, 0.1);
    return chosen.length === 0 ? '' : `{${chosen.join(', ')}}`;
  }

  #modifiers(): string {
    const dice = this.#dice;
    const offset = dice.chance(0.12) ? ` offset ${dice.chance(0.3) ? '-' : ''}${dice.of(durations)}` : '';
    if (!dice.chance(0.08)) return offset;
    const seconds = dice.between(dataStartMs / 1_000, dataEndMs / 1_000);
    const at = dice.of([` @ ${seconds}`, ` @ ${seconds}.25`, ' @ start()', ' @ end()']);
    return dice.chance(0.5) ? `${offset}${at}` : `${at}${offset}`;
  }

  #overTime(): string {
    const dice = this.#dice;
    if (dice.chance(0.45)) {
      const metric = dice.of([dice.of(metrics.counters), dice.of(metrics.counters), metrics.buckets]);
      return `${dice.of(['rate', 'rate', 'increase', 'irate', 'resets', 'changes'])}(${this.#matrix(metric)})`;
    }
    return this.#rangeFunction(() => this.#matrix(this.#metric()));
  }

  #rangeFunction(range: () => string): string {
    const dice = this.#dice;
    const name = dice.of(rangeFunctions);
    switch (name) {
      case 'quantile_over_time':
        return `quantile_over_time(${this.#share()}, ${range()})`;
      case 'predict_linear':
        return `predict_linear(${range()}, ${dice.between(-600, 3_600)})`;
      case 'smoothing': {
        const smoothing = this.#semantics === 'v2' ? 'holt_winters' : 'avg_over_time';
        return smoothing === 'holt_winters'
          ? `holt_winters(${range()}, 0.3, 0.6)`
          : `avg_over_time(${range()})`;
      }
      default:
        return `${name}(${range()})`;
    }
  }

  #overSubquery(depth: number): string {
    const dice = this.#dice;
    const step = dice.chance(0.3) ? '' : dice.of(['15s', '1m', '37s', '5m']);
    const range = dice.of(['2m', '5m', '10m', '31m']);
    return this.#rangeFunction(
      () => `(${this.#vector(Math.min(depth, 1))})[${range}:${step}]${this.#modifiers()}`,
    );
  }

  #aggregation(depth: number): string {
    const dice = this.#dice;
    const operator = dice.of(aggregations);
    const labels = dice.some(groupLabels, 0.35).join(', ');
    const grouping = dice.chance(0.2) ? '' : `${dice.of(['by', 'by', 'without'])} (${labels})`;
    const operand = this.#vector(depth);
    switch (operator) {
      case 'quantile':
        return `quantile ${grouping} (${this.#share()}, ${operand})`;
      case 'topk':
      case 'bottomk':
        // Of values that differ: which of two equal ones a server takes depends on how it stored them.
        return `${operator} ${grouping} (${dice.between(0, 6)}, ${this.#unequal()})`;
      case 'count_values':
        return `count_values ${grouping} ("${dice.of(['value', 'job'])}", ${operand})`;
      default:
        return dice.chance(0.5)
          ? `${operator} ${grouping} (${operand})`
          : `${operator}(${operand}) ${grouping}`;
    }
  }

  #share(): string {
    return this.#dice.of(['0', '0.5', '0.9', '0.99', '1', '0.123', '-1', '2', 'NaN']);
  }

  #withScalar(depth: number): string {
    const dice = this.#dice;
    const vector = `(${this.#vector(depth)})`;
    const scalar = this.#scalar(1);
    const isComparison = dice.chance(0.4);
    const operator = isComparison
      ? `${dice.of(comparisons)}${dice.chance(0.4) ? ' bool' : ''}`
      : dice.of([...arithmetic, 'atan2']);
    return dice.chance(0.7) ? `${vector} ${operator} ${scalar}` : `${scalar} ${operator} ${vector}`;
  }

  /** Both sides by labels that make their matches unique, mostly. */
  #joined(depth: number): string {
    const dice = this.#dice;
    const isComparison = dice.chance(0.3);
    const bool = isComparison && dice.chance(0.4) ? ' bool' : '';
    const operator = `${isComparison ? dice.of(comparisons) : dice.of(arithmetic)}${bool}`;
    const one = `sum by (job, instance) (${this.#vector(depth)})`;
    switch (dice.between(0, 4)) {
      case 0:
        return `${one} ${operator} sum by (instance, job) (${this.#vector(depth)})`;
      case 1:
        return `(${this.#vector(depth)}) ${operator} on (job, instance) group_left ${one}`;
      case 2:
        return `(${this.#vector(depth)}) ${operator} on (job, instance) group_left (version) build_info`;
      case 3:
        return `${one} ${operator} ignoring (code, le, queue, version) group_right (${this.#vector(depth)})`;
      default:
        return `(${this.#vector(depth)}) ${operator} (${this.#vector(depth)})`;
    }
  }

  #setOperation(depth: number): string {
    const dice = this.#dice;
    const labels = dice.some(groupLabels, 0.4).join(', ');
    const matching = dice.chance(0.5) ? ` ${dice.of(['on', 'ignoring'])} (${labels})` : '';
    const operator = dice.of(['and', 'or', 'unless']);
    return `(${this.#vector(depth)}) ${operator}${matching} (${this.#vector(depth)})`;
  }

  #call(depth: number): string {
    const dice = this.#dice;
    const vector = this.#vector(depth);
    switch (dice.between(0, 9)) {
      case 0:
        return `clamp(${vector}, ${dice.between(-10, 10)}, ${dice.between(0, 100)})`;
      case 1:
        return `${dice.of(['clamp_min', 'clamp_max'])}(${vector}, ${this.#scalar(0)})`;
      case 2:
        return `round(${vector}${dice.chance(0.5) ? `, ${dice.of(['0.1', '5', '0.5', '10', '-3'])}` : ''})`;
      case 3:
        return `label_replace(${vector}, "${dice.of(['job', 'new', 'instance'])}", "${dice.of(['$1', 'x-$1', '', '${1}s'])}", "${dice.of(['instance', 'job', 'missing'])}", "${dice.of(['i(.)', '(.*)', '(a).*', 'zz'])}")`;
      case 4:
        return `label_join(${vector}, "${dice.of(['new', 'job'])}", "${dice.of(['-', ''])}", "instance", "code")`;
      case 5:
        return `absent(${this.#selector(this.#metric())})`;
      case 6:
        return `timestamp(${dice.chance(0.5) ? this.#selector(this.#metric()) : vector})`;
      case 7:
        return `${dice.of(dateFunctions)}(${dice.chance(0.2) ? '' : `timestamp(${vector})`})`;
      case 8:
        return `vector(${this.#scalar(1)})`;
      default:
        return `${dice.of(plainFunctions)}(${vector})`;
    }
  }

  #quantile(): string {
    const dice = this.#dice;
    const labels = dice.some(['job', 'instance'], 0.5);
    const rate = `rate(${this.#matrix(metrics.buckets)})`;
    const grouped = dice.chance(0.8) ? `sum by (${['le', ...labels].join(', ')}) (${rate})` : rate;
    return `histogram_quantile(${this.#share()}, ${grouped})`;
  }

  #scalar(depth: number): string {
    const dice = this.#dice;
    if (depth <= 0 || dice.chance(0.5)) return dice.of(numbers);
    switch (dice.between(0, 3)) {
      case 0:
        return `scalar(${this.#selector(this.#metric())})`;
      case 1:
        return `scalar(sum(${this.#vector(depth - 1)}))`;
      case 2:
        return 'time()';
      default:
        return `(${this.#scalar(depth - 1)} ${dice.of(arithmetic)} ${this.#scalar(depth - 1)})`;
    }
  }
}

const numbers = ['0', '1', '-1', '2', '3.5', '100', '1e3', '0x1F', 'Inf', '-Inf', 'NaN', '1e-3'] as const;
const rangeFunctions = [
  'sum_over_time',
  'avg_over_time',
  'min_over_time',
  'max_over_time',
  'count_over_time',
  'last_over_time',
  'present_over_time',
  'stddev_over_time',
  'stdvar_over_time',
  'quantile_over_time',
  'absent_over_time',
  'changes',
  'delta',
  'idelta',
  'deriv',
  'predict_linear',
  'smoothing',
] as const;
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
const plainFunctions = ['abs', 'ceil', 'floor', 'sgn', 'sqrt', 'sort', 'deg', 'rad'] as const;
const dateFunctions = [
  'day_of_month',
  'day_of_week',
  'day_of_year',
  'days_in_month',
  'hour',
  'minute',
  'month',
  'year',
] as const;
const transcendental = ['exp', 'ln', 'log2', 'log10', 'sin', 'cos', 'tan', 'asinh', 'atan', 'tanh'] as const;
