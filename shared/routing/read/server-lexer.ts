import { Lexer } from 'yaml';

/** The state of the library's lexer that has to be met; it has no option for it. */
interface InsideLexer {
  /** By how many spaces a line has to be indented to go on with what is open. */
  indentNext: number;
  parseFlowCollection: Step;
  parseQuotedScalar: Step;
}
type Step = () => Generator<string, unknown>;

/**
 * A lexer of YAML that reads as the server's: inside brackets, braces and quotes a line may begin anywhere. By
 * YAML 1.2 it would have to be indented deeper than the key before them, which many configurations are not.
 */
export function serverLexer(): Lexer {
  const lexer = new Lexer();
  const inside = lexer as unknown as InsideLexer;
  for (const name of ['parseFlowCollection', 'parseQuotedScalar'] as const) {
    const parse = inside[name];
    inside[name] = function* parseAnywhere() {
      const { indentNext } = inside;
      inside.indentNext = 0;
      const next = yield* parse.call(inside);
      inside.indentNext = indentNext;
      return next;
    };
  }
  return lexer;
}
