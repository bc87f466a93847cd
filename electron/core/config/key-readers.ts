import { isAlias, isMap, isScalar, isSeq, visit } from 'yaml';
import type { Alias, Document, Node, Pair } from 'yaml';
import type { ConfigurationProblem } from '#shared/model/settings.ts';
import { nearestPosition, pathOf } from './configuration.ts';
import type { Position } from './configuration.ts';
import { acceptedNames } from './nearest-name.ts';
import { quoted } from './problem-text.ts';

/**
 * The readers from which the table of configuration keys is made. A key is data: its type, default,
 * accepted values and description, and the reader that checks a YAML node against them. A reader reports
 * every problem it sees and goes on; it returns undefined where it has no value to give.
 */
export interface KeySpec<Value> {
  readonly type: string;
  /** What a person may write, in words; the problems show it. */
  readonly accepted: string;
  /** What holds where the key is not written, and how the documentation writes it; null: required. */
  readonly fallback: { readonly value: Value; readonly text: string } | null;
  readonly description: string;
  /** The keys below, for a map or a list of maps. */
  readonly keys: KeySpecs | null;
  readonly read: (node: Node, place: Place) => Value | undefined;
}
export type KeySpecs = Readonly<Record<string, KeySpec<unknown>>>;
type ValueOf<Spec> = Spec extends KeySpec<infer Value> ? Value : never;
export type ValuesOf<Specs extends KeySpecs> = { readonly [Key in keyof Specs]: ValueOf<Specs[Key]> };

/** Where a reader stands. */
export interface Place {
  readonly reading: Reading;
  readonly path: string;
}

/** One pass over one document. */
export interface Reading {
  readonly aliases: () => ReadonlyMap<Alias, Node>;
  readonly file: string;
  readonly positionAt: (offset: number) => Position;
  readonly problems: ConfigurationProblem[];
  readonly positions: Map<string, Position>;
}

const maxProblems = 200;

/** Reports a problem at a path that was read before, or at its nearest parent. */
export function report(
  reading: Reading,
  severity: ConfigurationProblem['severity'],
  path: string,
  message: string,
  accepted: string,
): undefined {
  reportAt(reading, severity, nearestPosition(reading.positions, path), path, message, accepted);
}

function reportAt(
  reading: Reading,
  severity: ConfigurationProblem['severity'],
  at: Position,
  path: string,
  message: string,
  accepted: string,
): void {
  // Past the limit only errors count, and one is enough to refuse the file.
  if (reading.problems.length > maxProblems) return;
  const rest = reading.problems.length === maxProblems;
  reading.problems.push({
    severity: rest ? 'error' : severity,
    file: reading.file,
    ...at,
    path,
    message: rest ? `more than ${maxProblems} problems: the rest is not shown` : message,
    accepted: rest ? '' : accepted,
  });
}

export function error(place: Place, message: string, accepted: string): undefined {
  return report(place.reading, 'error', place.path, message, accepted);
}

export function warning(place: Place, message: string, accepted: string): undefined {
  return report(place.reading, 'warning', place.path, message, accepted);
}

type Described = Pick<KeySpec<unknown>, 'accepted' | 'description'>;

/**
 * A text. `refuse` says what is wrong with one (its message without the value is safe for a secret), or
 * null. Numbers and words such as `true` are read as they are written.
 */
export function text<Value extends string>(
  spec: Described & {
    readonly type?: string;
    readonly fallback: { readonly value: Value; readonly text: string } | null;
    readonly refuse?: (value: string, place: Place) => string | null;
  },
): KeySpec<Value> {
  return {
    type: 'text',
    ...spec,
    keys: null,
    read: (node, place) => {
      const value = scalarOf(node, place);
      if (value === null) return error(place, `found ${kindOf(resolved(node, place))}`, spec.accepted);
      if (value === spec.fallback?.value) return spec.fallback.value;
      const refusal = value === '' ? 'found an empty text' : (spec.refuse?.(value, place) ?? null);
      // The reader of a choice passes only its own words; every other text is any string.
      return refusal === null
        ? (value as Value)
        : error(place, refusal, acceptedFor(spec.accepted, value, spec.type));
    },
  };
}

function acceptedFor(accepted: string, value: string, type: string | undefined): string {
  return type === 'choice' ? acceptedNames(value, accepted.split(', ')) : accepted;
}

/** One of a few words. */
export function choice<const Word extends string>(
  words: readonly Word[],
  spec: {
    readonly description: string;
    readonly fallback: { readonly value: Word; readonly text: string } | null;
  },
): KeySpec<Word> {
  return text<Word>({
    ...spec,
    type: 'choice',
    accepted: words.join(', '),
    refuse: (value) => (words.some((word) => word === value) ? null : `found ${quoted(value)}`),
  });
}

/** A value read from a text by `parse`, which returns null for what it does not accept. */
export function parsedText<Value>(
  spec: Described & {
    readonly type: string;
    readonly fallback: { readonly value: Value; readonly text: string } | null;
    readonly parse: (value: string) => Value | null;
  },
): KeySpec<Value> {
  return {
    ...spec,
    keys: null,
    read: (node, place) => {
      const value = scalarOf(node, place);
      if (value === null) return error(place, `found ${kindOf(resolved(node, place))}`, spec.accepted);
      const parsed = spec.parse(value);
      return parsed ?? error(place, `found ${quoted(value)}`, spec.accepted);
    },
  };
}

/** A map with these keys. An unknown one is a warning, and what it holds is not read. */
export function mapping<Specs extends KeySpecs>(
  specs: Specs,
  spec: Described & { readonly fallback: { readonly value: ValuesOf<Specs>; readonly text: string } | null },
  check: (values: ValuesOf<Specs>, place: Place) => void = () => {},
): KeySpec<ValuesOf<Specs>> {
  return {
    type: 'map',
    ...spec,
    keys: specs,
    read: (node, place) => {
      const pairs = pairsOf(node, place, spec.accepted);
      if (pairs === undefined) return undefined;
      const values: Record<string, unknown> = {};
      let whole = true;
      reportUnknownKeys(pairs, Object.keys(specs), place);
      for (const [key, child] of Object.entries(specs)) {
        const value = readKey(child, pairs.get(key), { ...place, path: pathOf(place.path, key) });
        if (value === undefined) whole = false;
        else values[key] = value;
      }
      if (!whole) return undefined;
      // Each key of the specs has been read by its own reader just now.
      check(values as ValuesOf<Specs>, place);
      return values as ValuesOf<Specs>;
    },
  };
}

function readKey(spec: KeySpec<unknown>, pair: Pair<Node, Node | null> | undefined, place: Place): unknown {
  if (pair?.value != null && !isAbsent(pair.value)) return spec.read(pair.value, place);
  if (spec.fallback !== null) return spec.fallback.value;
  return error(place, pair === undefined ? 'missing' : 'found nothing', spec.accepted);
}

function reportUnknownKeys(
  pairs: ReadonlyMap<string, Pair<Node, Node | null>>,
  known: readonly string[],
  place: Place,
): void {
  for (const [key, pair] of pairs) {
    if (known.includes(key)) continue;
    const path = pathOf(place.path, key);
    const at = place.reading.positionAt(pair.key.range?.[0] ?? 0);
    if (key === '<<') {
      reportAt(place.reading, 'error', at, path, 'found a merge key', 'the keys written out');
      continue;
    }
    const message = `unknown key ${quoted(key)}, not read`;
    reportAt(place.reading, 'warning', at, path, message, acceptedNames(key, known));
  }
}

/** A map whose keys the person chooses, in the order of the file. */
export function namedTexts(
  spec: Described & { readonly maxItems: number },
  checkItem: (name: string, value: string, place: Place) => void,
): KeySpec<readonly { readonly name: string; readonly value: string }[]> {
  return {
    type: 'map of texts',
    ...spec,
    fallback: { value: [], text: 'none' },
    keys: null,
    read: (node, place) => {
      const pairs = pairsOf(node, place, spec.accepted);
      if (pairs === undefined) return undefined;
      if (pairs.size > spec.maxItems)
        return error(place, `found ${pairs.size} of them`, `at most ${spec.maxItems}`);
      const items = [...pairs].flatMap(([name, pair]) => {
        const below = { ...place, path: pathOf(place.path, name) };
        const value = pair.value === null ? null : scalarOf(pair.value, below);
        if (value === null)
          error(
            below,
            `found ${kindOf(pair.value === null ? null : resolved(pair.value, below))}`,
            spec.accepted,
          );
        if (value === null) return [];
        checkItem(name, value, below);
        return [{ name, value }];
      });
      return items;
    },
  };
}

/** A list. `check` sees every item that was read, and says whether they go together. */
export function list<Value>(
  item: Pick<KeySpec<Value>, 'read' | 'keys'>,
  spec: Described & {
    readonly type: string;
    readonly minItems: number;
    readonly maxItems: number;
    readonly fallback: { readonly value: readonly Value[]; readonly text: string } | null;
  },
  check: (items: readonly { readonly value: Value; readonly place: Place }[]) => void = () => {},
): KeySpec<readonly Value[]> {
  return {
    ...spec,
    keys: item.keys,
    read: (node, place) => {
      const items = resolved(node, place);
      if (!isSeq(items)) return error(place, `found ${kindOf(items)}`, spec.accepted);
      if (items.items.length < spec.minItems) return error(place, 'found an empty list', spec.accepted);
      if (items.items.length > spec.maxItems) {
        return error(place, `found ${items.items.length} of them`, `at most ${spec.maxItems}`);
      }
      const read = items.items.flatMap((child, index) => {
        const below = { ...place, path: `${place.path}[${index}]` };
        // The items of a parsed list are nodes.
        const childNode = child as Node;
        place.reading.positions.set(below.path, place.reading.positionAt(childNode.range?.[0] ?? 0));
        const value = isAbsent(childNode)
          ? error(below, 'found nothing', spec.accepted)
          : item.read(childNode, below);
        return value === undefined ? [] : [{ value, place: below }];
      });
      check(read);
      return read.map(({ value }) => value);
    },
  };
}

/** The pairs of a map by key, each position noted; a key that comes twice is an error. */
function pairsOf(
  node: Node,
  place: Place,
  accepted: string,
): Map<string, Pair<Node, Node | null>> | undefined {
  const map = resolved(node, place);
  if (!isMap(map)) return error(place, `found ${kindOf(map)}`, accepted);
  const { positionAt, positions } = place.reading;
  const pairs = new Map<string, Pair<Node, Node | null>>();
  // A parsed map holds nodes only.
  for (const pair of map.items as Pair<Node, Node | null>[]) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const path = pathOf(place.path, key);
    const keyAt = positionAt(pair.key.range?.[0] ?? 0);
    if (pairs.has(key)) {
      const first = positionAt(pairs.get(key)?.key.range?.[0] ?? 0);
      const message = `found ${quoted(key)} a second time, first on line ${first.line}`;
      reportAt(place.reading, 'error', keyAt, path, message, 'each key once');
      continue;
    }
    pairs.set(key, pair);
    const nothing = pair.value === null || isAbsent(pair.value);
    positions.set(path, nothing ? keyAt : positionAt(pair.value?.range?.[0] ?? 0));
  }
  return pairs;
}

function scalarOf(node: Node, place: Place): string | null {
  const scalar = resolved(node, place);
  return isScalar(scalar) && typeof scalar.value === 'string' ? scalar.value : null;
}

/** The node itself, or the one that an alias stands for. */
function resolved(node: Node, place: Place): Node | undefined {
  return isAlias(node) ? place.reading.aliases().get(node) : node;
}

/**
 * What each alias of a document stands for: the last anchor of its name before it. One walk for all of
 * them, since a hostile file may have hundreds of thousands; nothing is ever expanded.
 */
export function resolveAliases(document: Document.Parsed): () => ReadonlyMap<Alias, Node> {
  let aliases: Map<Alias, Node> | null = null;
  return () => {
    if (aliases !== null) return aliases;
    const anchors = new Map<string, Node>();
    const found = (aliases = new Map<Alias, Node>());
    visit(document, {
      Node: (_key, node) => {
        const target = isAlias(node) ? anchors.get(node.source) : undefined;
        if (isAlias(node) && target !== undefined) found.set(node, target);
        if (!isAlias(node) && node.anchor !== undefined) anchors.set(node.anchor, node);
      },
    });
    return found;
  };
}

/** Nothing written, `~` or `null`: the key is as good as not there. */
export function isAbsent(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && ['', '~', 'null'].includes(String(node.value));
}

function kindOf(node: Node | null | undefined): string {
  if (node === null) return 'nothing';
  if (node === undefined) return 'an alias without its anchor';
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  return 'a text';
}
