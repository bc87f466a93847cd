/**
 * The language in which incidents are filtered: matchers as Alertmanager writes them, what the console
 * itself knows behind an `@`, and free text. All terms of a filter must hold of one and the same alert.
 */

export const matchOperators = ['=', '!=', '=~', '!~'] as const;
export type MatchOperator = (typeof matchOperators)[number];

/** What stands behind the `@`, with what it means. */
export const filterFields = {
  state: 'firing, suppressed, unseen or resolved',
  severity: 'level, or the word of the server',
  receiver: 'whom its routes notify',
  'silenced-by': 'id of a silence',
  'inhibited-by': 'fingerprint of an alert',
  muted: 'time interval that mutes it',
  source: 'who reported it',
  'acked-by': 'who acknowledged its incident',
} as const;
export type FilterField = keyof typeof filterFields;
export const fieldNames = Object.keys(filterFields) as readonly FilterField[];

/** Fields that may stand alone, and then ask whether there is any. */
export const optionalFields: ReadonlySet<string> = new Set<FilterField>([
  'receiver',
  'silenced-by',
  'inhibited-by',
  'muted',
  'acked-by',
]);

export type FilterTerm =
  | { readonly kind: 'word'; readonly word: string }
  | {
      readonly kind: 'label';
      readonly name: string;
      readonly operator: MatchOperator;
      readonly value: string;
    }
  | {
      readonly kind: 'field';
      readonly field: FilterField;
      readonly operator: MatchOperator;
      readonly value: string;
    }
  /** How long ago the alert started; always whole seconds. */
  | { readonly kind: 'age'; readonly operator: '<' | '>'; readonly ageMs: number };

/** A term and where it is written, in UTF-16 units. */
export interface PlacedTerm {
  readonly term: FilterTerm;
  readonly from: number;
  readonly to: number;
}

/** What is wrong with a filter, and where. */
export interface FilterFault {
  readonly from: number;
  readonly to: number;
  /** Where its term begins: what stands before can be read. */
  readonly termFrom: number;
  /** A sentence. */
  readonly message: string;
  /** What may stand there; empty where nothing would help. */
  readonly accepted: string;
}

export const maxFilterLength = 2_000;
export const maxFilterTerms = 50;
export const maxPatternLength = 1_000;
