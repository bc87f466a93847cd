/**
 * The tree of a template, in the subset of Go's text/template that rules use. Offsets count UTF-16 units
 * from the start of the template's text. Made by the parser, walked by the evaluator.
 */

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipeline: Pipeline }
  | ({ readonly kind: 'if' | 'with' | 'range'; readonly pipeline: Pipeline } & Branches);

interface Branches {
  readonly body: readonly TemplateNode[];
  readonly otherwise: readonly TemplateNode[];
}

export interface Pipeline {
  /** Variables that take its value, `$` included; two only in `range`. */
  readonly variables: readonly string[];
  /** Whether the variable is a new one (`:=`) or changes one that is there (`=`). */
  readonly declares: boolean;
  readonly commands: readonly Command[];
}

export interface Command {
  readonly offset: number;
  /** Never empty; the first may be a function, what follows are its arguments. */
  readonly operands: readonly Operand[];
}

export type Operand =
  | {
      readonly kind: 'literal';
      readonly offset: number;
      readonly value: string | number | bigint | boolean | null;
    }
  | { readonly kind: 'function'; readonly offset: number; readonly name: string }
  | {
      readonly kind: 'path';
      readonly offset: number;
      /** What the fields are taken of: the dot, a variable, or a pipeline in parentheses. */
      readonly base: { readonly variable: string } | { readonly pipeline: Pipeline } | 'dot';
      readonly fields: readonly string[];
    };

/** What is wrong with a template, and where. */
export interface TemplateProblem {
  readonly message: string;
  readonly offset: number;
}

/**
 * Thrown inside this folder only, where reading or running a template cannot go on; `template.ts` makes
 * it a value.
 */
export class TemplateFailure extends Error {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
