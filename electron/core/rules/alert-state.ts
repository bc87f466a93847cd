import { expandTemplate, newEffort, type Effort } from '#shared/gotemplate/template.ts';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { noSurroundings, type RuleSample, type Surroundings } from './query-service.ts';
import type { NamedTemplate, Rule } from './rule.ts';

/**
 * The life of a rule's alerts from one evaluation to the next, as Prometheus decides it: pure, and the
 * only place that does. Source: prometheus rules/alerting.go, Eval. A resolved alert is let go of at once:
 * Prometheus keeps it for 15 minutes only to send it again.
 */
export interface ActiveAlert {
  /** Its identity within the rule. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number;
  readonly state: 'pending' | 'firing';
  readonly activeAtMs: number;
  /** Null while pending. */
  readonly firedAtMs: number | null;
  /** Since when it fires only by `keep_firing_for`. */
  readonly keepFiringSinceMs: number | null;
}

export type ActiveAlerts = ReadonlyMap<string, ActiveAlert>;

export interface Evaluation {
  readonly alerts: ActiveAlerts;
  /** Empty where all is well. */
  readonly error: string;
}

/** What one evaluation may find; a query that finds more is a mistake, and would fill journal and windows. */
const maxAlerts = 10_000;
const maxTextLength = 16_777_216;

/**
 * @param atMs the slot, not the clock.
 * @param limit the most pending and firing alerts together; 0 for no limit.
 */
export function evaluateAlerts(
  rule: Rule,
  before: ActiveAlerts,
  samples: readonly RuleSample[],
  atMs: number,
  limit: number,
  surroundings: Surroundings = noSurroundings,
): Evaluation {
  const found = foundAlerts(rule, samples, surroundings);
  if (!found.ok) return { alerts: before, error: found.failure };
  const alerts = new Map<string, ActiveAlert>();
  for (const [key, alert] of before) {
    if (found.value.has(key)) continue;
    const kept = keptFiring(rule, alert, atMs);
    if (kept !== undefined) alerts.set(key, kept);
  }
  for (const [key, { labels, annotations, value }] of found.value) {
    const known = before.get(key);
    const alert: ActiveAlert =
      known === undefined
        ? {
            labels,
            annotations,
            value,
            state: 'pending',
            activeAtMs: atMs,
            firedAtMs: null,
            keepFiringSinceMs: null,
          }
        : { ...known, annotations, value, keepFiringSinceMs: null };
    alerts.set(key, aged(rule, alert, atMs));
  }
  if (limit > 0 && alerts.size > limit)
    return { alerts: new Map(), error: `exceeded limit of ${limit} with ${alerts.size} alerts` };
  return { alerts, error: '' };
}

/** Pending becomes firing after `for`; firing goes back where the rule's `for` was raised. */
function aged(rule: Rule, alert: ActiveAlert, atMs: number): ActiveAlert {
  const isDue = atMs - alert.activeAtMs >= rule.forMs;
  if (alert.state === 'pending' && isDue) return { ...alert, state: 'firing', firedAtMs: atMs };
  if (alert.state === 'firing' && !isDue)
    return { ...alert, state: 'pending', firedAtMs: null, keepFiringSinceMs: null };
  return alert;
}

/** An alert that is not in the result, as long as `keep_firing_for` holds it. */
function keptFiring(rule: Rule, alert: ActiveAlert, atMs: number): ActiveAlert | undefined {
  if (alert.state !== 'firing' || rule.keepFiringForMs === 0) return undefined;
  const keepFiringSinceMs = alert.keepFiringSinceMs ?? atMs;
  if (atMs - keepFiringSinceMs >= rule.keepFiringForMs) return undefined;
  return aged(rule, { ...alert, keepFiringSinceMs }, atMs);
}

type FoundAlerts = ReadonlyMap<string, Pick<ActiveAlert, 'labels' | 'annotations' | 'value'>>;

function foundAlerts(
  rule: Rule,
  samples: readonly RuleSample[],
  surroundings: Surroundings,
): Result<FoundAlerts, string> {
  const found = new Map<string, Pick<ActiveAlert, 'labels' | 'annotations' | 'value'>>();
  if (samples.length > maxAlerts)
    return failed(`${samples.length} alerts of one rule, where at most ${maxAlerts} are kept`);
  let length = 0;
  const effort = newEffort();
  for (const sample of samples) {
    const labels = alertLabels(rule, sample, surroundings, effort);
    const key = alertKey(labels);
    if (found.has(key))
      return failed('vector contains metrics with the same labelset after applying alert labels');
    const annotations = Object.fromEntries(expandAll(rule.annotationTemplates, sample, surroundings, effort));
    // A label that was given up would be another alert.
    if (effort.left < 0) return failed('the templates of its alerts take too much work');
    for (const text of Object.values(annotations)) length += text.length;
    length += key.length;
    if (length > maxTextLength) return failed('labels and annotations of its alerts are longer than 16 MiB');
    found.set(key, { labels, annotations, value: sample.value });
  }
  return success(found);
}

/** The sample's without its metric name, then the rule's, then the name of the alert; empty ones go. */
function alertLabels(rule: Rule, sample: RuleSample, surroundings: Surroundings, effort: Effort): Labels {
  const labels = new Map(Object.entries(sample.labels));
  labels.delete('__name__');
  for (const [name, value] of expandAll(rule.labelTemplates, sample, surroundings, effort))
    labels.set(name, value);
  labels.set('alertname', rule.name);
  return Object.fromEntries([...labels].filter(([, value]) => value !== ''));
}

/** What cannot be expanded says so in its place and fails nothing. */
function expandAll(
  templates: readonly NamedTemplate[],
  sample: RuleSample,
  { externalLabels, externalUrl }: Surroundings,
  effort: Effort,
): [name: string, text: string][] {
  return templates.map(({ name, template }) => {
    const expanded = expandTemplate(template, { ...sample, externalLabels, externalUrl }, effort);
    const text = expanded.ok ? expanded.value : `<error expanding template: ${expanded.failure.message}>`;
    return [name, text];
  });
}

/** Exact, where a hash could let two alerts be one. */
export function alertKey(labels: Labels): string {
  const names = Object.keys(labels).sort();
  return JSON.stringify(names.map((name) => [name, labelOf(labels, name)]));
}

/** The highest of a rule's alerts. */
export function stateOf(alerts: ActiveAlerts): 'inactive' | 'pending' | 'firing' {
  if (alerts.size === 0) return 'inactive';
  return [...alerts.values()].some(({ state }) => state === 'firing') ? 'firing' : 'pending';
}
