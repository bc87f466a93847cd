import type { Column } from '../../evaluate/columns.ts';
import type { EvaluationContext } from '../../evaluate/context.ts';
import type { Scope } from '../../evaluate/scope.ts';
import { metricNameLabel, type LabelPool, type LabelSet } from '../../model/label-set.ts';
import { executionError } from '../../problem.ts';
import type { Call } from '../../syntax/ast.ts';
import { isPresent, vectorOf } from '../evaluated-values.ts';
import { infoRequest, type InfoRequest } from './info-request.ts';
import { identityOf, infoSeriesOf } from './info-series.ts';

/**
 * `info(vector, {labels})`, experimental in Prometheus: adds to each series the labels of those info series
 * (`target_info`, unless the second argument says otherwise) that describe it at the same moment. A series
 * whose description changes becomes several.
 */
export function infoColumns(scope: Scope, call: Call): readonly Column[] {
  const [base] = call.arguments;
  if (base === undefined) throw new Error('info was called without a vector');
  const request = infoRequest(call, scope.options.semantics);
  const columns = vectorOf(scope.evaluate(base));
  const isLeft = (column: Column): boolean => request.isInfoMetric(column.labels.get(metricNameLabel));
  const described = columns.filter((column) => !isLeft(column) && identityOf(column.labels) !== null);
  const series = infoSeriesOf(scope, call, request, described);
  return columns.flatMap((column) => {
    scope.checkpoint();
    if (isLeft(column)) return [column];
    const identity = identityOf(column.labels);
    const infos = identity === null ? [] : (series.get(identity) ?? []);
    if (infos.length === 0) return request.keepsUndescribed ? [column] : [];
    return describedColumns(column, infos, request, scope);
  });
}

function describedColumns(
  column: Column,
  infos: readonly Column[],
  request: InfoRequest,
  context: EvaluationContext,
): readonly Column[] {
  const { steps } = context;
  const parts = new Map<LabelSet, Uint8Array>();
  const labelled = new Map<string, LabelSet>();
  for (let step = 0; step < steps.count; step++) {
    if (!isPresent(column, step)) continue;
    context.checkpoint();
    const latest = latestOf(infos, step);
    if (latest.length === 0 && !request.keepsUndescribed) continue;
    const key = latest.join();
    let labels = labelled.get(key);
    if (labels === undefined) {
      const chosen = latest.flatMap((index) => infos[index] ?? []);
      labels = describedLabels(column.labels, chosen, request, context.labels);
      labelled.set(key, labels);
    }
    let present = parts.get(labels);
    if (present === undefined) {
      context.hold(steps.count);
      present = new Uint8Array(steps.count);
      parts.set(labels, present);
    }
    present[step] = 1;
  }
  return [...parts].map(([labels, present]) => ({ ...column, labels, present }));
}

/** Of each info metric, the series with the newest sample, by its place among all. */
function latestOf(infos: readonly Column[], step: number): readonly number[] {
  const latest = new Map<string, number>();
  for (const [index, info] of infos.entries()) {
    if (!isPresent(info, step)) continue;
    const name = info.labels.get(metricNameLabel);
    const before = infos[latest.get(name) ?? -1];
    const [time, timeBefore] = [info.values[step] ?? 0, before?.values[step] ?? Number.NEGATIVE_INFINITY];
    if (before !== undefined && time === timeBefore) throw duplicate(before, info, time * 1000);
    if (time > timeBefore) latest.set(name, index);
  }
  return [...latest.values()];
}

function duplicate(before: Column, info: Column, timeMs: number): Error {
  const [existing, added] = [before, info].map(({ labels }) => JSON.stringify(labels.toLabels()));
  return executionError(
    `found duplicate series for info metric: existing ${existing} @ ${timeMs}, new ${added} @ ${timeMs}`,
  );
}

function describedLabels(
  labels: LabelSet,
  infos: readonly Column[],
  { dataMatchers }: InfoRequest,
  pool: LabelPool,
): LabelSet {
  const wanted = new Set(dataMatchers.map(({ name }) => name));
  const added = new Map<string, string>();
  for (const info of infos) {
    info.labels.names.forEach((name, index) => {
      if (name === metricNameLabel || (wanted.size > 0 && !wanted.has(name))) return;
      const value = info.labels.values[index] ?? '';
      if (added.has(name) && added.get(name) !== value) throw executionError(`conflicting label: ${name}`);
      // What a series says of itself is not overruled.
      if (labels.get(name) === '') added.set(name, value);
    });
  }
  return added.size === 0 ? labels : pool.with(labels, added);
}
