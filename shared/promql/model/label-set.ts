import type { Labels } from '../../model/labels.ts';

/**
 * A set of labels, interned: two equal sets of one pool are the same object, so that the evaluator compares
 * and hashes references. Names are in the order of their UTF-8 bytes, which is how Prometheus sorts series.
 */
export class LabelSet {
  /** Sorted; none is empty, and neither is any value. */
  readonly names: readonly string[];
  readonly values: readonly string[];
  /** Equal for equal sets and for these only: the pairs as JSON. */
  readonly key: string;
  /**
   * The set without the labels that name its metric, as it was last asked for: every evaluation asks, and a
   * field is found faster than an entry of a map. For nobody but `withoutMetadata`.
   */
  nameless: NamelessLabels | null = null;

  constructor(names: readonly string[], values: readonly string[], key: string) {
    this.names = names;
    this.values = values;
    this.key = key;
  }

  /** Empty where the set has no such label. */
  get(name: string): string {
    const index = this.names.indexOf(name);
    return index === -1 ? '' : (this.values[index] ?? '');
  }

  toLabels(): Labels {
    const labels: Record<string, string> = {};
    for (let index = 0; index < this.names.length; index++) {
      const name = this.names[index] ?? '';
      const value = this.values[index] ?? '';
      // That name alone would not become a label of its own.
      if (name === '__proto__') Object.defineProperty(labels, name, ownLabel(value));
      else labels[name] = value;
    }
    return labels;
  }
}

function ownLabel(value: string): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

/** True only within one pool and one generation of servers. */
interface NamelessLabels {
  readonly labels: LabelSet;
  readonly pool: LabelPool;
  readonly semantics: 'v2' | 'v3';
}

export const metricNameLabel = '__name__';

/** What a set takes beside its texts. */
const bytesOfSet = 300;

/** Where label sets are interned; one for all evaluations that share series. */
export class LabelPool {
  readonly #sets = new Map<string, LabelSet>();
  readonly #base: LabelPool | null;
  #bytes = 0;
  /** Sets share their names with others of the metric. */
  readonly #restOfNames = new WeakMap<readonly string[], readonly string[]>();
  #lastFirst = { name: '', value: '', length: 0 };

  /**
   * @param base a pool whose sets are this one's too: what a query makes of the series of a source that
   * lives long goes with the query's own pool.
   */
  constructor(base: LabelPool | null = null) {
    this.#base = base;
  }

  get size(): number {
    return this.#sets.size;
  }

  /** About how much memory its sets take. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @param pairs in any order, each name once; empty values are left out. */
  of(pairs: Iterable<readonly [name: string, value: string]>): LabelSet {
    const kept = [...pairs].filter(([, value]) => value !== '');
    return this.ofSorted(kept.sort(([left], [right]) => compareUtf8(left, right)));
  }

  ofLabels(labels: Labels): LabelSet {
    return this.of(Object.entries(labels));
  }

  /** @param pairs sorted by name, without empty values. */
  ofSorted(pairs: readonly (readonly [name: string, value: string])[]): LabelSet {
    const key = JSON.stringify(pairs);
    const known = this.#known(key);
    if (known !== undefined) return known;
    const names = pairs.map(([name]) => name);
    const values = pairs.map(([, value]) => value);
    return this.#add(new LabelSet(names, values, key));
  }

  /** For who has the labels in that form already. @param key the sorted pairs as JSON. */
  ofKeyed(names: readonly string[], values: readonly string[], key: string): LabelSet {
    return this.#known(key) ?? this.#add(new LabelSet(names, values, key));
  }

  /** The set without its first label: as `filter` gives it, in a fraction of the time. */
  withoutFirst(set: LabelSet): LabelSet {
    const rest = set.names.length === 1 ? ']' : set.key.slice(this.#lengthOfFirst(set) + 2);
    const key = `[${rest}`;
    const known = this.#known(key);
    if (known !== undefined) return known;
    let names = this.#restOfNames.get(set.names);
    if (names === undefined) this.#restOfNames.set(set.names, (names = set.names.slice(1)));
    return this.#add(new LabelSet(names, set.values.slice(1), key));
  }

  /** Of the pair within the key; sets that begin alike come one after the other. */
  #lengthOfFirst({ names: [name = ''], values: [value = ''] }: LabelSet): number {
    const last = this.#lastFirst;
    if (last.name === name && last.value === value) return last.length;
    const { length } = JSON.stringify([name, value]);
    this.#lastFirst = { name, value, length };
    return length;
  }

  /** Of a set, the labels whose names the test lets pass. */
  filter(set: LabelSet, keeps: (name: string) => boolean): LabelSet {
    const pairs: [string, string][] = [];
    set.names.forEach((name, index) => {
      if (keeps(name)) pairs.push([name, set.values[index] ?? '']);
    });
    return pairs.length === set.names.length ? set : this.ofSorted(pairs);
  }

  /** @param changes a value for each name; an empty one takes the label away. */
  with(set: LabelSet, changes: ReadonlyMap<string, string>): LabelSet {
    const pairs: (readonly [string, string])[] = [...changes];
    set.names.forEach((name, index) => {
      if (!changes.has(name)) pairs.push([name, set.values[index] ?? '']);
    });
    return this.of(pairs);
  }

  #add(set: LabelSet): LabelSet {
    this.#sets.set(set.key, set);
    // The key repeats all texts.
    this.#bytes += bytesOfSet + 2 * set.key.length;
    return set;
  }

  #known(key: string): LabelSet | undefined {
    const own = this.#sets.get(key);
    return own !== undefined || this.#base === null ? own : this.#base.#known(key);
  }
}

/** Order of two texts by their UTF-8 bytes, which differs from JavaScript's for characters past U+FFFF. */
export function compareUtf8(left: string, right: string): number {
  // Most names and many values of series beside each other are the same text.
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = rankOf(left.charCodeAt(index)) - rankOf(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Surrogates stand for characters past U+FFFF, so they come after all other units. */
function rankOf(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

/** Order of label sets: name, then value, label by label; then the shorter one. As Prometheus' labels.Compare. */
export function compareLabelSets(left: LabelSet, right: LabelSet): number {
  const length = Math.min(left.names.length, right.names.length);
  for (let index = 0; index < length; index++) {
    const byName = compareUtf8(left.names[index] ?? '', right.names[index] ?? '');
    if (byName !== 0) return byName;
    const byValue = compareUtf8(left.values[index] ?? '', right.values[index] ?? '');
    if (byValue !== 0) return byValue;
  }
  return left.names.length - right.names.length;
}
