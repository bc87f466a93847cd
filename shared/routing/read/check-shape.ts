import type { RoutingProblem } from '../model.ts';
import { isNull, valuesOf, type ConfigNode, type MapEntry, type MapNode, type Place } from './node.ts';
import type { Fields, Rule, Shape } from './shape.ts';

/** Gathers what is wrong with a configuration, each with its place and field; bounded. */
export class ProblemList {
  readonly #problems: RoutingProblem[] = [];

  report(at: Place, field: string, message: string, accepted: string): void {
    if (this.#problems.length >= mostProblems) return;
    this.#problems.push({ line: at.line, column: at.column, field, message, accepted });
  }

  /** In the order of the text. */
  get all(): readonly RoutingProblem[] {
    return this.#problems.toSorted((left, right) => left.line - right.line || left.column - right.column);
  }
}

const mostProblems = 100;
const mostQuotedCharacters = 100;

export function quotedName(name: string): string {
  const short = name.slice(0, mostQuotedCharacters);
  return JSON.stringify(short.length < name.length ? `${short}…` : short);
}

/** @param field the path of the node, for what is said of it. */
export function checkShape(node: ConfigNode, shape: Shape, field: string, problems: ProblemList): void {
  // Nothing stands for the default of whatever belongs here.
  if (isNull(node)) return;
  switch (shape.kind) {
    case 'anything':
      return checkKeys(node, field, problems);
    case 'scalar': {
      const { scalar } = shape;
      const problem = node.kind === 'scalar' ? scalar.problemOf(node) : `a ${node.kind} stands here`;
      if (problem !== null) problems.report(node.at, field, problem, scalar.accepted);
      return;
    }
    case 'list':
      if (node.kind !== 'list') return problems.report(node.at, field, 'this is no list', 'a list');
      for (const [index, item] of node.items.entries())
        checkShape(item, shape.item, `${field}[${index}]`, problems);
      return;
    case 'map': {
      if (node.kind !== 'map') return problems.report(node.at, field, 'this is no map', '"key: value" lines');
      checkOnce(node.entries, field, problems);
      for (const { key, value } of node.entries) checkShape(value, shape.value, pathOf(field, key), problems);
      return checkRules(node, shape.rules, field, problems);
    }
    case 'fields':
      if (node.kind !== 'map') return problems.report(node.at, field, 'this is no map', '"key: value" lines');
      checkFields(node, shape.fields, field, problems);
      return checkRules(node, shape.rules, field, problems);
    case 'scalar-or-fields':
      if (node.kind === 'map') return checkFields(node, shape.fields, field, problems);
      if (node.kind === 'list') problems.report(node.at, field, 'a list stands here', 'a text, or a map');
  }
}

function checkFields(node: MapNode, known: Fields, field: string, problems: ProblemList): void {
  checkTwice(node, field, problems);
  for (const { key, at, value } of node.entries) {
    const shape = Object.hasOwn(known, key) ? known[key] : undefined;
    const path = pathOf(field, key);
    if (shape !== undefined) checkShape(value, shape, path, problems);
    else
      problems.report(
        at,
        path,
        `there is no field ${quotedName(key)} here`,
        Object.keys(known).toSorted().join(', '),
      );
  }
  checkFilled(node, known, field, problems);
}

/** A map that comes by a merge is filled further, not replaced: its keys are one set. */
function checkFilled(node: MapNode, known: Fields, field: string, problems: ProblemList): void {
  for (const key of new Set(node.entries.map((entry) => entry.key))) {
    if (!Object.hasOwn(known, key) || known[key]?.kind !== 'map') continue;
    const maps = valuesOf(node, key).flatMap((value) => (value.kind === 'map' ? [value] : []));
    // What stands twice in a single one of them is told with it.
    const keys = maps.map(({ entries }) => [...new Map(entries.map((entry) => [entry.key, entry])).values()]);
    if (maps.length > 1) checkOnce(keys.flat(), pathOf(field, key), problems);
  }
}

function checkRules(node: MapNode, rules: readonly Rule[], field: string, problems: ProblemList): void {
  for (const rule of rules) {
    const problem = rule(node);
    if (problem === null) continue;
    const { key, message, accepted } = problem;
    const at = node.entries.findLast((entry) => entry.key === key)?.at ?? node.at;
    problems.report(at, key === null ? field : pathOf(field, key), message, accepted);
  }
}

/** A key may stand once in any map, whatever is made of it. */
function checkKeys(node: ConfigNode, field: string, problems: ProblemList): void {
  if (node.kind === 'list')
    for (const [index, item] of node.items.entries()) checkKeys(item, `${field}[${index}]`, problems);
  if (node.kind !== 'map') return;
  checkOnce(node.entries, field, problems);
  for (const { key, value } of node.entries) checkKeys(value, pathOf(field, key), problems);
}

/** Where the keys are fields, a merge may say anew what is said, and what is said after it too. */
function checkTwice(node: MapNode, field: string, problems: ProblemList): void {
  const maps = new Map<number, MapEntry[]>();
  for (const entry of node.entries) {
    const entries = maps.get(entry.map);
    if (entries === undefined) maps.set(entry.map, [entry]);
    else entries.push(entry);
  }
  for (const entries of maps.values()) checkOnce(entries, field, problems);
}

function checkOnce(entries: readonly MapEntry[], field: string, problems: ProblemList): void {
  const seen = new Set<string>();
  for (const { key, at } of entries) {
    if (seen.has(key))
      problems.report(at, pathOf(field, key), `${quotedName(key)} stands here twice`, 'each key once');
    seen.add(key);
  }
}

export function pathOf(field: string, key: string): string {
  const step = /^\w+$/.test(key) ? key : `[${quotedName(key)}]`;
  return field === '' || step.startsWith('[') ? field + step : `${field}.${step}`;
}
