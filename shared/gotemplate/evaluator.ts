import { labelOf } from '#shared/model/labels.ts';
import { messageOf } from '#shared/result.ts';
import { functions } from './functions.ts';
import { goQuote } from './quoting.ts';
import { TemplateFailure, type Command, type Operand, type Pipeline, type TemplateNode } from './syntax.ts';
import {
  isTrue,
  lengthOfValue,
  maxValueLength,
  printValue,
  sortedEntries,
  tooLong,
  typeNameOf,
  type TemplateData,
  type Value,
} from './value.ts';

/** Runs a template over one alert. Bounded: an annotation can be neither endless nor huge. */

const maxOutput = 65_536;
const maxSteps = 100_000;

/** What templates that are run one after another may cost together, in steps and in characters read. */
export interface Effort {
  /** Negative once it is spent: then nothing runs any more. */
  left: number;
}

/** Some seconds at the worst; ten thousand alerts with ten annotations take a hundredth. */
const mostEffort = 20_000_000;
/** A character that an expression looks at may cost this many. */
const effortOfExpression = 10;

export function newEffort(): Effort {
  return { left: mostEffort };
}

/** @throws TemplateFailure */
export function runNodes(nodes: readonly TemplateNode[], data: TemplateData, effort: Effort): string {
  return new Run(data, effort).output(nodes);
}

class Run {
  readonly #data: TemplateData;
  readonly #effort: Effort;
  readonly #parts: string[] = [];
  readonly #variables: { readonly name: string; value: Value }[];
  #length = 0;
  #steps = 0;

  constructor(data: TemplateData, effort: Effort) {
    this.#data = data;
    this.#effort = effort;
    this.#variables = [
      { name: '$', value: data },
      { name: '$labels', value: { kind: 'map', labels: data.labels } },
      { name: '$externalLabels', value: { kind: 'map', labels: data.externalLabels } },
      { name: '$externalURL', value: data.externalUrl },
      { name: '$value', value: data.value },
    ];
  }

  output(nodes: readonly TemplateNode[]): string {
    this.#nodes(nodes, this.#variable('$', 0));
    return this.#parts.join('');
  }

  #nodes(nodes: readonly TemplateNode[], dot: Value): void {
    for (const node of nodes) {
      this.#step();
      if (node.kind === 'text') this.#write(node.text);
      else if (node.kind === 'action') {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length === 0) this.#write(printValue(value));
      } else this.#branch(node, dot);
    }
  }

  #branch(node: Exclude<TemplateNode, { kind: 'text' | 'action' }>, dot: Value): void {
    const scope = this.#variables.length;
    // In `range` the variables take each element instead of the whole.
    const isRange = node.kind === 'range';
    const value = this.#pipeline(isRange ? { ...node.pipeline, variables: [] } : node.pipeline, dot);
    if (isRange) this.#range(node, value, dot);
    else if (isTrue(value)) this.#nodes(node.body, node.kind === 'with' ? value : dot);
    else this.#nodes(node.otherwise, dot);
    this.#variables.length = scope;
  }

  #range(node: Exclude<TemplateNode, { kind: 'text' | 'action' }>, value: Value, dot: Value): void {
    if (typeof value !== 'object' || value?.kind !== 'map') {
      const offset = node.pipeline.commands[0]?.offset ?? 0;
      throw new TemplateFailure(`range can't iterate over ${printValue(value)}`, offset);
    }
    const entries = sortedEntries(value.labels);
    if (entries.length === 0) return this.#nodes(node.otherwise, dot);
    const { variables, declares } = node.pipeline;
    const scope = this.#variables.length;
    for (const [key, element] of entries) {
      const [first, second] = variables;
      if (first !== undefined) this.#assign(first, second === undefined ? element : key, declares);
      if (second !== undefined) this.#assign(second, element, declares);
      this.#nodes(node.body, element);
      this.#variables.length = scope;
    }
  }

  #pipeline({ variables, declares, commands }: Pipeline, dot: Value): Value {
    let value: Value | undefined;
    for (const command of commands) value = this.#command(command, dot, value);
    for (const name of variables) this.#assign(name, value ?? null, declares);
    return value ?? null;
  }

  /** @param piped the value of the command before it in the pipeline, which is its last argument. */
  #command({ operands }: Command, dot: Value, piped: Value | undefined): Value {
    this.#step();
    const [first, ...rest] = operands;
    if (first === undefined) return null;
    if (first.kind === 'function') return this.#call(first, rest, dot, piped);
    if (rest.length > 0 || piped !== undefined) throw new TemplateFailure(notAFunction(first), first.offset);
    if (first.kind === 'literal' && first.value === null)
      throw new TemplateFailure('nil is not a command', first.offset);
    return this.#operand(first, dot);
  }

  #call(
    { name, offset }: Extract<Operand, { kind: 'function' }>,
    operands: readonly Operand[],
    dot: Value,
    piped: Value | undefined,
  ): Value {
    const found = functions.get(name);
    if (found === undefined) throw new TemplateFailure(`function "${name}" not defined`, offset);
    const count = operands.length + (piped === undefined ? 0 : 1);
    if (count < found.least || count > found.most) {
      const wanted = found.most === found.least ? `${found.least}` : `at least ${found.least}`;
      throw new TemplateFailure(`wrong number of args for ${name}: want ${wanted} got ${count}`, offset);
    }
    const args: Value[] = [];
    for (const operand of operands) {
      const value = this.#operand(operand, dot);
      // Neither runs what cannot change its answer.
      if ((name === 'and' && !isTrue(value)) || (name === 'or' && isTrue(value))) return value;
      args.push(value);
    }
    if (piped !== undefined) args.push(piped);
    const length = args.reduce<number>((sum, value) => sum + lengthOfValue(value), 0);
    if (length > maxValueLength) throw new TemplateFailure(tooLong, offset);
    this.#spend(name === 'match' || name === 'reReplaceAll' ? length * effortOfExpression : length);
    try {
      const value = found.call(args, this.#data);
      if (lengthOfValue(value) > maxValueLength) throw new Error(tooLong);
      return value;
    } catch (error) {
      const message = messageOf(error);
      throw new TemplateFailure(
        message.startsWith('error calling') ? message : `error calling ${name}: ${message}`,
        offset,
      );
    }
  }

  #operand(operand: Operand, dot: Value): Value {
    switch (operand.kind) {
      case 'literal':
        return operand.value;
      case 'function':
        return this.#call(operand, [], dot, undefined);
      case 'path': {
        const { base, offset } = operand;
        if (base === 'dot') return fieldsOf(dot, operand.fields, offset);
        const value =
          'variable' in base ? this.#variable(base.variable, offset) : this.#pipeline(base.pipeline, dot);
        return fieldsOf(value, operand.fields, offset);
      }
    }
  }

  #variable(name: string, offset: number): Value {
    this.#spend(this.#variables.length / 16);
    const found = this.#variables.findLast((variable) => variable.name === name);
    if (found === undefined) throw new TemplateFailure(`undefined variable "${name}"`, offset);
    return found.value;
  }

  #assign(name: string, value: Value, declares: boolean): void {
    const found = declares ? undefined : this.#variables.findLast((variable) => variable.name === name);
    if (found === undefined) this.#variables.push({ name, value });
    else found.value = value;
  }

  #write(text: string): void {
    this.#length += text.length;
    if (this.#length > maxOutput) throw new TemplateFailure(`longer than ${maxOutput} characters`, 0);
    this.#parts.push(text);
  }

  #step(): void {
    this.#steps += 1;
    if (this.#steps > maxSteps) throw new TemplateFailure('takes too many steps', 0);
    this.#spend(1);
  }

  #spend(effort: number): void {
    this.#effort.left -= effort;
    if (this.#effort.left < 0) throw new TemplateFailure('takes too much work', 0);
  }
}

function notAFunction(operand: Exclude<Operand, { kind: 'function' }>): string {
  const field = operand.kind === 'path' ? operand.fields.at(-1) : undefined;
  if (field !== undefined) return `${field} is not a method but has arguments`;
  const value = operand.kind === 'literal' ? operand.value : null;
  const written = typeof value === 'string' ? goQuote(value) : value === null ? '' : String(value);
  return `can't give argument to non-function ${written}`.trim();
}

function fieldsOf(value: Value, fields: readonly string[], offset: number): Value {
  return fields.reduce((from, field) => fieldOf(from, field, offset), value);
}

/** A missing label is empty: Prometheus runs templates with missingkey=zero. */
function fieldOf(value: Value, field: string, offset: number): Value {
  if (typeof value === 'object' && value !== null) {
    if (value.kind === 'map') return labelOf(value.labels, field);
    if (field === 'Labels') return { kind: 'map', labels: value.labels };
    if (field === 'ExternalLabels') return { kind: 'map', labels: value.externalLabels };
    if (field === 'ExternalURL') return value.externalUrl;
    if (field === 'Value') return value.value;
  }
  throw new TemplateFailure(`can't evaluate field ${field} in type ${typeNameOf(value)}`, offset);
}
