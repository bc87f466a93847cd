/**
 * How many changes of one topic become few. The window keeps the topic's value in a form that a patch
 * changes in time of the patch's length, and takes a value off it once a frame; the core gathers the
 * patches that a busy window has not asked for yet into one. Both mean what `apply`, patch by patch, means.
 */
export interface Fold<Snapshot, Patch> {
  /** Told before all other topics with a fold: what they say refers to it. */
  readonly first: boolean;
  keep(snapshot: Snapshot): Kept<Snapshot, Patch>;
  gather(): Gathered<Patch>;
}

export interface Kept<Snapshot, Patch> {
  apply(patch: Patch): void;
  /** The value now; parts that did not change are the same objects as before. */
  value(): Snapshot;
}

export interface Gathered<Patch> {
  add(patch: Patch): void;
  /** Takes out at most so many rows; null where nothing is left. */
  take(maxRows: number): Patch | null;
}

type RowsPatch<Row> = { readonly upsert: readonly Row[]; readonly remove: readonly string[] };

/** Rows with a key, whose patches carry whole rows and the keys of those that are gone. */
export function foldRows<Row>(keyOf: (row: Row) => string): Fold<Row[], { upsert: Row[]; remove: string[] }> {
  return {
    first: false,
    keep: (snapshot) => new KeptRows(snapshot, keyOf),
    gather: () => new GatheredRows(keyOf),
  };
}

class KeptRows<Row> implements Kept<Row[], RowsPatch<Row>> {
  readonly #keyOf: (row: Row) => string;
  readonly #rows: Map<string, Row>;

  constructor(snapshot: readonly Row[], keyOf: (row: Row) => string) {
    this.#keyOf = keyOf;
    this.#rows = new Map(snapshot.map((row) => [keyOf(row), row]));
  }

  apply({ upsert, remove }: RowsPatch<Row>): void {
    for (const key of remove) this.#rows.delete(key);
    for (const row of upsert) this.#rows.set(this.#keyOf(row), row);
  }

  value(): Row[] {
    return [...this.#rows.values()];
  }
}

class GatheredRows<Row> implements Gathered<{ upsert: Row[]; remove: string[] }> {
  readonly #keyOf: (row: Row) => string;
  readonly #upsert = new Map<string, Row>();
  readonly #remove = new Set<string>();

  constructor(keyOf: (row: Row) => string) {
    this.#keyOf = keyOf;
  }

  add({ upsert, remove }: RowsPatch<Row>): void {
    for (const key of remove) {
      this.#upsert.delete(key);
      this.#remove.add(key);
    }
    // A row that came again is removed first and then put: that is the order within a patch.
    for (const row of upsert) this.#upsert.set(this.#keyOf(row), row);
  }

  take(maxRows: number): { upsert: Row[]; remove: string[] } | null {
    if (this.#upsert.size === 0 && this.#remove.size === 0) return null;
    const remove = [...this.#remove];
    this.#remove.clear();
    return { upsert: takeOut(this.#upsert, maxRows), remove };
  }
}

/** Takes the oldest entries out of a map. */
export function takeOut<Value>(from: Map<string, Value>, max: number): Value[] {
  const taken: Value[] = [];
  for (const [key, value] of from) {
    if (taken.length >= max) break;
    taken.push(value);
    from.delete(key);
  }
  return taken;
}
