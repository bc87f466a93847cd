import { assertNever } from '#shared/result.ts';
import { formatFloat } from '#shared/gotemplate/float-format.ts';
import { metricNameLabel } from '../model/label-set.ts';
import type {
  Aggregation,
  AtModifier,
  Binary,
  Duration,
  DurationExpression,
  Expression,
  LabelMatcher,
  NumberLiteral,
  TimeModifiers,
  VectorMatching,
  VectorSelector,
} from './ast.ts';
import { writtenDuration } from './durations.ts';
import { goQuoted } from './strings.ts';

/**
 * An expression as Prometheus prints it: on one line, matchers sorted, `by` before the arguments, `@` before
 * `offset`. Rules run what is printed, so the order of matchers is seen in what `absent` answers. It adds no
 * parentheses: the tree has those that were written.
 */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression);
    case 'string':
      return goQuoted(expression.value);
    case 'selector':
      return (
        printMetric(expression) + printAt(expression) + printExtension(expression) + printOffset(expression)
      );
    case 'matrix': {
      const { selector, range } = expression;
      const modifiers = printExtension(selector) + printAt(selector) + printOffset(selector);
      return `${printMetric(selector)}[${printDuration(range)}]${modifiers}`;
    }
    case 'subquery': {
      const { operand, range, step } = expression;
      const interval = step === null ? '' : printDuration(step);
      const suffix = printAt(expression) + printOffset(expression);
      return `${printExpression(operand)}[${printDuration(range)}:${interval}]${suffix}`;
    }
    case 'parentheses':
      return `(${printExpression(expression.operand)})`;
    case 'unary':
      return expression.operator + printExpression(expression.operand);
    case 'binary':
      return printBinary(expression);
    case 'aggregation':
      return printAggregation(expression);
    case 'call':
      return `${expression.name}(${expression.arguments.map(printExpression).join(', ')})`;
    default:
      return assertNever(expression, 'expression');
  }
}

function printNumber({ value, isDuration }: NumberLiteral): string {
  if (!isDuration) return formatFloat(value, 'f', null);
  const ms = Math.abs(value) * 1000;
  return (value < 0 ? '-' : '') + writtenDuration(Math.round(ms * 1e6) / 1e6);
}

function printMetric({ name, matchers }: VectorSelector): string {
  const written = matchers
    .filter((matcher) => !isName(matcher, name))
    .map(printMatcher)
    .sort(compareBytes);
  // Only the second argument of `info` may select nothing; Prometheus prints nothing there, which nobody can read.
  if (written.length === 0) return name === '' ? '{}' : name;
  return `${name}{${written.join(',')}}`;
}

function isName(matcher: LabelMatcher, name: string): boolean {
  return (
    name !== '' && matcher.name === metricNameLabel && matcher.operator === '=' && matcher.value === name
  );
}

function printMatcher({ name, operator, value }: LabelMatcher): string {
  return printLabel(name) + operator + goQuoted(value);
}

/** A label that is no plain word needs quotes. */
function printLabel(label: string): string {
  return /^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) ? label : goQuoted(label);
}

function printLabels(labels: readonly string[]): string {
  return labels.map(printLabel).join(', ');
}

/** By UTF-8, which sorts like code points. */
function compareBytes(left: string, right: string): number {
  for (let index = 0; ; index++) {
    const one = left.codePointAt(index);
    const other = right.codePointAt(index);
    if (one !== other) return (one ?? -1) - (other ?? -1);
    if (one === undefined) return 0;
  }
}

function printAt({ at }: { readonly at: AtModifier | null }): string {
  if (at === null) return '';
  return at.kind === 'time' ? ` @ ${formatFloat(at.ms / 1000, 'f', 3)}` : ` @ ${at.kind}()`;
}

function printExtension({ extension }: VectorSelector): string {
  return extension === null ? '' : ` ${extension}`;
}

function printOffset({ offset }: Pick<TimeModifiers, 'offset'>): string {
  if (offset === null) return '';
  const text = printDuration(offset);
  // Prometheus writes no parentheses here, and then reads the calculation as one of the values.
  return offset.kind === 'computed' && !isWhole(offset.expression) ? ` offset (${text})` : ` offset ${text}`;
}

/** Whether all of it is read as an offset. */
function isWhole(expression: DurationExpression): boolean {
  if (expression.kind === 'negated') return isWhole(expression.operand);
  if (expression.kind !== 'calculation') return true;
  if (expression.operator === 'min_of' || expression.operator === 'max_of') return true;
  return printCalculation(expression).startsWith('(');
}

function printDuration(duration: Duration): string {
  if (duration.kind === 'computed') return printCalculation(duration.expression);
  return duration.ms < 0 ? `-${writtenDuration(-duration.ms)}` : writtenDuration(duration.ms);
}

function printCalculation(expression: DurationExpression): string {
  switch (expression.kind) {
    case 'number':
      return printNumber(expression);
    case 'step':
    case 'range':
      return `${expression.kind}()`;
    case 'negated':
      return `-${printCalculation(expression.operand)}`;
    case 'parenthesised':
      return `(${printCalculation(expression.operand)})`;
    case 'calculation': {
      const { operator } = expression;
      const left = printCalculation(expression.left);
      const right = printCalculation(expression.right);
      return operator === 'min_of' || operator === 'max_of'
        ? `${operator}(${left}, ${right})`
        : `${left} ${operator} ${right}`;
    }
    default:
      return assertNever(expression, 'duration');
  }
}

function printBinary({ operator, bool, matching, left, right }: Binary): string {
  const modifiers = (bool ? ' bool' : '') + (matching === null ? '' : printMatching(matching));
  return `${printExpression(left)} ${operator}${modifiers} ${printExpression(right)}`;
}

function printMatching({ cardinality, on, labels, include, fill }: VectorMatching): string {
  const isGrouped = cardinality === 'many-to-one' || cardinality === 'one-to-many';
  let text = '';
  if (on || labels.length > 0 || isGrouped) text += ` ${on ? 'on' : 'ignoring'} (${printLabels(labels)})`;
  if (isGrouped)
    text += ` group_${cardinality === 'many-to-one' ? 'left' : 'right'} (${printLabels(include)})`;
  if (fill.left !== null && Object.is(fill.left, fill.right)) return `${text} fill (${fillValue(fill.left)})`;
  if (fill.left !== null) text += ` fill_left (${fillValue(fill.left)})`;
  if (fill.right !== null) text += ` fill_right (${fillValue(fill.right)})`;
  return text;
}

/** As Go's `%v` writes a float, which takes an exponent for what is very large or small. */
function fillValue(value: number): string {
  const size = Math.abs(value);
  const takesExponent = Number.isFinite(value) && size !== 0 && (size < 1e-4 || size >= 1e21);
  return formatFloat(value, takesExponent ? 'e' : 'f', null);
}

function printAggregation({ operator, parameter, operand, without, grouping }: Aggregation): string {
  const labels = without
    ? ` without (${printLabels(grouping)}) `
    : grouping.length > 0
      ? ` by (${printLabels(grouping)}) `
      : '';
  const first = parameter === null ? '' : `${printExpression(parameter)}, `;
  return `${operator}${labels}(${first}${printExpression(operand)})`;
}
