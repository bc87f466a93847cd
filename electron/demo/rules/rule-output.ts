import type { Labels } from '#shared/model/labels.ts';
import type { MatrixSeries } from '#shared/promql/evaluate/answer.ts';
import type { SeriesBlock } from '../series-block.ts';
import type { ActiveAlert, AlertState, RuleSample } from './alert-state.ts';
import type { DerivedSeries } from './derived-series.ts';
import type { AlertingRule, Rule } from './rule-file.ts';

/**
 * What a rule makes of its expression's values at one time: the series that a recording rule writes, or
 * alerts and the series that tell of them.
 */
export interface RuleOutput {
  /** @param columns of the expression; the times come rising. */
  record(columns: readonly RuleColumn[], atMs: number): void;
}

/** One series of an expression's range, read time by time. */
export class RuleColumn {
  readonly labels: Labels;
  readonly #series: MatrixSeries;
  #next = 0;

  constructor(series: MatrixSeries) {
    this.labels = series.labels.toLabels();
    this.#series = series;
  }

  /** @param atMs later than asked before. @returns undefined where the series has no value then. */
  valueAt(atMs: number): number | undefined {
    const { timesMs, values } = this.#series;
    return timesMs[this.#next] === atMs ? values[this.#next++] : undefined;
  }
}

export function outputOf(rule: Rule, state: AlertState | null, derived: DerivedSeries): RuleOutput {
  return rule.kind === 'alerting' && state !== null
    ? alertOutput(rule, state, derived)
    : recordingOutput(rule, derived);
}

function recordingOutput(rule: Rule, derived: DerivedSeries): RuleOutput {
  const blocks = new WeakMap<RuleColumn, SeriesBlock>();
  const blockOf = (column: RuleColumn): SeriesBlock => {
    const known = blocks.get(column);
    if (known !== undefined) return known;
    const block = derived.blockOf({ ...column.labels, __name__: rule.name, ...rule.labels });
    blocks.set(column, block);
    return block;
  };
  return {
    record(columns, atMs) {
      for (const column of columns) {
        const value = column.valueAt(atMs);
        if (value !== undefined) derived.write(blockOf(column), atMs, value);
      }
      derived.finish(atMs);
    },
  };
}

function alertOutput({ name }: AlertingRule, state: AlertState, derived: DerivedSeries): RuleOutput {
  const blocks = new WeakMap<ActiveAlert, AlertBlocks>();
  const blocksOf = (alert: ActiveAlert): AlertBlocks => {
    const known = blocks.get(alert);
    if (known?.state === alert.state) return known;
    const labels = { ...alert.labels, alertname: name };
    const made = {
      state: alert.state,
      alerts: derived.blockOf({ ...labels, __name__: 'ALERTS', alertstate: alert.state }),
      forState: derived.blockOf({ ...labels, __name__: 'ALERTS_FOR_STATE' }),
    };
    blocks.set(alert, made);
    return made;
  };
  return {
    record(columns, atMs) {
      const samples = columns.flatMap((column): readonly RuleSample[] => {
        const value = column.valueAt(atMs);
        return value === undefined ? [] : [{ labels: column.labels, value }];
      });
      state.evaluate(atMs, samples);
      for (const alert of state.active()) {
        const { alerts, forState } = blocksOf(alert);
        derived.write(alerts, atMs, 1);
        derived.write(forState, atMs, alert.activeAtMs / 1_000);
      }
      derived.finish(atMs);
    },
  };
}

interface AlertBlocks {
  readonly state: ActiveAlert['state'];
  readonly alerts: SeriesBlock;
  readonly forState: SeriesBlock;
}
