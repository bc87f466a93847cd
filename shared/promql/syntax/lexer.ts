import { characterAt, isDigit, isLetter, isLetterOrDigit, isSpace } from './characters.ts';
import { scanDuration } from './durations.ts';
import { scanNumber } from './numbers.ts';
import { ParseError } from './parse-problem.ts';
import { scanString } from './string-scanner.ts';
import { goQuoted, goQuotedCharacter } from './strings.ts';
import { wordKinds, type Token, type TokenKind } from './token.ts';

/** Durations may be computed from these, and no other word may stand between brackets. */
const durationWords: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ['step', 'preprocessor'],
  ['range', 'preprocessor'],
  ['min_of', 'identifier'],
  ['max_of', 'identifier'],
]);

/**
 * Splits a query into tokens. As in Prometheus, the lexer itself minds what is open: inside braces every word
 * is a name, between brackets there are only durations, and what is not closed is told here.
 */
export class Lexer {
  readonly text: string;
  #at = 0;
  #openParentheses = 0;
  #inBraces = false;
  #inBrackets = false;
  /** Between `[` and the first number, where the complaints differ. */
  #awaitsDuration = false;
  #hasDuration = false;
  #hasColon = false;

  constructor(text: string) {
    this.text = text;
  }

  /** @throws ParseError */
  next(): Token {
    this.#skip();
    if (this.#inBraces) return this.#insideBraces();
    return this.#awaitsDuration ? this.#inDuration() : this.#outsideBraces();
  }

  /** Spaces, and comments where they may stand. */
  #skip(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (isSpace(code)) this.#at++;
      else if (code === 0x23 && !this.#awaitsDuration) {
        const newline = this.text.slice(this.#at).search(/[\r\n]/);
        this.#at = newline === -1 ? this.text.length : this.#at + newline;
      } else return;
    }
  }

  #outsideBraces(): Token {
    const start = this.#at;
    const code = this.text.charCodeAt(start);
    if (isLetter(code) || (code === 0x3a && !this.#inBrackets)) {
      return this.#inBrackets ? this.#durationWord('') : this.#word();
    }
    if (isDigit(code) || (code === 0x2e && isDigit(this.text.charCodeAt(start + 1)))) return this.#number();
    if (Number.isNaN(code)) return this.#end();
    switch (this.text[start]) {
      case ',':
        return this.#take('punctuation', 1);
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
      case '^':
      case '@':
        return this.#take('operator', 1);
      case '=':
        return this.#equals();
      case '!':
        if (this.text[start + 1] !== '=')
          return this.#fail(`unexpected character after '!': ${this.#shown(start + 1)}`);
        return this.#take('operator', 2);
      case '<':
      case '>':
        return this.#take('operator', /[=/]/.test(this.text[start + 1] ?? '') ? 2 : 1);
      case '"':
      case "'":
      case '`':
        return this.#string();
      case '(':
      case ')':
        return this.#parenthesis();
      case '{':
        this.#inBraces = true;
        return this.#take('punctuation', 1);
      case ':':
        return this.#colon();
      case '[':
      case ']':
        return this.#bracket();
      default:
        return this.#fail(`unexpected character: ${this.#shown(start)}`);
    }
  }

  #end(): Token {
    if (this.#openParentheses !== 0) return this.#fail('unclosed left parenthesis');
    if (this.#inBrackets) return this.#fail('unclosed left bracket');
    return this.#take('end', 0);
  }

  #equals(): Token {
    const next = this.text[this.#at + 1];
    if (next === '~') return this.#fail(`unexpected character after '=': '~'`);
    return next === '=' ? this.#take('operator', 2) : this.#take('punctuation', 1);
  }

  #parenthesis(): Token {
    const token = this.#take('punctuation', 1);
    if (token.text === '(') this.#openParentheses++;
    else if (this.#openParentheses === 0) return this.#fail(`unexpected right parenthesis ')'`);
    else this.#openParentheses--;
    return token;
  }

  #bracket(): Token {
    if (this.text[this.#at] === '[') {
      if (this.#inBrackets) return this.#fail(`unexpected left bracket '['`);
      this.#inBrackets = true;
      this.#awaitsDuration = true;
      this.#hasDuration = false;
      this.#hasColon = false;
    } else {
      if (!this.#inBrackets) return this.#fail(`unexpected right bracket ']'`);
      this.#inBrackets = false;
      this.#awaitsDuration = false;
    }
    return this.#take('punctuation', 1);
  }

  #colon(): Token {
    if (this.#hasColon) return this.#fail(`unexpected colon ':'`);
    this.#hasColon = true;
    return this.#take('punctuation', 1);
  }

  #inDuration(): Token {
    const start = this.#at;
    const character = this.text[start];
    if (character === undefined) return this.#fail('unexpected end of input in duration expression');
    if (character === ':') {
      const token = this.#take('punctuation', 1);
      if (!this.#hasDuration) return this.#fail('unexpected colon before duration in duration expression');
      this.#hasColon = true;
      return token;
    }
    const code = this.text.charCodeAt(start);
    if (isLetter(code)) return this.#durationWord(' in duration expression');
    if (/[\](),+\-*/%^0-9]/.test(character)) return this.#outsideBraces();
    if (character === '.' && isDigit(this.text.charCodeAt(start + 1))) return this.#outsideBraces();
    return this.#fail(`unexpected character in duration expression: ${this.#shown(start)}`);
  }

  #durationWord(where: string): Token {
    const start = this.#at;
    let end = start + 1;
    while (isLetter(this.text.charCodeAt(end))) end++;
    const kind = durationWords.get(this.text.slice(start, end).toLowerCase());
    if (kind === undefined)
      return this.#fail(
        `unexpected character${where}: ${this.#shown(start)}${where === '' ? `, expected ':'` : ''}`,
      );
    this.#hasDuration = true;
    return this.#take(kind, end - start);
  }

  #number(): Token {
    const start = this.#at;
    const number = scanNumber(this.text, start);
    this.#awaitsDuration = false;
    this.#hasDuration = true;
    if (number.isNumber) return this.#take('number', number.end - start);
    const duration = scanDuration(this.text, number.end);
    if (duration.isDuration) return this.#take('duration', duration.end - start);
    return this.#fail(`bad number or duration syntax: ${goQuoted(this.text.slice(start, duration.end))}`);
  }

  #string(): Token {
    return this.#take('string', scanString(this.text, this.#at) - this.#at);
  }

  #word(): Token {
    const start = this.#at;
    let hasColon = false;
    let end = start;
    for (; ; end++) {
      const code = this.text.charCodeAt(end);
      if (code === 0x3a) hasColon = true;
      else if (!isLetterOrDigit(code)) break;
    }
    if (hasColon) return this.#take('metric identifier', end - start);
    const name = this.text.slice(start, end).toLowerCase();
    const kind = wordKinds.get(name) ?? 'identifier';
    // These came late, and are metrics' names unless their parentheses follow.
    if (name.startsWith('fill') && !this.#isCalledAt(end)) return this.#take('identifier', end - start);
    return this.#take(kind, end - start);
  }

  #isCalledAt(index: number): boolean {
    let at = index;
    while (isSpace(this.text.charCodeAt(at))) at++;
    return this.text[at] === '(';
  }

  #insideBraces(): Token {
    const start = this.#at;
    const code = this.text.charCodeAt(start);
    if (isLetter(code)) {
      let end = start + 1;
      while (isLetterOrDigit(this.text.charCodeAt(end))) end++;
      return this.#take('identifier', end - start);
    }
    switch (this.text[start]) {
      case undefined:
        return this.#fail('unexpected end of input inside braces');
      case ',':
        return this.#take('punctuation', 1);
      case '"':
      case "'":
      case '`':
        return this.#string();
      case '=':
        return this.text[start + 1] === '~' ? this.#take('operator', 2) : this.#take('punctuation', 1);
      case '!':
        if (!/[=~]/.test(this.text[start + 1] ?? ''))
          return this.#fail(`unexpected character after '!' inside braces: ${this.#shown(start + 1)}`);
        return this.#take('operator', 2);
      case '{':
        return this.#fail(`unexpected left brace '{'`);
      case '}':
        this.#inBraces = false;
        return this.#take('punctuation', 1);
      default:
        return this.#fail(`unexpected character inside braces: ${this.#shown(start)}`);
    }
  }

  #take(kind: TokenKind, length: number): Token {
    const start = this.#at;
    this.#at += length;
    const text = this.text.slice(start, this.#at);
    const isWord = kind === 'keyword' || kind === 'operator' || kind === 'aggregation';
    const name = isWord || kind === 'preprocessor' ? text.toLowerCase() : text;
    return { kind, name, text, start, end: this.#at };
  }

  #shown(index: number): string {
    return goQuotedCharacter(characterAt(this.text, index));
  }

  #fail(message: string): never {
    throw new ParseError(message, this.#at, this.text.length);
  }
}
