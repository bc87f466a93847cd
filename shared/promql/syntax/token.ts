import { aggregationOperators } from './ast.ts';
import { goQuoted } from './strings.ts';

/** What the lexer hands to the parser. */
export type TokenKind =
  | 'end'
  | 'identifier'
  /** With a colon in it, so that it can be nothing but the name of a metric. */
  | 'metric identifier'
  | 'number'
  | 'duration'
  | 'string'
  | 'operator'
  | 'aggregation'
  | 'keyword'
  /** `start`, `end`, `step`, `range`: names that `@` and durations give a meaning. */
  | 'preprocessor'
  | 'punctuation';

export interface Token {
  readonly kind: TokenKind;
  /** As the grammar knows it: keywords in small letters, everything else as written. */
  readonly name: string;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words that are more than a name, in any case of letters. Inside braces all are names. */
export const wordKinds: ReadonlyMap<string, TokenKind> = new Map<string, TokenKind>([
  ...(['and', 'or', 'unless', 'atan2'] as const).map((word) => [word, 'operator'] as const),
  ...aggregationOperators.map((word) => [word, 'aggregation'] as const),
  ...(
    [
      'offset',
      'anchored',
      'smoothed',
      'by',
      'without',
      'on',
      'ignoring',
      'group_left',
      'group_right',
      'fill',
      'fill_left',
      'fill_right',
      'bool',
    ] as const
  ).map((word) => [word, 'keyword'] as const),
  ...(['start', 'end', 'step', 'range'] as const).map((word) => [word, 'preprocessor'] as const),
  ['inf', 'number'],
  ['nan', 'number'],
]);

const neverMetrics: ReadonlySet<string> = new Set([
  'on',
  'ignoring',
  'group_left',
  'group_right',
  'bool',
  'atan2',
  'fill',
  'fill_left',
  'fill_right',
]);
const wordOperators: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'atan2']);

/** Whether the token may stand as the name of a metric; an aggregation's may too. */
export function canNameMetric(token: Token): boolean {
  switch (token.kind) {
    case 'identifier':
    case 'metric identifier':
    case 'aggregation':
    case 'preprocessor':
      return true;
    case 'keyword':
      return !neverMetrics.has(token.name);
    case 'operator':
      return wordOperators.has(token.name) && !neverMetrics.has(token.name);
    case 'end':
    case 'number':
    case 'duration':
    case 'string':
    case 'punctuation':
      return false;
  }
}

/** Whether the token may stand as a label in `by (…)` and the like. */
export function canNameLabel(token: Token): boolean {
  switch (token.kind) {
    case 'identifier':
    case 'metric identifier':
    case 'aggregation':
    case 'preprocessor':
      return true;
    case 'keyword':
      return token.name !== 'without';
    case 'operator':
      return wordOperators.has(token.name);
    case 'end':
    case 'number':
    case 'duration':
    case 'string':
    case 'punctuation':
      return false;
  }
}

/** As Prometheus speaks of it after "unexpected". */
export function described(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'end of input';
    case 'identifier':
    case 'metric identifier':
      return `${token.kind} ${goQuoted(token.text)}`;
    case 'keyword':
      return `<${token.text}>`;
    case 'operator':
      return `<op:${token.text}>`;
    case 'aggregation':
      return `<aggr:${token.text}>`;
    case 'number':
    case 'duration':
    case 'string':
      return `${token.kind} ${shortened(token.text)}`;
    case 'preprocessor':
    case 'punctuation':
      return shortened(token.text);
  }
}

const shownCharacters = 10;

function shortened(text: string): string {
  const isLong = new TextEncoder().encode(text).length > shownCharacters;
  return isLong ? `${goQuoted(Array.from(text).slice(0, shownCharacters).join(''))}...` : goQuoted(text);
}
