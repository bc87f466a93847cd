import * as v from 'valibot';
import { foldRows, type Fold } from './fold.ts';

/** The vocabulary in which the contract is written: commands and topics as data with schemas. */

export interface CommandDefinition<Input extends v.GenericSchema, Output extends v.GenericSchema> {
  readonly input: Input;
  readonly output: Output;
}

export function command<Input extends v.GenericSchema, Output extends v.GenericSchema>(
  input: Input,
  output: Output,
): CommandDefinition<Input, Output> {
  return { input, output };
}

/**
 * A topic is a value that the core keeps and windows follow: one snapshot, then patches.
 * `apply` is pure and is the only meaning of a patch, on both sides.
 */
export interface TopicDefinition<Snapshot extends v.GenericSchema, Patch extends v.GenericSchema> {
  readonly snapshot: Snapshot;
  readonly patch: Patch;
  apply(snapshot: v.InferOutput<Snapshot>, patch: v.InferOutput<Patch>): v.InferOutput<Snapshot>;
  /** For values of many rows that change often: how many patches become one. */
  readonly fold?: Fold<v.InferOutput<Snapshot>, v.InferOutput<Patch>> | undefined;
}

/** A topic whose patch is the whole new value: for values that are small or change as one. */
export function valueTopic<Value extends v.GenericSchema>(value: Value): TopicDefinition<Value, Value> {
  return { snapshot: value, patch: value, apply: (_snapshot, patch) => patch };
}

export type CollectionPatch<Row> = { readonly upsert: readonly Row[]; readonly remove: readonly string[] };

/** A topic of rows with a key: patches carry changed rows whole and the keys of those that are gone. */
export function collectionTopic<Row extends v.GenericSchema>(
  row: Row,
  keyOf: (row: v.InferOutput<Row>) => string,
) {
  return {
    snapshot: v.array(row),
    patch: v.object({ upsert: v.array(row), remove: v.array(v.string()) }),
    keyOf,
    fold: foldRows(keyOf),
    apply(
      snapshot: readonly v.InferOutput<Row>[],
      patch: CollectionPatch<v.InferOutput<Row>>,
    ): v.InferOutput<Row>[] {
      const rows = new Map(snapshot.map((present) => [keyOf(present), present]));
      for (const key of patch.remove) rows.delete(key);
      for (const changed of patch.upsert) rows.set(keyOf(changed), changed);
      return [...rows.values()];
    },
  };
}

type AnyCommand = CommandDefinition<v.GenericSchema, v.GenericSchema>;
export type AnyCommands = Readonly<Record<string, AnyCommand>>;
// The snapshot and patch of a topic in general are opaque: only its own definition can join them.
export type AnyTopics = Readonly<
  Record<
    string,
    {
      snapshot: v.GenericSchema;
      patch: v.GenericSchema;
      apply: (snapshot: never, patch: never) => unknown;
      fold?: { first: boolean; keep: (snapshot: never) => unknown; gather: () => unknown } | undefined;
    }
  >
>;

export type InputOf<Definition extends { input: v.GenericSchema }> = v.InferOutput<Definition['input']>;
export type OutputOf<Definition extends { output: v.GenericSchema }> = v.InferOutput<Definition['output']>;
export type SnapshotOf<Definition extends { snapshot: v.GenericSchema }> = v.InferOutput<
  Definition['snapshot']
>;
