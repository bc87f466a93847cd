import { success, type Result } from '#shared/result.ts';
import type { Labels } from '../../model/labels.ts';
import type { QueryProblem } from '../problem.ts';
import type { Expression, TextSpan, ValueType } from '../syntax/ast.ts';
import { printExpression } from '../syntax/printer.ts';
import type { Column, Steps } from './columns.ts';
import { defaultOptions } from './options.ts';
import { countPresent } from './presence.ts';
import { answered, parsedQuery, type QueryOutcome, type QuerySetting } from './run.ts';
import type { NodeObserver, ObservedSeries, ObservedValue } from './scope.ts';

/** A query's tree with what each node gave: for whoever asks why an answer is what it is. */
export interface Explanation {
  readonly outcome: QueryOutcome;
  readonly tree: ExplainedNode;
}

export interface ExplainedNode {
  readonly span: TextSpan;
  /** As printed, which is how Prometheus would write it. */
  readonly text: string;
  readonly type: ValueType;
  readonly seriesCount: number;
  /** Values at all steps; of a range vector the raw samples that its ranges hold. */
  readonly sampleCount: number;
  /** The first few series, each with its last value. */
  readonly examples: readonly ExampleSeries[];
  /** With everything below it. */
  readonly elapsedMs: number;
  readonly children: readonly ExplainedNode[];
}

export interface ExampleSeries {
  readonly labels: Labels;
  /** Null where the node gives a text. */
  readonly value: number | null;
}

const mostExamples = 5;

export function explain(
  query: string | Expression,
  setting: QuerySetting,
): Result<Explanation, QueryProblem> {
  const parsed = parsedQuery(query, setting.options);
  if (!parsed.ok) return parsed;
  const recorder = new Recorder(setting.options.nowMs ?? defaultOptions.nowMs);
  const outcome = answered(parsed.value, { ...setting, observer: recorder });
  if (!outcome.ok) return outcome;
  return success({ outcome: outcome.value, tree: recorder.tree() });
}

interface OpenNode {
  readonly startedMs: number;
  readonly children: ExplainedNode[];
}

class Recorder implements NodeObserver {
  readonly #nowMs: () => number;
  readonly #open: OpenNode[] = [];
  #root: ExplainedNode | null = null;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  enter(): void {
    this.#open.push({ startedMs: this.#nowMs(), children: [] });
  }

  leave(expression: Expression, steps: Steps, value: ObservedValue): void {
    const node = this.#open.pop();
    if (node === undefined) throw new Error('a node was left that was not entered');
    const series = seriesOf(value, steps.count);
    const explained: ExplainedNode = {
      span: expression.span,
      text: printExpression(expression),
      type: value.kind,
      seriesCount: series.length,
      sampleCount: series.reduce((total, { sampleCount }) => total + sampleCount, 0),
      examples: series
        .slice(0, mostExamples)
        .map(({ labels, lastValue }) => ({ labels: labels?.toLabels() ?? {}, value: lastValue })),
      elapsedMs: this.#nowMs() - node.startedMs,
      // A scalar is evaluated before the vector it is compared with.
      children: node.children.toSorted((left, right) => left.span.start - right.span.start),
    };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = explained;
    else parent.children.push(explained);
  }

  tree(): ExplainedNode {
    if (this.#root === null) throw new Error('nothing was evaluated');
    return this.#root;
  }
}

interface Series {
  readonly labels: ObservedSeries['labels'] | null;
  readonly sampleCount: number;
  readonly lastValue: number | null;
}

function seriesOf(value: ObservedValue, stepCount: number): readonly Series[] {
  switch (value.kind) {
    case 'string':
      return [{ labels: null, sampleCount: 1, lastValue: null }];
    case 'scalar':
      return [{ labels: null, sampleCount: stepCount, lastValue: value.values.at(-1) ?? null }];
    case 'matrix':
      return value.series;
    case 'vector':
      return value.columns.map((column) => ({
        labels: column.labels,
        sampleCount: countPresent(column.present, stepCount),
        lastValue: lastValueOf(column),
      }));
  }
}

function lastValueOf({ values, present }: Column): number | null {
  const step = present === null ? values.length - 1 : present.lastIndexOf(1);
  return values[step] ?? null;
}
