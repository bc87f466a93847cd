import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { RuleGroupView, RuleView } from '#shared/model/rule.ts';
import { stateOf } from './alert-state.ts';
import type { GroupRunner } from './group-runner.ts';

/** Groups and rules as the screen shows them. */

const recordedElsewhere = 'recorded by Prometheus; the local engine comes later';

export function groupView(runner: GroupRunner): RuleGroupView {
  const { group, state } = runner;
  return {
    file: group.file,
    name: group.name,
    intervalMs: group.intervalMs,
    lastEvaluatedAtMs: runner.lastEvaluatedAtMs,
    lastSlotAtMs: state.lastSlotAtMs,
    missedSlots: runner.missedSlots,
    rules: group.rules.map((_rule, index) => ruleView(runner, index)),
  };
}

function ruleView({ group, state, health }: GroupRunner, index: number): RuleView {
  const rule = group.rules[index];
  if (rule === undefined) throw new Error(`group ${group.name} has no rule ${index}`);
  const alerts = state.rules[index]?.alerts ?? new Map();
  const isRecording = rule.kind === 'recording';
  return {
    name: rule.name,
    kind: rule.kind,
    expression: rule.expression,
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    labels: rule.labels,
    annotations: rule.annotations,
    line: rule.line,
    ...(isRecording
      ? ({ health: 'unsupported', lastError: recordedElsewhere } as const)
      : (health[index] ?? ({ health: 'unknown', lastError: '' } as const))),
    state: stateOf(alerts),
    alerts: [...alerts.values()].map(
      ({ labels, annotations, state: alertState, activeAtMs, firedAtMs, value }) => ({
        labels,
        annotations,
        state: alertState,
        activeAtMs,
        firedAtMs,
        value: formatFloat(value, 'e', null),
      }),
    ),
  };
}
