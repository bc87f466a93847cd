import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';
import type { Position } from '#core/config/configuration.ts';
import { resolveAliases } from '#core/config/key-readers.ts';
import { acceptedNames } from '#core/config/nearest-name.ts';
import type { ConfigurationProblem } from '#shared/model/settings.ts';

/** Walks the YAML of one rule file strictly, and gathers what is wrong with it, each with its place. */

const maxProblems = 50;
const maxMerges = 10;
/** What aliases can make of 1 MiB has no end: nodes looked at, and characters of all texts together. */
const maxNodes = 300_000;
const maxTextLength = 16_777_216;

/** The file means more than can be read; thrown only inside `readRuleFile`. */
export class TooMuchYaml extends Error {
  readonly offset: number;

  constructor(offset: number) {
    super('the file means too much: its aliases repeat more than can be read');
    this.offset = offset;
  }
}

interface Entry {
  readonly key: string;
  readonly value: Node | null;
  readonly offset: number;
}

export interface TextNode {
  readonly text: string;
  /** Where its value stands in the file: from, and to. */
  readonly range: readonly [from: number, to: number];
}

export class RuleNodes {
  readonly problems: ConfigurationProblem[] = [];
  readonly file: string;
  readonly #aliased: ReadonlyMap<Alias, Node>;
  readonly #positionAt: (offset: number) => Position;
  #nodesLeft = maxNodes;
  #textLeft = maxTextLength;

  constructor(file: string, document: Document.Parsed, positionAt: (offset: number) => Position) {
    this.file = file;
    this.#aliased = resolveAliases(document)();
    this.#positionAt = positionAt;
  }

  report(
    offset: number,
    path: string,
    message: string,
    accepted: string,
    severity: 'error' | 'warning' = 'error',
  ): void {
    if (this.problems.length >= maxProblems) return;
    this.problems.push({ severity, file: this.file, ...this.#positionAt(offset), path, message, accepted });
  }

  /** @throws TooMuchYaml where texts that are made of the file have become too long. */
  spendText(length: number, offset: number): void {
    this.#textLeft -= length;
    if (this.#textLeft < 0) throw new TooMuchYaml(offset);
  }

  placeOf(offset: number): Position {
    return this.#positionAt(offset);
  }

  /** The values of a map by key, those that are not known or twice reported. Undefined where it is no map. */
  fields(node: unknown, path: string, known: readonly string[]): Map<string, Node> | undefined {
    const map = this.#map(node, path);
    if (map === undefined) return undefined;
    const fields = new Map<string, Node>();
    for (const { key, value, offset } of this.#entries(map)) {
      if (!known.includes(key)) {
        this.report(offset, path, `unknown key "${key.slice(0, 100)}"`, acceptedNames(key, known));
      } else if (fields.has(key)) {
        this.report(offset, path, `"${key}" stands here twice`, 'each key once');
      } else if (value !== null && !isNothing(value)) fields.set(key, value);
    }
    return fields;
  }

  /** A map of texts in the order of the file, keys anything. */
  texts(node: Node | undefined, path: string): Map<string, TextNode & { readonly keyOffset: number }> {
    const texts = new Map<string, TextNode & { readonly keyOffset: number }>();
    const map = node === undefined ? undefined : this.#map(node, path);
    if (map === undefined) return texts;
    for (const { key, value, offset } of this.#entries(map)) {
      if (texts.has(key))
        this.report(offset, `${path}.${key}`, `"${key}" stands here twice`, 'each key once');
      const text =
        value === null || isNothing(value)
          ? { text: '', range: [offset, offset] as const }
          : this.text(value, `${path}.${key}`);
      if (text !== undefined) texts.set(key, { ...text, keyOffset: offset });
    }
    return texts;
  }

  items(node: Node | undefined, path: string): readonly unknown[] {
    const list = this.#resolved(node);
    if (list === undefined) return [];
    if (isSeq(list)) return list.items;
    this.report(offsetOf(list), path, 'this is not a list', 'items that begin with "- "');
    return [];
  }

  text(node: Node | undefined, path: string): TextNode | undefined {
    const scalar = this.#resolved(node);
    if (scalar === undefined) return undefined;
    if (isScalar(scalar) && typeof scalar.value === 'string') {
      const [from = 0, to = from] = (isAlias(node) ? node.range : scalar.range) ?? [];
      this.spendText(scalar.value.length, from);
      return { text: scalar.value, range: [from, to] };
    }
    this.report(offsetOf(scalar), path, 'this is not a text', 'one value');
    return undefined;
  }

  #map(node: unknown, path: string): YAMLMap | undefined {
    const map = this.#resolved(node);
    if (map === undefined || isMap(map)) return map;
    this.report(offsetOf(map), path, 'this is not a map', '"key: value" lines');
    return undefined;
  }

  /** Its own entries, then those that `<<` brings and it does not have. */
  *#entries(map: YAMLMap, depth = 0): Iterable<Entry> {
    const own = new Set<string>();
    const merged: unknown[] = [];
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      this.#spendNode(key);
      const resolved = this.#resolved(key);
      const text = isScalar(resolved) ? String(resolved.value) : '';
      if (text === '<<') merged.push(value);
      else yield { key: text, value, offset: offsetOf(key) };
      own.add(text);
    }
    for (const node of merged.flatMap((each) => this.#mergedMaps(each))) {
      // An anchor may hold itself.
      if (depth >= maxMerges) return this.report(offsetOf(map), '', 'maps merged too deeply', 'fewer "<<"');
      for (const entry of this.#entries(node, depth + 1)) {
        this.#spendNode(node);
        if (!own.has(entry.key)) yield entry;
        own.add(entry.key);
      }
    }
  }

  #mergedMaps(node: unknown): YAMLMap[] {
    const resolved = this.#resolved(node);
    const maps = isSeq(resolved) ? resolved.items.map((item) => this.#resolved(item)) : [resolved];
    return maps.flatMap((map) => {
      if (isMap(map)) return [map];
      this.report(offsetOf(node), '', '"<<" needs a map', 'an alias of a map');
      return [];
    });
  }

  #resolved(node: unknown): Node | undefined {
    if (node === null || node === undefined) return undefined;
    this.#spendNode(node);
    const found = isAlias(node) ? this.#aliased.get(node) : (node as Node);
    if (found === undefined)
      this.report(offsetOf(node), '', 'an alias without its anchor', 'an anchor above');
    return found;
  }

  #spendNode(node: unknown): void {
    this.#nodesLeft -= 1;
    if (this.#nodesLeft < 0) throw new TooMuchYaml(offsetOf(node));
  }
}

export function offsetOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

/** What YAML calls null: written as nothing, `~` or `null`. */
function isNothing(node: Node): boolean {
  return (
    isScalar(node) && node.type === 'PLAIN' && ['', '~', 'null', 'Null', 'NULL'].includes(String(node.value))
  );
}
