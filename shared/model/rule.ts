import * as v from 'valibot';
import { configurationProblemSchema } from './settings.ts';
import { labelsSchema } from './labels.ts';

/** Local rules as the screen shows them: what was loaded, how it goes, and what is wrong with the files. */

const activeAlertSchema = v.object({
  labels: labelsSchema,
  annotations: labelsSchema,
  state: v.picklist(['pending', 'firing']),
  activeAtMs: v.number(),
  firedAtMs: v.nullable(v.number()),
  /** As Prometheus prints it. */
  value: v.string(),
});

export const ruleSchema = v.object({
  name: v.string(),
  kind: v.picklist(['alerting', 'recording']),
  expression: v.string(),
  forMs: v.number(),
  keepFiringForMs: v.number(),
  labels: labelsSchema,
  annotations: labelsSchema,
  line: v.number(),
  /** `unknown` before the first evaluation; `unsupported` is never evaluated here, and `lastError` says why. */
  health: v.picklist(['unknown', 'ok', 'error', 'unsupported']),
  lastError: v.string(),
  /** The slot that was evaluated last without a failure. */
  lastSuccessAtMs: v.nullable(v.number()),
  /** The highest of its alerts'. */
  state: v.picklist(['inactive', 'pending', 'firing']),
  /** The first of them; `alertCount` is how many there are. */
  alerts: v.array(activeAlertSchema),
  alertCount: v.number(),
});
export type RuleView = v.InferOutput<typeof ruleSchema>;

export const ruleGroupSchema = v.object({
  file: v.string(),
  name: v.string(),
  intervalMs: v.number(),
  lastEvaluatedAtMs: v.nullable(v.number()),
  /** The slot that was evaluated last: the moment that its queries were asked for. */
  lastSlotAtMs: v.nullable(v.number()),
  missedSlots: v.number(),
  rules: v.array(ruleSchema),
});
export type RuleGroupView = v.InferOutput<typeof ruleGroupSchema>;

export const rulesViewSchema = v.object({
  /** The folder, or empty where no local rules are configured. */
  folder: v.string(),
  /** The source that expressions are asked of; empty where there is none. */
  source: v.string(),
  groups: v.array(ruleGroupSchema),
  /** What is wrong with the files, with file, line and column. */
  problems: v.array(configurationProblemSchema),
});
export type RulesView = v.InferOutput<typeof rulesViewSchema>;

/** The name under which the console's own rules report their alerts. */
export const localRulesSource = 'local rules';
