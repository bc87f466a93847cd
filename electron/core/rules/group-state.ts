import * as v from 'valibot';
import type { RuleStateRecord } from '#core/store/records.ts';
import { labelsSchema, type Labels } from '#shared/model/labels.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { alertKey, type ActiveAlerts } from './alert-state.ts';
import type { RuleGroup } from './rule.ts';

/**
 * Where a group stands, in memory and as the journal keeps it. Alerts find their rule again by its name and
 * labels, the n-th of those with the same to the n-th, after a start as after a reload.
 */
export interface GroupState {
  /** Null before the first evaluation. */
  readonly lastSlotAtMs: number | null;
  readonly rules: readonly RuleState[];
}

/** What the journal has of a group. */
export interface RestoredGroup extends GroupState {
  /** Fingerprints of alerts that were gone although nobody saw them end, and may not have been told. */
  readonly unknownEnds: readonly string[];
}

export interface RuleState {
  readonly name: string;
  /** As written, before templates. */
  readonly labels: Labels;
  readonly alerts: ActiveAlerts;
  /** The slot that was evaluated last without a failure; null where there was none. */
  readonly lastSuccessAtMs: number | null;
  /** Why the last evaluation failed; empty where it did not. */
  readonly failure: string;
  /** The address of whoever answered last; empty where nobody did. */
  readonly answeredBy: string;
}

const maxFingerprintLength = 64;

const momentSchema = v.pipe(v.number(), v.finite());
const alertSchema = v.object({
  labels: labelsSchema,
  annotations: labelsSchema,
  // A text: JSON has no NaN and no infinity.
  value: v.pipe(v.string(), v.transform(Number)),
  state: v.picklist(['pending', 'firing']),
  activeAtMs: momentSchema,
  firedAtMs: v.nullable(momentSchema),
  keepFiringSinceMs: v.nullable(momentSchema),
});
const stateSchema = v.object({
  version: v.literal(1),
  unknownEnds: v.optional(v.array(v.pipe(v.string(), v.maxLength(maxFingerprintLength))), []),
  rules: v.array(
    v.object({
      name: v.string(),
      labels: labelsSchema,
      alerts: v.array(alertSchema),
      lastSuccessAtMs: v.optional(v.nullable(momentSchema), null),
      failure: v.optional(v.string(), ''),
      answeredBy: v.optional(v.string(), ''),
    }),
  ),
});

export function freshRule({ name, labels }: Pick<RuleState, 'name' | 'labels'>): RuleState {
  return { name, labels, alerts: new Map(), lastSuccessAtMs: null, failure: '', answeredBy: '' };
}

export function freshState({ rules }: RuleGroup): GroupState {
  return {
    lastSlotAtMs: null,
    rules: rules.map(freshRule),
  };
}

/** The state of a group's rules taken from that of the rules it had before. */
export function carriedOver(group: RuleGroup, before: GroupState): GroupState {
  const left = [...before.rules];
  const rules = group.rules.map(({ name, labels }) => {
    const identity = alertKey(labels);
    const index = left.findIndex((rule) => rule.name === name && alertKey(rule.labels) === identity);
    const [found] = index === -1 ? [] : left.splice(index, 1);
    return { ...(found ?? freshRule({ name, labels })), name, labels };
  });
  return { lastSlotAtMs: before.lastSlotAtMs, rules };
}

export function recordOf(
  key: string,
  { lastSlotAtMs, rules }: GroupState,
  unknownEnds: readonly string[],
): RuleStateRecord {
  const written = rules.map(({ alerts, ...rule }) => ({
    ...rule,
    alerts: [...alerts.values()].map((alert) => ({ ...alert, value: String(alert.value) })),
  }));
  return {
    group: key,
    lastSlotAtMs: lastSlotAtMs ?? 0,
    state: JSON.stringify({ version: 1, unknownEnds, rules: written }),
  };
}

export function stateOfRecord({ lastSlotAtMs, state }: RuleStateRecord): Result<RestoredGroup, string> {
  let json: unknown;
  try {
    json = JSON.parse(state);
  } catch (error) {
    return failed(messageOf(error));
  }
  const parsed = v.safeParse(stateSchema, json);
  if (!parsed.success) return failed(parsed.issues[0].message);
  const rules = parsed.output.rules.map(({ alerts, ...rule }) => ({
    ...rule,
    alerts: new Map(alerts.map((alert) => [alertKey(alert.labels), alert] as const)),
  }));
  return success({ lastSlotAtMs, rules, unknownEnds: parsed.output.unknownEnds });
}

/** What has to be durable before anything is told: which alerts there are, how far they have come, and what fails. */
export function milestonesOf({ rules }: GroupState): string {
  return JSON.stringify(
    rules.map(({ alerts, failure }) => [
      failure !== '',
      ...[...alerts].map(([key, { state, activeAtMs }]) => [key, state, activeAtMs]),
    ]),
  );
}

/** Without pending alerts: whether their condition held through a gap that nobody asked about is unknown. */
export function withoutPending({ lastSlotAtMs, rules }: GroupState): GroupState {
  return {
    lastSlotAtMs,
    rules: rules.map((rule) => ({
      ...rule,
      alerts: new Map([...rule.alerts].filter(([, { state }]) => state === 'firing')),
    })),
  };
}
