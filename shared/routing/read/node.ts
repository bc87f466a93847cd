/**
 * A configuration's YAML as plain values with their places: aliases resolved, merges done. What a scalar
 * means is its reader's to say, as in Alertmanager, where the same word is a text here and a switch there.
 */
export type ConfigNode = ScalarNode | ListNode | MapNode;

/** Both begin at 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly text: string;
  /** What it is by YAML 1.1 as Alertmanager reads it; `other` has a tag of its own. */
  readonly type: 'null' | 'flag' | 'whole' | 'decimal' | 'text' | 'other';
  readonly at: Place;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly ConfigNode[];
  readonly at: Place;
}

export interface MapNode {
  readonly kind: 'map';
  /** Every key as it is written, twice where it stands twice, with what is merged where it is merged. */
  readonly entries: readonly MapEntry[];
  readonly at: Place;
}

export interface MapEntry {
  readonly key: string;
  /** The map that it is written in, as a number: not that of the others where it was merged. */
  readonly map: number;
  readonly at: Place;
  readonly value: ConfigNode;
}

/** The value of a key; where it stands twice, the last. Undefined where it is missing, or nothing. */
export function entryOf(node: ConfigNode | undefined, key: string): ConfigNode | undefined {
  if (node?.kind !== 'map') return undefined;
  const value = node.entries.findLast((entry) => entry.key === key)?.value;
  return value === undefined || isNull(value) ? undefined : value;
}

/**
 * All values of a key since it was last set to nothing: a map or matchers that a merge brings are added to,
 * where anything else is replaced.
 */
export function valuesOf(node: ConfigNode | undefined, key: string): readonly ConfigNode[] {
  if (node?.kind !== 'map') return [];
  const values = node.entries.filter((entry) => entry.key === key).map(({ value }) => value);
  return values.slice(values.findLastIndex(isNull) + 1);
}

export function itemsOf(node: ConfigNode | undefined): readonly ConfigNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a scalar, empty where there is none. */
export function textOf(node: ConfigNode | undefined): string {
  return node?.kind === 'scalar' && node.type !== 'null' ? node.text : '';
}

export function isNull(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

/** YAML 1.1's switches; whatever else is off. */
export function isOn(node: ConfigNode | undefined): boolean {
  return node?.kind === 'scalar' && node.type === 'flag' && /^(?:y|yes|true|on)$/i.test(node.text);
}
