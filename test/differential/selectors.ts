import { bounds, codes, jobs, metrics, notes } from './data.ts';
import { avoids, isVersion3, type Maker } from './maker.ts';

/** Selectors with all kinds of matchers, of all kinds of names, at all times. */

const durations = [
  '15s',
  '30s',
  '47s',
  '1m',
  '2m',
  '5m',
  '7m',
  '10m',
  '30m',
  '1h',
  '1m30s',
  '999ms',
] as const;
/** Version 3 takes plain numbers of seconds. */
const numericDurations = ['300', '90', '0x3C', '1e2', '47.5', '.5e2'] as const;

/** Computed ones are an experiment; some come to nothing, which is refused. */
const computedDurations = [
  '1m*2',
  '(5m-1m)/2',
  '-5m+10m',
  '10%3*60',
  '2^7',
  '1h/60 + 5',
  '1m-1m',
  '3*(1m+1s)',
] as const;

export function metricName({ dice }: Maker): string {
  return dice.of([
    dice.of(metrics.counters),
    dice.of(metrics.gauges),
    dice.of(metrics.gauges),
    metrics.buckets,
    dice.of([metrics.info, metrics.info, metrics.oddBuckets]),
  ]);
}

export function counterName({ dice }: Maker): string {
  return dice.of([dice.of(metrics.counters), dice.of(metrics.counters), metrics.buckets]);
}

export function duration(maker: Maker): string {
  const { dice } = maker;
  if (maker.experimental && dice.chance(0.03)) return dice.of(computedDurations);
  return plainDuration(maker);
}

function plainDuration(maker: Maker): string {
  const { dice } = maker;
  return isVersion3(maker) && dice.chance(0.1) ? dice.of(numericDurations) : dice.of(durations);
}

export interface SelectorLimits {
  /** Whether an `@` may fix it. */
  readonly canBeFixed?: boolean;
  /** Whether labels that are asked to be equal to something have no other matcher. */
  readonly hasPlainEqualities?: boolean;
  /** Whether it selects one metric only. */
  readonly hasOneName?: boolean;
}

export function selector(maker: Maker, metric = metricName(maker), limits: SelectorLimits = {}): string {
  return `${selected(maker, metric, limits)}${modifiers(maker, limits)}`;
}

/** Whether ranges may be of several metrics whose series differ in nothing else. */
function mayTakeTurns(maker: Maker): boolean {
  return maker.isAtOneStep || !avoids(maker, 'rangesTakingTurns');
}

export function matrix(maker: Maker, metric = metricName(maker), given: SelectorLimits = {}): string {
  const limits = { ...given, hasOneName: !mayTakeTurns(maker) };
  return `${selected(maker, metric, limits)}[${duration(maker)}]${modifiers(maker, limits)}`;
}

function selected(maker: Maker, metric: string, limits: SelectorLimits): string {
  const { dice } = maker;
  const chosen = chosenMatchers(maker);
  const matchers = limits.hasPlainEqualities ? withPlainEqualities(chosen) : chosen;
  const braces = matchers.length === 0 ? '' : `{${matchers.join(', ')}}`;
  if (limits.hasOneName || dice.chance(0.9)) return `${metric}${braces}`;
  const other = metricName(maker);
  const named = [
    `__name__="${metric}"`,
    // Several metrics that may differ in nothing but their names.
    `__name__=~"${metric}|${other}"`,
    `__name__=~"(${metric.slice(0, 4)}|${other.slice(0, 3)}).*"`,
    `__name__!~".*bucket|.*(total|count|sum)", job=~"a.+"`,
    ...(isVersion3(maker) ? [`"${metric}"`] : []),
  ];
  return `{${[dice.of(named as [string, ...string[]]), ...matchers].join(', ')}}`;
}

const instancePatterns = [
  'i[1-3]',
  'i1|i2',
  '.+',
  '.*',
  'i.',
  '(?i)I4',
  '',
  '[^i]\\\\d',
  'i[[:digit:]]',
  '\\\\w+',
  'i(1|2|3)',
  '(?i:I[1-2])',
  'i\\\\d{1}',
  '(?:i1|)',
  '^i2$',
  'i?',
  '.{2}',
  '\\\\pL\\\\pN',
  'i\\\\x{31}',
  'i(?P<number>[23])',
  'without.*|falling|twice',
] as const;
const excludedPatterns = ['i[45]', 'i3|', '.*5', '(?i)I[^1]', 'x*', 'i', '.+', '\\\\D+\\\\d'] as const;
const notePatterns = [
  'a.b',
  '(?s)a.b',
  '(?-s)a.b',
  '(?m)a$.^b',
  'a\\nb',
  '(?i)GRÖSSE',
  'gr[ö]ss?e|größe',
  '\\\\p{Ll}+',
  '\\\\p{Lu}+',
  '(?i)k',
  '[\\\\x{80}-\\\\x{10FFFF}]',
  '[^\\\\n]+',
  '\\\\P{Greek}*',
  'é',
  '.',
  '..',
  '\\\\Qa.b\\\\E',
  '|plain',
  '(?U)p.*',
] as const;

function chosenMatchers(maker: Maker): string[] {
  const { dice } = maker;
  const all = [
    `job="${dice.of(jobs)}"`,
    `job!="${dice.of(jobs)}"`,
    `instance=~"${dice.of(instancePatterns)}"`,
    `instance!~"${dice.of(excludedPatterns)}"`,
    `code${dice.of(['=', '!='])}"${dice.of(codes)}"`,
    `code=~"${dice.of(['2..', '4..|5..', '^200$', '(?i)[a-z]*|200', '.*0'])}"`,
    `le!="${dice.of(bounds)}"`,
    `note${dice.of(['=~', '=~', '!~'])}"${dice.of(notePatterns)}"`,
    `note${dice.of(['=', '!='])}${JSON.stringify(dice.of(notes))}`,
    `missing${dice.of(['=""', '!="x"', '=~""', '=~".*"', '!~".+"'])}`,
    `job=~"api|.+", job!~\`d.\``,
    ...(isVersion3(maker) ? [`"k8s.pod"=~"${dice.of(['pod-[12]', '', 'pod-.|'])}"`] : []),
  ];
  return dice.some(all, 0.055);
}

function withPlainEqualities(matchers: readonly string[]): string[] {
  const nameOf = (matcher: string): string => /^\w*/.exec(matcher)?.[0] ?? '';
  const plain = new Set(matchers.filter((matcher) => /^\w+="/.test(matcher)).map(nameOf));
  return matchers.filter((matcher) => /^\w+="/.test(matcher) || !plain.has(nameOf(matcher)));
}

/** `offset` and `@`, in either order. */
export function modifiers(maker: Maker, { canBeFixed = true }: SelectorLimits = {}): string {
  const { dice } = maker;
  const offset = dice.chance(0.14) ? ` offset ${dice.chance(0.3) ? '-' : ''}${offsetBy(maker)}` : '';
  if (!canBeFixed || !dice.chance(0.1)) return offset;
  const seconds = maker.momentMs() / 1_000;
  const at = dice.of([` @ ${seconds}`, ` @ ${seconds}`, ' @ start()', ' @ end()']);
  return dice.chance(0.5) ? `${offset}${at}` : `${at}${offset}`;
}

function offsetBy(maker: Maker): string {
  const { dice } = maker;
  if (maker.experimental && dice.chance(0.03)) return `(${dice.of(computedDurations)})`;
  return plainDuration(maker);
}

/** A subquery of a vector; its operand may be one of subqueries again. */
export function subquery(maker: Maker, depth: number, limits: SelectorLimits = {}): string {
  const { dice } = maker;
  const range = dice.of(['2m', '5m', '10m', '31m', '59s']);
  const operand = maker.atManySteps(() => maker.vector(Math.min(depth, 1)));
  const isAmbiguous = /__name__[=!]~| or /.test(operand) && !mayTakeTurns(maker);
  const step = subqueryStep(maker, operand);
  return `(${isAmbiguous ? 'sum without () ' : ''}(${operand}))[${range}:${step}]${modifiers(maker, limits)}`;
}

/** Some are wider than the range, so that none may lie within. */
function subqueryStep(maker: Maker, operand: string): string {
  const { dice } = maker;
  const isFine = operand.includes('@') && avoids(maker, 'noStepOfSubquery');
  if (!isFine && dice.chance(0.3)) return '';
  const fine = ['15s', '37s', '7s', isVersion3(maker) ? '20' : '20s'] as const;
  return dice.of(isFine ? fine : [...fine, '1m', '5m']);
}
