import { functionProblem } from './functions.ts';
import { tokensOf, type ActionToken, type Token } from './lexer.ts';
import { goQuote } from './quoting.ts';
import { TemplateFailure, type Command, type Operand, type Pipeline, type TemplateNode } from './syntax.ts';

/**
 * Reads a template into its tree. What Go knows and this console does not is refused by name here, where
 * the rule is loaded, and never guessed when an alert fires.
 */

const notHere = new Set(['define', 'template', 'block', 'break', 'continue']);
const maxDepth = 50;

/** The variables that Prometheus puts before every template of a rule. */
const givenVariables = ['$', '$labels', '$externalLabels', '$externalURL', '$value'];

/** @throws TemplateFailure */
export function parseNodes(text: string): readonly TemplateNode[] {
  return new Parser(tokensOf(text)).template();
}

/** Where a list of nodes ended: at the end of the text, at `{{end}}`, or at an `{{else …}}`. */
interface Ending {
  readonly kind: 'end of text' | 'end' | 'else';
  readonly offset: number;
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #variables: string[] = [...givenVariables];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  template(): readonly TemplateNode[] {
    const { nodes, ending } = this.#nodes();
    if (ending.kind !== 'end of text') fail(`unexpected {{${ending.kind}}}`, ending.offset);
    return nodes;
  }

  #nodes(): { readonly nodes: TemplateNode[]; readonly ending: Ending } {
    const nodes: TemplateNode[] = [];
    for (;;) {
      const token = this.#next();
      if (token.kind === 'end') return { nodes, ending: { kind: 'end of text', offset: token.offset } };
      if (token.kind === 'text') {
        nodes.push({ kind: 'text', text: token.text });
        continue;
      }
      const keyword = this.#keyword();
      if (keyword === 'end') {
        this.#close('end');
        return { nodes, ending: { kind: 'end', offset: token.offset } };
      }
      if (keyword === 'else') return { nodes, ending: { kind: 'else', offset: token.offset } };
      nodes.push(this.#action(keyword, token.offset));
    }
  }

  /** A word that is not a function, taken. */
  #keyword(): string | undefined {
    const token = this.#peek();
    if (token.kind !== 'name') return undefined;
    if (notHere.has(token.text)) fail(`{{${token.text}}} is not supported in local rules`, token.offset);
    if (!['if', 'with', 'range', 'else', 'end'].includes(token.text)) return undefined;
    this.#at += 1;
    return token.text;
  }

  #action(keyword: string | undefined, offset: number): TemplateNode {
    if (keyword === 'if' || keyword === 'with' || keyword === 'range') return this.#branch(keyword, offset);
    const pipeline = this.#pipeline('command', false);
    this.#close('command');
    return { kind: 'action', pipeline };
  }

  #branch(kind: 'if' | 'with' | 'range', offset: number): TemplateNode {
    this.#deeper(offset);
    const scope = this.#variables.length;
    const pipeline = this.#pipeline(kind, kind === 'range');
    this.#close(kind);
    const { nodes: body, ending } = this.#nodes();
    if (ending.kind === 'end of text') fail('unexpected EOF', ending.offset);
    const otherwise = ending.kind === 'else' ? this.#otherwise(kind, ending.offset) : [];
    this.#variables.length = scope;
    this.#depth -= 1;
    return { kind, pipeline, body, otherwise };
  }

  /** After `{{else`: the rest up to the `{{end}}`, which `else if` shares with its `if`. */
  #otherwise(kind: 'if' | 'with' | 'range', offset: number): readonly TemplateNode[] {
    const token = this.#peek();
    if (token.kind === 'name' && token.text === kind && kind !== 'range') {
      this.#at += 1;
      return [this.#branch(kind, offset)];
    }
    this.#close('else');
    const { nodes, ending } = this.#nodes();
    if (ending.kind === 'else') fail('expected end; found {{else}}', ending.offset);
    if (ending.kind === 'end of text') fail('unexpected EOF', ending.offset);
    return nodes;
  }

  #pipeline(context: string, mayBeTwo: boolean): Pipeline {
    const { variables, declares } = this.#declaration(mayBeTwo);
    const commands: Command[] = [];
    for (;;) {
      const token = this.#peek();
      const isEnd = token.kind === 'close' || isMark(token, ')');
      if (isEnd || isMark(token, '|')) fail(`missing value for ${context}`, token.offset);
      const command = this.#command();
      if (commands.length > 0 && command.operands[0]?.kind === 'literal')
        fail(`non executable command in pipeline stage ${commands.length + 1}`, command.offset);
      commands.push(command);
      if (!isMark(this.#peek(), '|')) break;
      this.#at += 1;
    }
    // From here on and not before: `$x := $x` is about the outer one.
    if (declares) this.#variables.push(...variables);
    return { variables, declares, commands };
  }

  #declaration(mayBeTwo: boolean): Pick<Pipeline, 'variables' | 'declares'> {
    const [first, mark, second, secondMark] = this.#tokens.slice(this.#at, this.#at + 4);
    if (first?.kind !== 'variable' || mark === undefined) return { variables: [], declares: false };
    if (mayBeTwo && isMark(mark, ',') && second?.kind === 'variable' && secondMark !== undefined) {
      if (!isMark(secondMark, ':=') && !isMark(secondMark, '='))
        fail('expected := or = in range', secondMark.offset);
      this.#at += 4;
      return this.#named([first, second], isMark(secondMark, ':='));
    }
    if (!isMark(mark, ':=') && !isMark(mark, '=')) return { variables: [], declares: false };
    this.#at += 2;
    return this.#named([first], isMark(mark, ':='));
  }

  #named(tokens: readonly ActionToken[], declares: boolean): Pick<Pipeline, 'variables' | 'declares'> {
    if (!declares) tokens.forEach((token) => this.#known(token));
    return { variables: tokens.map(({ text }) => text), declares };
  }

  #command(): Command {
    const operands: Operand[] = [];
    const { offset } = this.#peek();
    for (;;) {
      const token = this.#peek();
      if (token.kind === 'close' || isMark(token, '|') || isMark(token, ')')) break;
      if (operands.length > 0 && 'spaced' in token && !token.spaced)
        fail(`unexpected ${goQuote(token.text)} in operand`, token.offset);
      operands.push(this.#operand());
    }
    return { offset, operands };
  }

  #operand(): Operand {
    const token = this.#next();
    const { offset } = token;
    switch (token.kind) {
      case 'literal':
        return { kind: 'literal', offset, value: token.value };
      case 'name': {
        const problem = functionProblem(token.text);
        if (problem !== undefined) fail(problem, offset);
        return { kind: 'function', offset, name: token.text };
      }
      case 'variable':
        this.#known(token);
        return { kind: 'path', offset, base: { variable: token.text }, fields: this.#fields() };
      case 'dot':
        return { kind: 'path', offset, base: 'dot', fields: [] };
      case 'field':
        return { kind: 'path', offset, base: 'dot', fields: [token.text, ...this.#fields()] };
      default:
        return this.#parenthesis(token);
    }
  }

  #parenthesis(token: Token): Operand {
    const { offset } = token;
    if (!isMark(token, '('))
      return fail(
        'text' in token ? `unexpected ${goQuote(token.text)} in operand` : 'unexpected EOF',
        offset,
      );
    this.#deeper(offset);
    const pipeline = this.#pipeline('parenthesized pipeline', false);
    if (!isMark(this.#next(), ')')) fail('unclosed left paren', offset);
    this.#depth -= 1;
    return { kind: 'path', offset, base: { pipeline }, fields: this.#fields() };
  }

  /** The fields that follow without a space. */
  #fields(): readonly string[] {
    const fields: string[] = [];
    for (let token = this.#peek(); token.kind === 'field' && !token.spaced; token = this.#peek()) {
      fields.push(token.text);
      this.#at += 1;
    }
    return fields;
  }

  #known(token: ActionToken): void {
    if (this.#variables.includes(token.text)) return;
    fail(`undefined variable ${goQuote(token.text)}`, token.offset);
  }

  #close(context: string): void {
    const token = this.#next();
    if (token.kind === 'close') return;
    fail(`unexpected ${'text' in token ? goQuote(token.text) : 'end'} in ${context}`, token.offset);
  }

  /** The parser and the evaluator recurse: no text may decide how deep. */
  #deeper(offset: number): void {
    this.#depth += 1;
    if (this.#depth > maxDepth) fail(`nested deeper than ${maxDepth}`, offset);
  }

  #peek(): Token {
    // The last token is the end, which nothing goes past.
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? { kind: 'end', offset: 0 };
  }

  #next(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }
}

function isMark(token: Token, text: string): boolean {
  return token.kind === 'mark' && token.text === text;
}

function fail(message: string, offset: number): never {
  throw new TemplateFailure(message, offset);
}
