import { unexpected, tokensOf, type Token } from './tokens.ts';

/** A place in a query's tokens. */
export class TokenReader {
  readonly #query: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(query: string) {
    this.#query = query;
    this.#tokens = tokensOf(query);
  }

  peek(ahead = 0): Token {
    return (
      this.#tokens[Math.min(this.#next + ahead, this.#tokens.length - 1)] ?? { kind: '$end', text: '', at: 0 }
    );
  }

  take(): Token {
    const token = this.peek();
    this.#next++;
    return token;
  }

  /** Takes the next token where it is one of the kinds. */
  accept(...kinds: readonly string[]): Token | undefined {
    return kinds.includes(this.peek().kind) ? this.take() : undefined;
  }

  /** @param named what Loki's error says was expected; the kinds themselves where nothing is given. */
  expect(kinds: readonly string[], named: readonly string[] = kinds): Token {
    const token = this.peek();
    if (!kinds.includes(token.kind)) throw unexpected(this.#query, token, named);
    return this.take();
  }

  refuse(token = this.peek(), expecting: readonly string[] = []): never {
    throw unexpected(this.#query, token, expecting);
  }
}
