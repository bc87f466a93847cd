import type { SeriesStore } from '../series-store.ts';
import { aggregate } from './aggregate.ts';
import {
  isSetOperator,
  type Aggregation,
  type BinaryOperation,
  type CalculatingOperator,
  type Expression,
  type MatrixSelector,
} from './ast.ts';
import { calculate, combineSets, combineVectors, vectorWithScalar } from './binary.ts';
import { dropName, isEmpty, mapColumns, relabel, type Column, type Steps } from './columns.ts';
import { histogramQuantile } from './histogram-quantile.ts';
import {
  absentColumns,
  applyToNumbers,
  replaceLabel,
  scalarOf,
  sortColumns,
  type ScalarAt,
} from './instant-functions.ts';
import { unsupported } from './query-error.ts';
import { instantColumns, pinnedLabels, windowColumns, type WindowFunction } from './selection.ts';
import { predictLinear, quantileOf, windowFunctions } from './window-functions.ts';

/** Evaluates a checked expression over all steps at once. @throws QueryError. */
export type Value =
  | { readonly kind: 'scalar'; readonly values: Float64Array }
  | { readonly kind: 'vector'; readonly columns: readonly Column[] }
  | { readonly kind: 'string'; readonly text: string };

export function evaluate(expression: Expression, store: SeriesStore, steps: Steps): Value {
  return new Evaluation(store, steps).value(expression);
}

class Evaluation {
  readonly #store: SeriesStore;
  readonly #steps: Steps;

  constructor(store: SeriesStore, steps: Steps) {
    this.#store = store;
    this.#steps = steps;
  }

  value(expression: Expression): Value {
    switch (expression.kind) {
      case 'number':
        return { kind: 'scalar', values: new Float64Array(this.#steps.count).fill(expression.value) };
      case 'string':
        return { kind: 'string', text: expression.value };
      case 'selector':
        return vector(instantColumns(this.#store, expression, this.#steps));
      case 'matrix':
        throw unsupported('a range vector here');
      case 'negate':
        return this.#negated(this.value(expression.operand));
      case 'call':
        return this.#call(expression.name, expression.arguments);
      case 'aggregation':
        return vector(this.#aggregation(expression));
      case 'binary':
        return this.#binary(expression);
    }
  }

  #columns(expression: Expression): readonly Column[] {
    const value = this.value(expression);
    return value.kind === 'vector' ? value.columns : [];
  }

  #scalars(expression: Expression): Float64Array {
    const value = this.value(expression);
    return value.kind === 'scalar' ? value.values : new Float64Array(this.#steps.count).fill(Number.NaN);
  }

  #scalarAt(expression: Expression | null | undefined): ScalarAt {
    if (expression === null || expression === undefined) return () => Number.NaN;
    const values = this.#scalars(expression);
    return (step) => values[step] ?? Number.NaN;
  }

  #negated(value: Value): Value {
    if (value.kind === 'scalar') return { kind: 'scalar', values: value.values.map((number) => -number) };
    if (value.kind === 'string') return value;
    return vector(
      relabel(
        mapColumns(value.columns, (number) => -number),
        dropName,
      ),
    );
  }

  #aggregation({ operator, grouping, parameter, operand }: Aggregation): readonly Column[] {
    return aggregate({ operator, grouping }, this.#scalarAt(parameter), this.#columns(operand), this.#steps);
  }

  #binary(operation: BinaryOperation): Value {
    const { operator, matching } = operation;
    const left = this.value(operation.left);
    const right = this.value(operation.right);
    if (isSetOperator(operator)) {
      return vector(combineSets(operator, matching, columnsOf(left), columnsOf(right), this.#steps));
    }
    const calculating = { ...operation, operator };
    if (left.kind === 'scalar' && right.kind === 'scalar') {
      return { kind: 'scalar', values: calculateAll(operator, left.values, right.values) };
    }
    if (right.kind === 'scalar')
      return vector(vectorWithScalar(calculating, columnsOf(left), right.values, false));
    if (left.kind === 'scalar')
      return vector(vectorWithScalar(calculating, columnsOf(right), left.values, true));
    return vector(combineVectors(calculating, columnsOf(left), columnsOf(right), this.#steps));
  }

  #call(name: string, given: readonly Expression[]): Value {
    const matrix = given.find((argument) => argument.kind === 'matrix');
    if (matrix !== undefined) return vector(this.#overWindow(name, matrix, given));
    const [first, ...rest] = given;
    if (name === 'time') {
      const { startMs, stepMs, count } = this.#steps;
      return {
        kind: 'scalar',
        values: Float64Array.from({ length: count }, (_, step) => (startMs + step * stepMs) / 1_000),
      };
    }
    if (first === undefined) throw unsupported(`the function ${name}`);
    if (name === 'vector') return vector(this.#constant(this.#scalars(first)));
    if (name === 'scalar') return { kind: 'scalar', values: scalarOf(this.#columns(first), this.#steps) };
    if (name === 'timestamp') return vector(this.#timestamps(first));
    return vector(this.#onVector(name, first, rest));
  }

  #onVector(name: string, first: Expression, rest: readonly Expression[]): readonly Column[] {
    const [second] = rest;
    if (name === 'histogram_quantile' && second !== undefined) {
      return histogramQuantile(this.#scalarAt(first), this.#columns(second), this.#steps);
    }
    const columns = this.#columns(first);
    switch (name) {
      case 'absent':
        return absentColumns(first.kind === 'selector' ? pinnedLabels(first) : {}, columns, this.#steps);
      case 'sort':
        return sortColumns(columns, 1, this.#steps);
      case 'sort_desc':
        return sortColumns(columns, -1, this.#steps);
      case 'label_replace': {
        const texts = rest.map((argument) => (argument.kind === 'string' ? argument.value : ''));
        return replaceLabel(columns, texts as [string, string, string, string]);
      }
      default: {
        const result = applyToNumbers(
          name,
          columns,
          rest.map((argument) => this.#scalarAt(argument)),
        );
        if (result === undefined) throw unsupported(`the function ${name}`);
        return result;
      }
    }
  }

  #overWindow(name: string, matrix: MatrixSelector, given: readonly Expression[]): readonly Column[] {
    if (name === 'absent_over_time') {
      const present = windowColumns(this.#store, matrix, this.#steps, () => 1);
      return absentColumns(pinnedLabels(matrix.selector), present, this.#steps);
    }
    const columns = windowColumns(this.#store, matrix, this.#steps, this.#windowFunction(name, given));
    return name === 'last_over_time' ? columns : relabel(columns, dropName);
  }

  #windowFunction(name: string, given: readonly Expression[]): WindowFunction {
    const scalarAt = this.#scalarAt(given.find((argument) => argument.kind !== 'matrix'));
    if (name === 'quantile_over_time') {
      return ({ values, from, to, step }) => quantileOf(scalarAt(step), values.subarray(from, to));
    }
    if (name === 'predict_linear') {
      // The window ends at the query's time less the offset; the prediction starts at the query's time.
      const matrix = given.find((argument) => argument.kind === 'matrix');
      const offsetSeconds = matrix?.kind === 'matrix' ? matrix.selector.offsetMs / 1_000 : 0;
      return (window) => predictLinear(window, scalarAt(window.step) + offsetSeconds);
    }
    const known = windowFunctions.get(name);
    if (known === undefined) throw unsupported(`the function ${name}`);
    return known;
  }

  #constant(values: Float64Array): readonly Column[] {
    return [{ labels: {}, values, present: new Uint8Array(values.length).fill(1) }];
  }

  #timestamps(expression: Expression): readonly Column[] {
    if (expression.kind === 'selector') {
      return relabel(instantColumns(this.#store, expression, this.#steps, 'time'), dropName);
    }
    const { startMs, stepMs } = this.#steps;
    return relabel(
      mapColumns(this.#columns(expression), (_value, step) => (startMs + step * stepMs) / 1_000),
      dropName,
    );
  }
}

function vector(columns: readonly Column[]): Value {
  return { kind: 'vector', columns: columns.filter((column) => !isEmpty(column)) };
}

function columnsOf(value: Value): readonly Column[] {
  return value.kind === 'vector' ? value.columns : [];
}

function calculateAll(operator: CalculatingOperator, left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, step) => calculate(operator, value, right[step] ?? Number.NaN));
}
