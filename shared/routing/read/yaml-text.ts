import { Composer, isAlias, isMap, isScalar, isSeq, LineCounter, Parser } from 'yaml';
import type { Document, Node, YAMLError } from 'yaml';
import type { RoutingProblem } from '../model.ts';
import { LexemeWatch } from './lexeme-watch.ts';
import type { ConfigNode, MapEntry, Place } from './node.ts';
import { scalarTypeOf } from './scalar-type.ts';
import { serverLexer } from './server-lexer.ts';

/**
 * Turns a configuration's text into nodes. Bounded in size, depth and what aliases make of it; a server reads
 * the first document only, so this does too.
 */
const mostCharacters = 2_097_152;
const mostNodes = 300_000;
const deepest = 1_000;

/** The text means nothing that can be answered; thrown only inside `readYamlText`. */
class UnreadableYaml extends Error {
  readonly offset: number;
  readonly accepted: string;

  constructor(offset: number, message: string, accepted: string) {
    super(message);
    this.offset = offset;
    this.accepted = accepted;
  }
}

export interface YamlReading {
  /** Null where there is nothing but comments, or nothing that can be read. */
  readonly node: ConfigNode | null;
  readonly problem: RoutingProblem | null;
}

export function readYamlText(text: string): YamlReading {
  const counter = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = counter.linePos(Math.max(0, Math.min(offset, text.length)));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const refused = (offset: number, message: string, accepted: string): YamlReading => {
    return { node: null, problem: { ...placeAt(offset), field: '', message, accepted } };
  };
  if (text.length > mostCharacters)
    return refused(0, 'the text is longer than two million characters', 'a shorter one');
  const control = text.search(controlCharacter);
  if (control !== -1) return refused(control, 'a control character', 'text without control characters');
  try {
    const document = firstDocument(withLineFeeds(text), counter);
    const error = document?.errors.find((each) => !isTolerated(each, document, text));
    if (error !== undefined) return refused(offsetOf(error, text), wordsOf(error), 'YAML');
    const version = document?.directives.yaml;
    const isUnknown = document?.warnings.some(({ code }) => code === 'BAD_DIRECTIVE') ?? false;
    if (isUnknown || (version?.explicit === true && version.version !== '1.1'))
      return refused(0, 'this is not YAML 1.1', 'a text without %YAML, or with %YAML 1.1');
    if (document === undefined || document.contents === null) return { node: null, problem: null };
    return { node: new NodeReader(placeAt).read(document.contents), problem: null };
  } catch (error) {
    if (error instanceof UnreadableYaml) return refused(error.offset, error.message, error.accepted);
    // The parser recurses: a text that nests thousands deep overflows its stack.
    if (!(error instanceof RangeError)) throw error;
    return refused(0, 'the text is nested too deeply to read', 'at most 1,000 levels');
  }
}

/** What follows it is not even parsed, as on the server. */
function firstDocument(text: string, counter: LineCounter): Document.Parsed | undefined {
  const composer = new Composer(yamlOptions);
  const parser = new Parser(counter.addNewLine);
  const watch = new LexemeWatch();
  counter.addNewLine(0);
  for (const lexeme of serverLexer().lex(text)) {
    const problem = watch.see(lexeme);
    if (problem !== null) throw new UnreadableYaml(problem.offset, problem.message, problem.accepted);
    for (const token of parser.next(lexeme)) for (const document of composer.next(token)) return document;
  }
  for (const token of parser.end()) for (const document of composer.next(token)) return document;
  for (const document of composer.end()) return document;
  return undefined;
}

/** What ends a line in YAML 1.1 and not in 1.2, whose parser this is: one character for one. */
function withLineFeeds(text: string): string {
  return text.replace(/\r(?!\n)|\u0085/g, '\n');
}

/** Scalars stay texts: what each is, its own reader says. */
const yamlOptions = {
  version: '1.1',
  schema: 'failsafe',
  uniqueKeys: false,
  merge: false,
  stringKeys: false,
  prettyErrors: false,
} as const;

/** What the server's parser takes: a comment that touches what it follows, anything behind the last brace. */
function isTolerated({ code, pos: [from] }: YAMLError, { contents }: Document.Parsed, text: string): boolean {
  const isBehind = isMap(contents) && contents.flow === true && from >= contents.range[1];
  return text[from] === '#' || (code === 'UNEXPECTED_TOKEN' && isBehind);
}

/** The server's parser takes no other. */
const controlCharacter = /(?![\t\n\r\u0085])\p{Cc}|[\ufffe\uffff]/u;
const anchorName = /^[\w-]+$/;

function offsetOf({ pos }: YAMLError, text: string): number {
  return pos[0] >= text.length ? Math.max(0, text.trimEnd().length - 1) : pos[0];
}

/** By its code alone: the message may quote the text, which may be a secret. */
function wordsOf({ code }: YAMLError): string {
  if (code === 'RESOURCE_EXHAUSTION') return 'the text is nested too deeply to read';
  return `this is not YAML: ${code.toLowerCase().replaceAll('_', ' ')}`;
}

class NodeReader {
  readonly #placeAt: (offset: number) => Place;
  readonly #anchors = new Map<string, Node>();
  /** Aliases that are being read, so that none is read inside of itself. */
  readonly #open = new Set<Node>();
  #nodesLeft = mostNodes;
  #maps = 0;

  constructor(placeAt: (offset: number) => Place) {
    this.#placeAt = placeAt;
  }

  read(node: unknown, depth = 0): ConfigNode {
    const given = node as Node | null;
    const offset = given?.range?.[0] ?? 0;
    if (--this.#nodesLeft < 0)
      throw new UnreadableYaml(offset, 'the text means more than can be read', 'at most 300,000 values');
    if (depth > deepest)
      throw new UnreadableYaml(offset, 'the text is nested too deeply to read', 'at most 1,000 levels');
    const at = this.#placeAt(offset);
    if (given === null) return { kind: 'scalar', text: '', type: 'null', at };
    if (isAlias(given)) return this.#readAlias(given.source, offset, depth);
    if ('anchor' in given && given.anchor !== undefined) {
      if (!anchorName.test(given.anchor))
        throw new UnreadableYaml(offset, 'an anchor with this name', 'letters, digits, _ and -');
      this.#anchors.set(given.anchor, given);
    }
    if (isSeq(given)) {
      return this.#within(given, () => ({
        kind: 'list',
        items: given.items.map((item) => this.read(item, depth + 1)),
        at,
      }));
    }
    if (isMap(given))
      return this.#within(given, () => ({ kind: 'map', entries: this.#entries(given.items, depth), at }));
    if (!isScalar(given))
      throw new UnreadableYaml(offset, 'a value of an unknown kind', 'texts, lists and maps');
    const text = typeof given.value === 'string' ? given.value : '';
    return { kind: 'scalar', text, type: scalarTypeOf(text, given.type === 'PLAIN', given.tag), at };
  }

  #within(node: Node, read: () => ConfigNode): ConfigNode {
    this.#open.add(node);
    const value = read();
    this.#open.delete(node);
    return value;
  }

  #readAlias(name: string, offset: number, depth: number): ConfigNode {
    const target = this.#anchors.get(name);
    if (target === undefined)
      throw new UnreadableYaml(offset, 'an alias of no anchor above', 'the name of an anchor above it');
    if (this.#open.has(target))
      throw new UnreadableYaml(offset, 'an anchor that holds itself', 'an alias outside of its anchor');
    // Its anchor is read already; reading it anew must not change which anchor a name means by now.
    const anchors = new Map(this.#anchors);
    const value = this.read(target, depth + 1);
    for (const [anchor, node] of anchors) this.#anchors.set(anchor, node);
    return { ...value, at: this.#placeAt(offset) };
  }

  /** In the order in which the server sets them: what `<<` brings stands where it is written. */
  #entries(pairs: readonly { readonly key: unknown; readonly value: unknown }[], depth: number): MapEntry[] {
    const map = this.#maps++;
    return pairs.flatMap(({ key, value }) => {
      const name = this.read(key, depth + 1);
      if (name.kind !== 'scalar')
        throw new UnreadableYaml(
          (key as Node).range?.[0] ?? 0,
          'a list or map as a key',
          'a text as the key',
        );
      const isMerge = name.text === '<<' && isScalar(key) && key.type === 'PLAIN';
      if (isMerge) return this.#mergedEntries(this.read(value, depth + 1), value);
      const text = name.type === 'null' ? '' : name.text;
      return [{ key: text, map, at: name.at, value: this.read(value, depth + 1) }];
    });
  }

  /** Of several maps the first is set last: what it has stays. */
  #mergedEntries(value: ConfigNode, node: unknown): readonly MapEntry[] {
    const maps = value.kind === 'list' ? value.items.toReversed() : [value];
    return maps.flatMap((map) => {
      if (map.kind === 'map') return map.entries;
      throw new UnreadableYaml((node as Node).range?.[0] ?? 0, 'a merge of what is no map', 'a map, or maps');
    });
  }
}
