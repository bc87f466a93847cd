import { formatFloat } from '#shared/gotemplate/float-format.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { RuleGroupView, RuleView } from '#shared/model/rule.ts';
import { stateOf } from './alert-state.ts';
import type { GroupRunner } from './group-runner.ts';
import { freshRule } from './group-state.ts';

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

/** What a window is sent of one rule: what is more is more than anybody reads, for every window at every slot. */
const maxAlerts = 200;
const maxTextLength = 4_000;
const maxTexts = 64;

function ruleView({ group, state, health }: GroupRunner, index: number): RuleView {
  const rule = group.rules[index];
  if (rule === undefined) throw new Error(`group ${group.name} has no rule ${index}`);
  const { alerts, lastSuccessAtMs } = state.rules[index] ?? freshRule(rule);
  const isRecording = rule.kind === 'recording';
  return {
    name: shortened(rule.name),
    kind: rule.kind,
    expression: shortened(rule.expression),
    forMs: rule.forMs,
    keepFiringForMs: rule.keepFiringForMs,
    labels: shortenedAll(rule.labels),
    annotations: shortenedAll(rule.annotations),
    line: rule.line,
    ...(isRecording
      ? ({ health: 'unsupported', lastError: recordedElsewhere } as const)
      : (health[index] ?? ({ health: 'unknown', lastError: '' } as const))),
    lastSuccessAtMs,
    state: stateOf(alerts),
    alertCount: alerts.size,
    alerts: [...alerts.values()]
      .slice(0, maxAlerts)
      .map(({ labels, annotations, state: alertState, activeAtMs, firedAtMs, value }) => ({
        labels: shortenedAll(labels),
        annotations: shortenedAll(annotations),
        state: alertState,
        activeAtMs,
        firedAtMs,
        value: formatFloat(value, 'e', null),
      })),
  };
}

function shortened(text: string): string {
  return text.length <= maxTextLength ? text : `${text.slice(0, maxTextLength)}…`;
}

function shortenedAll(texts: Labels): Labels {
  return Object.fromEntries(
    Object.entries(texts)
      .slice(0, maxTexts)
      .map(([name, text]) => [shortened(name), shortened(text)]),
  );
}
