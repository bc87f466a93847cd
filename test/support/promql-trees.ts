import fc from 'fast-check';
import {
  aggregationOperators,
  arithmeticOperators,
  comparisonOperators,
  setOperators,
  type Duration,
  type DurationExpression,
  type Expression,
  type LabelMatcher,
  type NumberLiteral,
  type VectorMatching,
} from '#shared/promql/syntax/ast.ts';
import { functionSignatures } from '#shared/promql/syntax/function-signatures.ts';

/** Any query as a tree that the parser may make: of right types, with the parentheses that its print needs. */

const span = { start: 0, end: 0 };
const name = fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,8}$/).filter((word) => !/^(?:inf|nan)$/i.test(word));
/** No metric is called so, and these are more than names in calls and after operands. */
const words =
  /^(?:on|ignoring|group_left|group_right|bool|atan2|fill|fill_left|fill_right|inf|nan|offset|anchored|smoothed|by|without)$/i;
const metricName = fc
  .tuple(name, fc.constantFrom('', ':sum', ':rate:5m'))
  .map(([word, end]) => word + end)
  .filter((word) => !words.test(word));
const labelName = fc.oneof(name, fc.constantFrom('by', 'on', 'offset', 'sum', 'a.b', 'with "quotes"', 'ü'));
/** Not U+FFFD, which the lexer takes for broken text as Prometheus' does. */
const anyText = fc.string({ unit: 'binary', maxLength: 6 }).filter((text) => !text.includes('\uFFFD'));

const matcher: fc.Arbitrary<LabelMatcher> = fc
  .record({
    name: labelName,
    operator: fc.constantFrom('=', '!=', '=~', '!~'),
    value: anyText,
  })
  .map(({ name: label, operator, value }) => ({
    name: label,
    operator,
    value: operator === '=' || operator === '!=' ? value : value.replace(/[^\w ]/gu, '.'),
  }));

const ms = fc.oneof(
  fc.integer({ min: 1, max: 100_000 }),
  fc.constantFrom(60_000, 604_800_000, 31_536_000_000),
);

function number(value: number, isDuration = false): NumberLiteral {
  return { kind: 'number', span, value, isDuration };
}

const plainNumber = fc
  .oneof(fc.nat(), fc.double({ min: 0, noNaN: false }), fc.constantFrom(0, 1e300, 5e-324, 2 ** 53))
  .map((value) => number(Object.is(value, -0) ? 0 : value));
const durationNumber = ms.map((length) => number(length / 1_000, true));

const { calculation } = fc.letrec<{ calculation: DurationExpression; atom: DurationExpression }>((tie) => ({
  atom: fc.oneof(
    { depthSize: 'small' },
    durationNumber,
    fc.nat(1_000).map((value) => number(value)),
    fc.constantFrom({ kind: 'step', span } as const, { kind: 'range', span } as const),
    fc.record({
      kind: fc.constant('calculation' as const),
      span: fc.constant(span),
      operator: fc.constantFrom('min_of', 'max_of'),
      left: tie('calculation'),
      right: tie('calculation'),
    }),
    tie('calculation').map((operand): DurationExpression => {
      // Around a number they are dropped, so a negative one could not be raised to a power.
      if (operand.kind === 'number') return number(Math.abs(operand.value), operand.isDuration);
      return operand.kind === 'parenthesised' ? operand : { kind: 'parenthesised', span, operand };
    }),
  ),
  calculation: fc.oneof(
    { depthSize: 'small' },
    tie('atom'),
    fc
      .tuple(tie('atom'), fc.constantFrom('+', '-', '*', '^'), tie('atom'))
      .map(([left, operator, right]) => ({ kind: 'calculation', span, operator, left, right }) as const),
    tie('atom').map((operand) =>
      operand.kind === 'number'
        ? number(-operand.value, operand.isDuration)
        : ({ kind: 'negated', span, operand } as const),
    ),
  ),
}));

const computed = calculation
  .filter(({ kind }) => kind !== 'number')
  .map((expression): Duration => ({ kind: 'computed', expression }));
const length: fc.Arbitrary<Duration> = fc.oneof(
  ms.map((fixed): Duration => ({ kind: 'fixed', ms: fixed })),
  computed,
);
const shift: fc.Arbitrary<Duration> = fc.oneof(
  fc
    .tuple(ms, fc.boolean())
    .map(([fixed, isBack]): Duration => ({ kind: 'fixed', ms: isBack ? -fixed : fixed })),
  computed.filter(
    (duration) =>
      duration.kind === 'computed' &&
      (duration.expression.kind !== 'calculation' || duration.expression.operator.endsWith('_of')),
  ),
);
const modifiers = fc.record({
  offset: fc.option(shift, { freq: 2 }),
  at: fc.option(
    fc.oneof(
      fc.integer({ min: -1e12, max: 1e12 }).map((time) => ({ kind: 'time' as const, ms: time })),
      fc.constantFrom({ kind: 'start' as const }, { kind: 'end' as const }),
    ),
    { freq: 2 },
  ),
});

const selector = fc
  .record({
    metric: metricName,
    matchers: fc.array(matcher, { maxLength: 3 }),
    isNamed: fc.boolean(),
    modifiers,
  })
  .map(({ metric, matchers, isNamed, modifiers: when }) => {
    const named: LabelMatcher = { name: '__name__', operator: '=', value: metric };
    // Matchers are printed in order, and the name before the braces comes last.
    const own = [...matchers, ...(isNamed ? [] : [named])];
    return {
      kind: 'selector' as const,
      span,
      name: isNamed ? metric : '',
      matchers: isNamed ? [...own, named] : own,
      ...when,
      extension: null,
    };
  });

const labelList = fc.array(labelName, { maxLength: 3 });

/** Nothing but what binds tighter than any operator stands without parentheses. */
function closed(operand: Expression): Expression {
  const isOpen =
    operand.kind === 'binary' ||
    operand.kind === 'unary' ||
    (operand.kind === 'number' &&
      (operand.value < 0 || Object.is(operand.value, -0) || operand.value === Number.POSITIVE_INFINITY)) ||
    ((operand.kind === 'selector' || operand.kind === 'subquery') && operand.offset?.kind === 'computed');
  return isOpen ? { kind: 'parentheses', span, operand } : operand;
}

const withParameter = /^(?:topk|bottomk|quantile|limitk|limit_ratio)$/;

const { vector, scalar } = fc.letrec<{
  vector: Expression;
  scalar: Expression;
  matrix: Expression;
  text: Expression;
}>((tie) => ({
  text: anyText.map((value) => ({ kind: 'string', span, value }) as const),
  scalar: fc.oneof(
    { depthSize: 'small' },
    plainNumber,
    durationNumber,
    fc
      .constantFrom('time', 'pi', 'step')
      .map((call) => ({ kind: 'call' as const, span, name: call, arguments: [] })),
    fc
      .tuple(tie('scalar'), fc.constantFrom(...arithmeticOperators), tie('scalar'))
      .map(([left, operator, right]) => ({
        kind: 'binary' as const,
        span,
        operator,
        bool: false,
        matching: null,
        left: closed(left),
        right: closed(right),
      })),
  ),
  matrix: fc.oneof(
    { depthSize: 'small' },
    fc
      .tuple(selector, length)
      .map(([one, range]) => ({ kind: 'matrix' as const, span, selector: one, range })),
    fc
      .record({ operand: tie('vector').map(closed), range: length, step: fc.option(length), modifiers })
      .map(({ modifiers: when, ...parts }) => ({ kind: 'subquery' as const, span, ...parts, ...when })),
  ),
  vector: fc.oneof(
    { depthSize: 'small' },
    selector,
    tie('vector').map((operand) => ({ kind: 'parentheses', span, operand }) as const),
    fc
      .tuple(fc.constantFrom('+', '-'), tie('vector'))
      .map(([operator, operand]) => ({ kind: 'unary', span, operator, operand: closed(operand) }) as const),
    binaryOf(tie('vector'), tie('scalar')),
    fc
      .record({
        operator: fc.constantFrom(...aggregationOperators),
        number: tie('scalar'),
        label: tie('text'),
        operand: tie('vector'),
        without: fc.boolean(),
        grouping: labelList,
      })
      .map(({ number: count, label, ...parts }) => ({
        kind: 'aggregation' as const,
        span,
        ...parts,
        parameter: withParameter.test(parts.operator)
          ? count
          : parts.operator === 'count_values'
            ? label
            : null,
      })),
    callOf({ vector: tie('vector'), scalar: tie('scalar'), matrix: tie('matrix'), string: tie('text') }),
  ),
}));

function binaryOf(
  operand: fc.Arbitrary<Expression>,
  number: fc.Arbitrary<Expression>,
): fc.Arbitrary<Expression> {
  const matching: fc.Arbitrary<VectorMatching> = fc
    .record({
      cardinality: fc.constantFrom('one-to-one', 'many-to-one', 'one-to-many'),
      on: fc.boolean(),
      labels: labelList,
      include: labelList,
      fill: fc.record({ left: fc.option(fc.integer()), right: fc.option(fc.double({ noNaN: true })) }),
    })
    .map((parts) => ({
      ...parts,
      include:
        parts.cardinality === 'one-to-one' ? [] : parts.include.filter((one) => !parts.labels.includes(one)),
    }));
  const calculated = fc
    .record({
      operator: fc.constantFrom(...arithmeticOperators, ...comparisonOperators, ...setOperators),
      bool: fc.boolean(),
      matching,
      left: operand,
      right: operand,
    })
    .map(({ operator, bool, matching: sides, left, right }): Expression => {
      const isSet = (setOperators as readonly string[]).includes(operator);
      const isComparison = (comparisonOperators as readonly string[]).includes(operator);
      const own: VectorMatching = isSet
        ? { ...sides, cardinality: 'many-to-many', include: [], fill: { left: null, right: null } }
        : sides;
      const rest = { left: closed(left), right: closed(right) };
      return { kind: 'binary', span, operator, bool: bool && isComparison, matching: own, ...rest };
    });
  const scaled = fc
    .tuple(operand, fc.constantFrom(...arithmeticOperators, ...comparisonOperators), number, fc.boolean())
    .map(([one, operator, factor, isFirst]): Expression => {
      const [left, right] = isFirst ? [closed(one), closed(factor)] : [closed(factor), closed(one)];
      return { kind: 'binary', span, operator, bool: false, matching: null, left, right };
    });
  return fc.oneof(calculated, scaled);
}

function callOf(
  arguments_: Readonly<Record<'vector' | 'scalar' | 'matrix' | 'string', fc.Arbitrary<Expression>>>,
): fc.Arbitrary<Expression> {
  const callable = [...functionSignatures().values()].filter(
    ({ name: called, returnType }) => returnType === 'vector' && called !== 'info',
  );
  return fc
    .constantFrom(...callable)
    .chain((signature) =>
      fc
        .tuple(...signature.argumentTypes.map((type) => arguments_[type]))
        .map((all) => ({ kind: 'call' as const, span, name: signature.name, arguments: all })),
    );
}

export const anyExpression: fc.Arbitrary<Expression> = fc.oneof({ weight: 6, arbitrary: vector }, scalar);

/** The same tree without its places, and with matchers as they are printed: in order. */
export function withoutSpans(expression: Expression): unknown {
  return JSON.parse(JSON.stringify(expression), (key, value: unknown) => {
    if (key === 'span') return undefined;
    if (key === 'matchers' && Array.isArray(value)) return value.map((one) => JSON.stringify(one)).sort();
    return value;
  });
}
