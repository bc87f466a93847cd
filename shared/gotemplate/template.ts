import type { Labels } from '#shared/model/labels.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { newEffort, runNodes, type Effort } from './evaluator.ts';
import { parseNodes } from './parser.ts';
import { TemplateFailure, type TemplateNode, type TemplateProblem } from './syntax.ts';

/**
 * Templates of labels and annotations, as Prometheus expands them. The only way into this folder: a
 * template is parsed once when its rule is loaded, and run for every alert.
 */
export interface Template {
  readonly text: string;
  readonly nodes: readonly TemplateNode[];
}

export { newEffort, type Effort };

export interface TemplateInput {
  /** The sample's own, the metric name included; never the rule's. */
  readonly labels: Labels;
  /** Of the Prometheus that answers; empty where they are not known. */
  readonly externalLabels: Labels;
  /** Its own address as it was told; empty where it is not known. */
  readonly externalUrl: string;
  readonly value: number;
}

const maxLength = 65_536;

export function parseTemplate(text: string): Result<Template, TemplateProblem> {
  if (text.length > maxLength) return failed({ message: `longer than ${maxLength} characters`, offset: 0 });
  return valueOf(() => ({ text, nodes: parseNodes(text) }));
}

/** @param effort shared by the templates of one evaluation, which may together not take for ever. */
export function expandTemplate(
  template: Template,
  input: TemplateInput,
  effort: Effort = newEffort(),
): Result<string, TemplateProblem> {
  return valueOf(() => runNodes(template.nodes, { kind: 'data', ...input }, effort));
}

function valueOf<Value>(work: () => Value): Result<Value, TemplateProblem> {
  try {
    return success(work());
  } catch (error) {
    if (!(error instanceof TemplateFailure)) throw error;
    return failed({ message: error.message, offset: error.offset });
  }
}
