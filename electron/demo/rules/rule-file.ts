import * as v from 'valibot';
import { parse } from 'yaml';
import { parsePrometheusDuration } from '#shared/gotemplate/durations.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { Expression } from '#shared/promql/syntax/ast.ts';
import { parseExpression } from '#shared/promql/syntax/parse.ts';
import { parseTemplate, type Template } from './template.ts';

/**
 * Reads the demo's own rule files, in Prometheus' format. They ship with the program, so that a mistake in
 * one is a bug and throws.
 */
export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly rules: readonly Rule[];
}

export type Rule = AlertingRule | RecordingRule;

interface CommonRule {
  readonly name: string;
  /** The expression as written. */
  readonly query: string;
  readonly expression: Expression;
  readonly labels: Labels;
}

export interface AlertingRule extends CommonRule {
  readonly kind: 'alerting';
  readonly forMs: number;
  readonly annotations: readonly AnnotationTemplate[];
}

interface RecordingRule extends CommonRule {
  readonly kind: 'recording';
}

interface AnnotationTemplate {
  readonly name: string;
  readonly text: string;
  readonly template: Template;
}

const labelTexts = v.optional(v.record(v.string(), v.string()), {});
const durationText = v.pipe(
  v.string(),
  v.transform((text) => parsePrometheusDuration(text) ?? Number.NaN),
  v.number('not a duration'),
);
const ruleSchema = v.union([
  v.strictObject({ record: v.string(), expr: v.string(), labels: labelTexts }),
  v.strictObject({
    alert: v.string(),
    expr: v.string(),
    for: v.optional(durationText, '0s'),
    labels: labelTexts,
    annotations: labelTexts,
  }),
]);
const fileSchema = v.strictObject({
  groups: v.array(v.strictObject({ name: v.string(), labels: labelTexts, rules: v.array(ruleSchema) })),
});

/** @param file the path to show in the API. @throws where the file is not a rule file. */
export function readRuleFile(file: string, text: string): readonly RuleGroup[] {
  const { groups } = v.parse(fileSchema, parse(text));
  return groups.map((group) => ({
    name: group.name,
    file,
    rules: group.rules.map((rule): Rule => {
      const query = rule.expr.trim();
      const common = { query, expression: expressionOf(query), labels: { ...group.labels, ...rule.labels } };
      if ('record' in rule) return { kind: 'recording', name: rule.record, ...common };
      const annotations = Object.entries(rule.annotations).map(([name, text]) => ({
        name,
        text,
        template: parseTemplate(text),
      }));
      return { kind: 'alerting', name: rule.alert, ...common, forMs: rule.for, annotations };
    }),
  }));
}

function expressionOf(query: string): Expression {
  const parsed = parseExpression(query);
  if (parsed.ok) return parsed.value;
  throw new Error(`${query}: ${parsed.failure.message}`);
}
