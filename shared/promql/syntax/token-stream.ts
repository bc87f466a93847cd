import { QueryError } from '../problem.ts';
import { Lexer } from './lexer.ts';
import { ParseError } from './parse-problem.ts';
import { described, type Token } from './token.ts';

/**
 * The most levels of a tree, counted along any path. Every walk over a tree is recursive and may rely on it;
 * real queries have less than 30, and generated ones a chain of some hundred `or`.
 */
const maximumDepth = 500;

/** @throws QueryError */
export function checkDepth(levels: number): void {
  if (levels <= maximumDepth) return;
  const message = `the query is nested deeper than ${maximumDepth} levels`;
  throw new QueryError({ kind: 'limit', message, span: null });
}

/** Where the parser is, as far as Prometheus' complaints name it. */
export interface Place {
  readonly name: string;
  readonly expected: string;
}

/** The tokens of a query one by one; the next is read only when it is asked for, so that complaints keep their order. */
export class TokenStream {
  readonly text: string;
  /** Whether what Prometheus knows only behind feature flags may be used. */
  readonly experimental: boolean;
  /** The generation whose functions are known. */
  readonly semantics: 'v2' | 'v3';
  readonly #lexer: Lexer;
  #next: Token | null = null;
  readonly #places: Place[] = [];
  #depth = 0;
  #calculations = 0;
  #lastEnd = 0;

  constructor(text: string, experimental: boolean, semantics: 'v2' | 'v3' = 'v3') {
    this.text = text;
    this.experimental = experimental;
    this.semantics = semantics;
    this.#lexer = new Lexer(text);
  }

  peek(): Token {
    return (this.#next ??= this.#lexer.next());
  }

  take(): Token {
    const token = this.peek();
    this.#next = null;
    this.#lastEnd = token.end;
    return token;
  }

  /** Where the token ends that was taken last. */
  get lastEnd(): number {
    return this.#lastEnd;
  }

  /** Whether the next token is that operator, keyword or sign. */
  isNext(name: string): boolean {
    const token = this.peek();
    return token.name === name && token.kind !== 'string' && token.kind !== 'identifier';
  }

  takeIf(name: string): Token | null {
    return this.isNext(name) ? this.take() : null;
  }

  expect(name: string, place?: Place): Token {
    return this.takeIf(name) ?? this.unexpected(place);
  }

  /** What is not expected within `parse` is told as in this place, unless an inner one is nearer. */
  within<Parsed>(place: Place, parse: () => Parsed): Parsed {
    this.#places.push(place);
    const parsed = parse();
    this.#places.pop();
    return parsed;
  }

  /** Parses one level deeper. @throws QueryError where that is too deep. */
  nested<Parsed>(parse: () => Parsed): Parsed {
    checkDepth(++this.#depth);
    const parsed = parse();
    this.#depth--;
    return parsed;
  }

  /** To be called for each calculation within a duration: a query has as many as it may have levels. */
  countCalculation(): void {
    checkDepth(++this.#calculations);
  }

  /** @throws ParseError always: the next token may not stand here. */
  unexpected(place: Place | undefined = this.#places.at(-1)): never {
    const token = this.peek();
    const where = place === undefined ? '' : ` in ${place.name}`;
    const expected = place === undefined || place.expected === '' ? '' : `, expected ${place.expected}`;
    throw new ParseError(`unexpected ${described(token)}${where}${expected}`, token.start, token.end);
  }
}
