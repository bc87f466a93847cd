import { parser } from '@grafana/lezer-logql';
import { failed, success, type Result } from '#shared/result.ts';
import { compileLineFilters, compileMatchers, type LabelMatcher, type LineFilter } from './matching.ts';
import { printFilters, printSelector } from './print.ts';
import { unquoted } from './strings.ts';

/**
 * Reads a LogQL query as far as lines that are kept can answer it: the stream selector and the line
 * filters. Everything else in it is named, by whether it decides which lines belong to the answer.
 */
export interface LogQueryParts {
  readonly selector: readonly LabelMatcher[];
  /** The selector in its one spelling. */
  readonly selectorText: string;
  /** Filters of the line as it is stored: those before any stage that rewrites it. */
  readonly filters: readonly LineFilter[];
  readonly filtersText: string;
  /** Stages that decide which lines belong to the answer, or what a metric is, as written. */
  readonly unanswered: readonly string[];
  /** Stages that only change how a line or its labels look, as written. */
  readonly ignored: readonly string[];
  readonly isMetric: boolean;
  /** Whether lines and labels come as they are stored: no stage rewrites either. */
  readonly isAsStored: boolean;
}

export interface LogQueryProblem {
  readonly message: string;
  /** UTF-16 units from the query's start; `to` not included. */
  readonly from: number;
  readonly to: number;
}

type Tree = ReturnType<typeof parser.parse>;
export type QueryNode = Tree['topNode'];

/** @returns the tree of a query without errors. Bounded by the length of a query in the contract. */
export function parseLogQuery(text: string): Result<QueryNode, LogQueryProblem> {
  const tree = parser.parse(text);
  const problem = problemIn(tree, text);
  return problem === null ? success(tree.topNode) : failed(problem);
}

export function readLogQuery(text: string): Result<LogQueryParts, LogQueryProblem> {
  const parsed = parseLogQuery(text);
  if (!parsed.ok) return parsed;
  const isMetric = allOf(parsed.value, 'MetricExpr').length > 0;
  const [selectorNode] = allOf(parsed.value, 'Selector');
  if (selectorNode === undefined) {
    if (!isMetric) return failed({ message: 'there is no stream selector', from: 0, to: text.length });
    return success({ ...parts([], new Stages()), unanswered: [text.trim()], isMetric });
  }
  const selector = readSelector(selectorNode, text);
  if (!selector.ok) return selector;
  if (isMetric)
    return success({ ...parts(selector.value, new Stages()), unanswered: [text.trim()], isMetric });
  const stages = readStages(parsed.value, text);
  return stages.ok ? success(parts(selector.value, stages.value)) : stages;
}

/** What the stages of a pipeline come to, in their order. */
class Stages {
  readonly filters: LineFilter[] = [];
  readonly unanswered: string[] = [];
  readonly ignored: string[] = [];
  isLineRewritten = false;
  isLabelRewritten = false;
}

function parts(selector: readonly LabelMatcher[], stages: Stages): LogQueryParts {
  const { filters, unanswered, ignored } = stages;
  return {
    selector,
    selectorText: printSelector(selector),
    filters,
    filtersText: printFilters(filters),
    unanswered,
    ignored,
    isMetric: false,
    isAsStored: !stages.isLineRewritten && !stages.isLabelRewritten,
  };
}

function readSelector(node: QueryNode, text: string): Result<readonly LabelMatcher[], LogQueryProblem> {
  const matchers: LabelMatcher[] = [];
  for (const matcher of allOf(node, 'Matcher')) {
    const value = readString(matcher.getChild('String'), text);
    if (!value.ok) return value;
    const [name, operator] = [matcher.firstChild, matcher.firstChild?.nextSibling];
    matchers.push({
      name: sliceOf(name, text),
      operator: sliceOf(operator, text) as LabelMatcher['operator'],
      value: value.value,
    });
  }
  const compiled = compileMatchers(matchers);
  if (!compiled.ok) return failed({ message: compiled.failure, from: node.from, to: node.to });
  return success(matchers);
}

function readStages(root: QueryNode, text: string): Result<Stages, LogQueryProblem> {
  const stages = new Stages();
  for (const stage of allOf(root, 'PipelineStage')) {
    const filters = allOf(stage, 'LineFilter');
    if (filters.length === 0) addStage(stages, stage, text);
    for (const filter of filters) {
      const problem = addFilter(stages, filter, text);
      if (problem !== null) return failed(problem);
    }
  }
  return success(stages);
}

/** Parsers only add labels; these change the line or the labels that streams are told apart by. */
const lineRewriters = new Set(['LineFormatExpr', 'DecolorizeExpr']);
const labelRewriters = new Set(['LabelFormatExpr', 'DropLabelsExpr', 'KeepLabelsExpr']);

function addStage(stages: Stages, stage: QueryNode, text: string): void {
  const inner = stage.lastChild;
  const written = sliceOf(stage, text).replace(/^\|\s*/, '');
  if (inner?.name === 'LabelFilter') {
    stages.unanswered.push(written);
    return;
  }
  stages.ignored.push(written);
  if (lineRewriters.has(inner?.name ?? '') || inner?.getChild('Unpack')) stages.isLineRewritten = true;
  if (labelRewriters.has(inner?.name ?? '')) stages.isLabelRewritten = true;
}

function addFilter(stages: Stages, node: QueryNode, text: string): LogQueryProblem | null {
  const operator = sliceOf(node.getChild('Filter'), text);
  const isByText = operator === '|=' || operator === '!=' || operator === '|~' || operator === '!~';
  if (!isByText || stages.isLineRewritten || allOf(node, 'FilterOp').length > 0) {
    stages.unanswered.push(sliceOf(node, text));
    return null;
  }
  const values: string[] = [];
  for (const literal of allOf(node, 'String')) {
    const value = readString(literal, text);
    if (!value.ok) return value.failure;
    values.push(value.value);
  }
  const filter: LineFilter = { operator, values };
  const compiled = compileLineFilters([filter]);
  if (!compiled.ok) return { message: compiled.failure, from: node.from, to: node.to };
  stages.filters.push(filter);
  return null;
}

function readString(node: QueryNode | null, text: string): Result<string, LogQueryProblem> {
  const value = unquoted(sliceOf(node, text));
  if (value.ok) return value;
  return failed({ message: value.failure, from: node?.from ?? 0, to: node?.to ?? text.length });
}

/** The first error of the tree: where the text stops being LogQL. */
function problemIn(tree: Tree, text: string): LogQueryProblem | null {
  for (const cursor = tree.cursor(); ;) {
    if (cursor.type.isError) {
      const { from } = cursor;
      if (text.trim() === '') return { message: 'the query is empty', from: 0, to: text.length };
      if (from >= text.trimEnd().length) return { message: 'the query is not finished', from, to: from };
      const to = Math.max(cursor.to, from + 1);
      return {
        message: `${JSON.stringify(text.slice(from, Math.min(to, from + 40)))} is not expected here`,
        from,
        to,
      };
    }
    if (!cursor.next()) return null;
  }
}

/** The nodes of a name below a node, in the order of the text; those within one that is found are not looked for. */
export function allOf(root: QueryNode, name: string): QueryNode[] {
  const found: QueryNode[] = [];
  root.cursor().iterate((node) => {
    if (node.name !== name) return true;
    found.push(node.node);
    return false;
  });
  return found;
}

export function sliceOf(node: QueryNode | null | undefined, text: string): string {
  return node === null || node === undefined ? '' : text.slice(node.from, node.to);
}
