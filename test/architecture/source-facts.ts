import { parseSync, Visitor, type Node, type Program, type VisitorObject } from 'oxc-parser';
import { resolveImport, type ImportTarget } from './resolve-import.ts';

/** What the rules need to know of one source file, read once from its syntax tree. */
export interface SourceFacts {
  /** From the root of the checkout, with forward slashes. */
  readonly path: string;
  readonly lineCount: number;
  readonly imports: readonly { readonly line: number; readonly target: ImportTarget }[];
  readonly functions: readonly FunctionFact[];
  /** Places that could turn text into markup or code. */
  readonly sinks: readonly Finding[];
  /** Strings that read as SQL; `built` where the string is put together from parts. */
  readonly sql: readonly (Finding & { readonly built: boolean })[];
  /** Regular expressions made from something else than a literal. */
  readonly builtPatterns: readonly Finding[];
  readonly defaultExports: readonly Finding[];
  /** Set where the file is not valid TypeScript. */
  readonly syntaxError: string | undefined;
}

export interface Finding {
  readonly line: number;
  readonly text: string;
}

export interface FunctionFact {
  readonly line: number;
  readonly lineCount: number;
  /** A function that React renders: its markup counts into its length. */
  readonly isComponent: boolean;
}

const sinkNames = new Set([
  'innerHTML',
  'outerHTML',
  'insertAdjacentHTML',
  'dangerouslySetInnerHTML',
  'setHTMLUnsafe',
  'createContextualFragment',
  'srcdoc',
  'srcDoc',
]);
const sqlPattern =
  /^\s*(?:SELECT\s[\s\S]+\sFROM\s|INSERT\s+(?:OR\s+\w+\s+)?INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|REPLACE\s+INTO\s|CREATE\s+(?:UNIQUE\s+|VIRTUAL\s+|TEMP\s+)?(?:TABLE|INDEX|VIEW|TRIGGER)\s|ALTER\s+TABLE\s|DROP\s+(?:TABLE|INDEX|VIEW|TRIGGER)\s|PRAGMA\s+\w+|ATTACH\s+|VACUUM\b|WITH\s+\w+\s+AS\s*\()/i;

/** @param path decides the dialect by its extension, and what relative imports mean. */
export function readFacts(path: string, text: string): SourceFacts {
  const parsed = parseSync(path, text);
  const lineOf = lineCounter(text);
  const facts = {
    path,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports: [] as SourceFacts['imports'][number][],
    functions: [] as FunctionFact[],
    sinks: [] as Finding[],
    sql: [] as SourceFacts['sql'][number][],
    builtPatterns: [] as Finding[],
    defaultExports: [] as Finding[],
    syntaxError: parsed.errors[0]?.message,
  };
  const finding = (node: Node, name: string): Finding => ({ line: lineOf(node.start), text: name });
  visit(parsed.program, {
    ...importVisitor((node, specifier) =>
      facts.imports.push({ line: lineOf(node.start), target: resolveImport(path, specifier) }),
    ),
    ...functionVisitor((node, name) =>
      facts.functions.push({
        line: lineOf(node.start),
        lineCount: lineOf(node.end) - lineOf(node.start) + 1,
        isComponent: path.endsWith('.tsx') && /^[A-Z]/.test(name),
      }),
    ),
    ...codeVisitor(
      (node, name) => facts.sinks.push(finding(node, name)),
      (node, name) => facts.builtPatterns.push(finding(node, name)),
    ),
    ...textVisitor((node, sql, built) => {
      if (sqlPattern.test(sql)) facts.sql.push({ ...finding(node, sql.trim().slice(0, 40)), built });
    }),
    ExportDefaultDeclaration: (node) => facts.defaultExports.push(finding(node, 'default')),
  });
  return facts;
}

function visit(program: Program, visitor: VisitorObject): void {
  new Visitor(visitor).visit(program);
}

function importVisitor(found: (node: Node, specifier: string) => void): VisitorObject {
  return {
    ImportDeclaration: (node) => found(node, node.source.value),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) found(node, node.source.value);
    },
    ExportAllDeclaration: (node) => found(node, node.source.value),
    ImportExpression: (node) => {
      if (node.source.type === 'Literal' && typeof node.source.value === 'string')
        found(node, node.source.value);
    },
    TSImportType: (node) => found(node, node.source.value),
  };
}

function functionVisitor(found: (node: Node, name: string) => void): VisitorObject {
  return {
    FunctionDeclaration: (node) => found(node, node.id?.name ?? ''),
    FunctionExpression: (node) => found(node, node.id?.name ?? ''),
    ArrowFunctionExpression: (node) => found(node, ''),
  };
}

function codeVisitor(
  sink: (node: Node, name: string) => void,
  pattern: (node: Node, name: string) => void,
): VisitorObject {
  const called = (node: Node, callee: Node, first: Node | undefined): void => {
    if (callee.type !== 'Identifier') return;
    if (callee.name === 'eval' || callee.name === 'Function') sink(node, callee.name);
    if (callee.name === 'RegExp' && first?.type !== 'Literal') pattern(node, 'RegExp');
  };
  return {
    CallExpression: (node) => called(node, node.callee, node.arguments[0]),
    NewExpression: (node) => called(node, node.callee, node.arguments[0]),
    MemberExpression: (node) => {
      const name = nameOf(node.property);
      if (sinkNames.has(name)) sink(node, name);
      if (name === 'write' && nameOf(node.object) === 'document') sink(node, 'document.write');
    },
    JSXAttribute: (node) => {
      if (node.name.type === 'JSXIdentifier' && sinkNames.has(node.name.name)) sink(node, node.name.name);
    },
    Property: (node) => {
      if (sinkNames.has(nameOf(node.key))) sink(node, nameOf(node.key));
    },
  };
}

function textVisitor(found: (node: Node, text: string, built: boolean) => void): VisitorObject {
  return {
    Literal: (node) => {
      if (typeof node.value === 'string') found(node, node.value, false);
    },
    TemplateLiteral: (node) => {
      const text = node.quasis.map((quasi) => quasi.value.cooked ?? '').join('?');
      found(node, text, node.expressions.length > 0);
    },
  };
}

function nameOf(node: Node): string {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'Literal' && typeof node.value === 'string' ? node.value : '';
}

/** Lines from 1, for offsets in any order. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1))
    starts.push(index + 1);
  return (offset) => {
    const next = starts.findIndex((start) => start > offset);
    return next === -1 ? starts.length : next;
  };
}
