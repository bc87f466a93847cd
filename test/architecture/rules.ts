import { isTest, layerOf, mayImport } from './layers.ts';
import type { SourceFacts } from './source-facts.ts';

/** Every rule of the architecture, each a function from one file's facts to what it breaks. */
export interface Violation {
  readonly rule: RuleName;
  /** `path:line what`, as an editor opens it. */
  readonly at: string;
}

/** Long for a reason: the path with that reason. */
const longFiles: Readonly<Record<string, string>> = {};
/** Patterns that are built from the project's own constants, never from what a user or a server gave. */
const ownPatterns: Readonly<Record<string, string>> = {};

const fileLines = 400;
const functionLines = 50;
const componentLines = 120;

const rules = {
  syntax: (file) => (file.syntaxError === undefined ? [] : [`1 ${file.syntaxError}`]),
  layers: checkLayer,
  'production-packages': checkPackages,
  'markup-or-code-from-text': (file) => (isTest(file.path) ? [] : file.sinks.map(describe)),
  'sql-only-in-store': (file) => (mayHoldSql(file.path) ? [] : file.sql.map(describe)),
  'sql-is-constant': (file) =>
    isTest(file.path) ? [] : file.sql.filter((statement) => statement.built).map(describe),
  'built-patterns': (file) =>
    isTest(file.path) || file.path in ownPatterns ? [] : file.builtPatterns.map(describe),
  'file-length': (file) =>
    file.lineCount <= fileLines || isTest(file.path) || file.path in longFiles
      ? []
      : [`1 ${file.lineCount} lines, at most ${fileLines}`],
  'function-length': checkFunctions,
  'named-exports': (file) => (isConfiguration(file.path) ? [] : file.defaultExports.map(describe)),
} as const satisfies Record<string, (file: SourceFacts, context: RuleContext) => readonly string[]>;
export type RuleName = keyof typeof rules;
export const ruleNames = Object.keys(rules) as RuleName[];

export interface RuleContext {
  /** The packages under `dependencies` in package.json. */
  readonly dependencies: readonly string[];
}

export function violationsIn(files: readonly SourceFacts[], context: RuleContext): readonly Violation[] {
  return files.flatMap((file) =>
    ruleNames.flatMap((rule) =>
      rules[rule](file, context).map((what) => ({ rule, at: `${file.path}:${what}` })),
    ),
  );
}

function checkLayer(file: SourceFacts): readonly string[] {
  const layer = layerOf(file.path);
  if (layer === undefined) return ['1 belongs to no layer; add its folder to layers.ts'];
  return file.imports
    .filter(({ target }) => !mayImport(layer, file.path, target))
    .map(({ line, target }) => {
      const name = target.kind === 'file' ? target.path : target.name;
      return `${line} ${layer.name} may not import ${name}`;
    });
}

function checkPackages(file: SourceFacts, { dependencies }: RuleContext): readonly string[] {
  if (!isProduct(file.path)) return [];
  return file.imports.flatMap(({ line, target }) =>
    target.kind === 'package' && target.name !== 'electron' && !dependencies.includes(target.name)
      ? [`${line} ${target.name} is not under dependencies`]
      : [],
  );
}

function checkFunctions(file: SourceFacts): readonly string[] {
  if (isTest(file.path)) return [];
  return file.functions.flatMap(({ line, lineCount, isComponent }) => {
    const limit = isComponent ? componentLines : functionLines;
    return lineCount > limit ? [`${line} function of ${lineCount} lines, at most ${limit}`] : [];
  });
}

function isProduct(path: string): boolean {
  return /^(?:shared|electron|renderer)\//.test(path) && !isTest(path) && !path.endsWith('.d.ts');
}

/** The demo fleet has no database: where it says SQL, that is what its simulated servers say. */
function mayHoldSql(path: string): boolean {
  return isTest(path) || /^electron\/(?:core\/store|demo)\//.test(path);
}

function isConfiguration(path: string): boolean {
  return /^[^/]+\.config\.ts$/.test(path);
}

function describe({ line, text }: { readonly line: number; readonly text: string }): string {
  return `${line} ${text}`;
}
