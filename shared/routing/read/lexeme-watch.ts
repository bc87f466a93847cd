import { CST } from 'yaml';

/** What a server refuses in a text that the parser here takes. */
export interface LexemeProblem {
  readonly offset: number;
  readonly message: string;
  readonly accepted: string;
}

/**
 * Looks for what the server's parser refuses and the one here takes: tabs as indentation, in lines with nothing
 * else too, and behind the dash of a list's item; some characters of plain texts inside brackets and braces;
 * escapes of JSON. Sees one text's lexemes in their order.
 */
export class LexemeWatch {
  #offset = 0;
  #column = 0;
  #flowDepth = 0;
  /** The column of the innermost key or dash; -1 outside of all. */
  #indent = -1;
  /** Where on this line what may turn out to be a key begins. */
  #entryColumn: number | null = null;
  /** A block may begin here, so that spaces are indentation. */
  #isIndentation = true;
  #isLineStart = true;
  /** A plain scalar stands before, which the next line may go on with: tabs are its own from some column on. */
  #isAfterPlain = false;
  #nextScalar: 'plain' | 'block' | 'indicated-block' = 'plain';
  #isScalarNext = false;
  #plainEnd = -1;
  /** What stands before may be the key of a colon on the same line, inside of brackets. */
  #mayBeKey = false;
  /** It has a question mark before it, so that its colon may stand on a later line. */
  #isMarkedKey = false;
  /** A colon that touches the plain scalar before it, inside of brackets: it has to touch nothing else. */
  #colon: number | null = null;

  see(lexeme: string): LexemeProblem | null {
    if (this.#isScalarNext) return this.#seeScalar(lexeme);
    const type = CST.tokenType(lexeme);
    if (type === 'scalar') this.#isScalarNext = true;
    const colon = type === 'space' || type === 'newline' ? null : this.#colon;
    this.#colon = null;
    if (colon !== null) return characterAt(colon);
    if (type === 'scalar' || type === 'doc-mode' || type === 'flow-error-end') return null;
    const problem = this.#problemOf(type, lexeme);
    if (type !== 'space') this.#note(type, lexeme);
    this.#pass(lexeme);
    return problem;
  }

  #problemOf(type: CST.TokenType | null, lexeme: string): LexemeProblem | null {
    if (type === 'space') return this.#problemOfSpaces(lexeme);
    if (type === 'double-quoted-scalar') return this.#problemOfEscapes(lexeme);
    return type === 'map-value-ind' ? this.#problemOfColon() : null;
  }

  #problemOfSpaces(spaces: string): LexemeProblem | null {
    const index = spaces.indexOf('\t');
    if (index === -1) return null;
    const isOfPlain = this.#isLineStart && this.#isAfterPlain;
    const isWrong = isOfPlain
      ? this.#column + index <= this.#indent
      : this.#flowDepth === 0 && this.#isIndentation;
    return isWrong ? tabAt(this.#offset + index) : null;
  }

  #problemOfEscapes(quoted: string): LexemeProblem | null {
    for (const { 0: escape, 1: code, index } of quoted.matchAll(/\\(?:u([0-9a-fA-F]{4})|[^])/g)) {
      if (escape !== '\\/' && !/^d[89a-f]/i.test(code ?? '')) continue;
      const message = 'an escape that is no YAML 1.1';
      return {
        offset: this.#offset + index,
        message,
        accepted: '/ as it is, \\U0001F600 for \\ud83d\\ude00',
      };
    }
    return null;
  }

  #problemOfColon(): LexemeProblem | null {
    if (this.#flowDepth === 0) return null;
    if (this.#plainEnd === this.#offset) this.#colon = this.#offset;
    const isMarked = this.#isMarkedKey;
    this.#isMarkedKey = false;
    return this.#isLineStart && this.#mayBeKey && !isMarked ? characterAt(this.#offset) : null;
  }

  #note(type: CST.TokenType | null, lexeme: string): void {
    if (type === 'newline') return this.#startLine();
    this.#isAfterPlain = false;
    if (type === 'comment') return;
    this.#isLineStart = false;
    this.#isIndentation = false;
    this.#mayBeKey = keyTypes.has(type ?? '');
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.#enter(1);
    else if (type === 'flow-map-end' || type === 'flow-seq-end') this.#flowDepth--;
    else if (type === 'block-scalar-header')
      this.#nextScalar = /\d/.test(lexeme) ? 'indicated-block' : 'block';
    else if (this.#flowDepth > 0) {
      if (type === 'explicit-key-ind' || type === 'comma') this.#isMarkedKey = type !== 'comma';
    } else if (type === 'map-value-ind') this.#indent = this.#entryColumn ?? this.#indent;
    else if (type === 'seq-item-ind' || type === 'explicit-key-ind') {
      this.#indent = this.#column;
      this.#entryColumn = null;
      this.#isIndentation = true;
    } else this.#enter(0);
  }

  #enter(depth: number): void {
    if (this.#flowDepth === 0) this.#entryColumn ??= this.#column;
    this.#flowDepth += depth;
  }

  #startLine(): void {
    this.#isLineStart = true;
    this.#isIndentation = true;
    this.#entryColumn = null;
  }

  #seeScalar(text: string): LexemeProblem | null {
    const [kind, offset] = [this.#nextScalar, this.#offset];
    this.#nextScalar = 'plain';
    this.#isScalarNext = false;
    if (kind === 'plain') this.#enter(0);
    this.#pass(text);
    this.#isAfterPlain = kind === 'plain';
    if (kind === 'plain') {
      this.#plainEnd = this.#offset;
      this.#mayBeKey = true;
      this.#isIndentation = false;
      this.#isLineStart = false;
      return this.#problemOfPlain(text, offset);
    }
    this.#startLine();
    // How far a block is indented is seen at its first line, where a tab is not counted.
    const first = kind === 'block' ? /^(?: *\r?\n)* *\t/.exec(text) : null;
    return first === null ? null : tabAt(offset + first[0].length - 1);
  }

  #problemOfPlain(text: string, offset: number): LexemeProblem | null {
    const tabs = [...text.matchAll(/\n( *)\t/g)];
    const tab = tabs.find(([, spaces = '']) => spaces.length <= this.#indent);
    if (tab !== undefined) return tabAt(offset + tab.index + tab[0].length - 1);
    const index = this.#flowDepth === 0 ? -1 : text.startsWith(':') ? 0 : text.indexOf('?');
    return index === -1 ? null : characterAt(offset + index);
  }

  #pass(lexeme: string): void {
    this.#offset += lexeme.length;
    const lineEnd = lexeme.lastIndexOf('\n');
    this.#column = lineEnd === -1 ? this.#column + lexeme.length : lexeme.length - lineEnd - 1;
  }
}

const keyTypes = new Set(['single-quoted-scalar', 'double-quoted-scalar', 'flow-map-end', 'flow-seq-end']);

function characterAt(offset: number): LexemeProblem {
  const message = 'a ? or a : that cannot stand here, inside of brackets or braces';
  return { offset, message, accepted: 'a space behind the colon, or the whole text in quotes' };
}

function tabAt(offset: number): LexemeProblem {
  return { offset, message: 'a tab where the indentation belongs', accepted: 'spaces' };
}
