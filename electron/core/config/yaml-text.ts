import { LineCounter, parseAllDocuments } from 'yaml';
import type { Document, YAMLError } from 'yaml';
import type { ConfigurationProblem } from '#shared/model/settings.ts';
import type { Position } from './configuration.ts';

/**
 * Turns the text of the configuration file into one YAML document, and says where its YAML is wrong. The
 * only caller of the YAML parser. A problem here never quotes the file: the text around it may be a secret.
 */

/** Every scalar is read as the text it is written as; what it means is the key table's to say. */
const yamlOptions = {
  schema: 'failsafe',
  uniqueKeys: false,
  stringKeys: true,
  prettyErrors: false,
} as const;

export const maxFileBytes = 1_048_576;

export interface YamlText {
  /** Null where the YAML itself is wrong, or there is nothing but comments. */
  readonly document: Document.Parsed | null;
  readonly problems: readonly ConfigurationProblem[];
  readonly positionAt: (offset: number) => Position;
}

/** Reads any text without throwing. Problems are line-accurate, at most one for each line. */
export function readYaml(text: string, file: string): YamlText {
  const counter = new LineCounter();
  const byteOrderMark = text.startsWith('\uFEFF');
  const positionAt = (offset: number): Position => {
    const { line, col } = counter.linePos(Math.max(0, Math.min(offset, text.length)));
    return { line: Math.max(1, line), column: Math.max(1, line === 1 && byteOrderMark ? col - 1 : col) };
  };
  const refused = (message: string, accepted: string): YamlText => ({
    document: null,
    problems: [{ severity: 'error', file, line: 1, column: 1, path: '', message, accepted }],
    positionAt,
  });
  if (Buffer.byteLength(text) > maxFileBytes)
    return refused('the file is larger than 1 MiB', 'at most 1 MiB');
  let documents: Document.Parsed[];
  try {
    const parsed = parseAllDocuments(text, { ...yamlOptions, lineCounter: counter });
    documents = 'empty' in parsed ? [] : parsed;
  } catch (error) {
    // The parser recurses: a file that nests thousands deep overflows its stack.
    if (!(error instanceof RangeError)) throw error;
    return refused('the file is nested too deeply to read', 'lists and maps as the documentation shows them');
  }
  const [document = null, second] = documents;
  const errors = documents.flatMap((each) => [...each.errors, ...each.warnings]);
  const problems = syntaxProblems(errors, text, file, positionAt);
  if (second !== undefined && problems.length === 0) {
    const at = positionAt(text.lastIndexOf('---', second.range[0]));
    const message = 'found a second document';
    problems.push({
      severity: 'error',
      file,
      ...at,
      path: '',
      message,
      accepted: 'one document in the file',
    });
  }
  return { document: problems.length === 0 ? document : null, problems, positionAt };
}

const maxSyntaxProblems = 20;

function syntaxProblems(
  errors: readonly YAMLError[],
  text: string,
  file: string,
  positionAt: (offset: number) => Position,
): ConfigurationProblem[] {
  const problems = new Map<number, ConfigurationProblem>();
  // A loop and not a sort of copies: a hostile file may have hundreds of thousands.
  for (const error of errors) {
    if (problems.size >= maxSyntaxProblems) break;
    const offset = offsetOf(error, text);
    const at = positionAt(offset);
    if (problems.has(at.line)) continue;
    const [message, accepted] = wordsOf(error, lineAt(text, offset));
    problems.set(at.line, { severity: 'error', file, ...at, path: '', message, accepted });
  }
  return [...problems.values()].sort((left, right) => left.line - right.line);
}

/** Where the person has to look: the parser reports some mistakes only where it stops understanding. */
function offsetOf(error: YAMLError, text: string): number {
  const offset = error.pos[0];
  // At the end of the file there is nothing to look at: point at the last thing written.
  return offset >= text.length ? Math.max(0, text.trimEnd().length - 1) : offset;
}

function lineAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return text.slice(start, Math.min(end === -1 ? text.length : end, start + 1_000));
}

const syntaxWords: Partial<Record<YAMLError['code'], readonly [message: string, accepted: string]>> = {
  BAD_ALIAS: ['an alias without a name', 'the value itself, or the name of an anchor above'],
  BAD_DIRECTIVE: ['a YAML directive that is not known', 'a file without directives'],
  BAD_DQ_ESCAPE: [
    'a backslash in double quotes that starts no known escape',
    'two backslashes, or single quotes around the text',
  ],
  BAD_INDENT: ['the indentation does not fit', 'the same number of spaces for the keys of one map'],
  BAD_SCALAR_START: ['a value starts with a character that YAML reserves', 'the value in quotes'],
  BLOCK_AS_IMPLICIT_KEY: [
    'a second "key: value" begins inside a value',
    'one key on each line, all keys of a map at the same indentation; a value with ": " in quotes',
  ],
  BLOCK_IN_FLOW: ['a list or map by indentation inside [ ] or { }', 'one style: brackets, or indentation'],
  KEY_OVER_1024_CHARS: ['a key longer than 1024 characters', 'a key of the documentation'],
  MISSING_CHAR: [
    'something is missing here',
    'a colon and a space after a key, a closing quote, a bracket closed',
  ],
  MULTILINE_IMPLICIT_KEY: [
    'a key without its colon, or a value that runs on to the next line',
    '"key: value", all keys of a map at the same indentation',
  ],
  NON_STRING_KEY: ['a list or map as a key', 'a key of the documentation'],
  RESOURCE_EXHAUSTION: ['nested too deeply to read', 'lists and maps as the documentation shows them'],
  TAB_AS_INDENT: ['a tab in the indentation', 'spaces'],
  TAG_RESOLVE_FAILED: ['a YAML tag (!)', 'values without tags'],
};

function wordsOf(error: YAMLError, line: string): readonly [message: string, accepted: string] {
  if (error.code === 'UNEXPECTED_TOKEN' && /[{[,][^"']*\$\{/.test(line)) {
    return ['a reference without quotes inside { } or [ ]', 'the reference in quotes, "${env:NAME}"'];
  }
  if (error.code === 'MISSING_CHAR' && error.message.includes('quote')) {
    return ['a quoted text is not closed', 'the closing quote'];
  }
  return (
    syntaxWords[error.code] ?? [
      'this is not YAML from here on',
      '"key: value" lines, or "- " before the items of a list',
    ]
  );
}
