import { floatOf, textOf } from './arguments.ts';
import { compareWith, indexOf, lengthOf } from './builtins.ts';
import { parsePrometheusDuration } from './durations.ts';
import { stripDomain, stripPort } from './host-port.ts';
import {
  humanize,
  humanize1024,
  humanizeDuration,
  humanizePercentage,
  humanizeTimestamp,
} from './humanize.ts';
import { printf } from './printf.ts';
import { goQuote } from './quoting.ts';
import { matches, replaceAll } from './regular-expressions.ts';
import { isTrue, printValue, type TemplateData, type Value } from './value.ts';

/**
 * Every function that a template may call, and the names of those that Prometheus has and this console
 * refuses. To add one, add its row here. A function throws an Error that says what is wrong.
 */

export interface TemplateFunction {
  readonly least: number;
  readonly most: number;
  readonly call: (args: readonly Value[], data: TemplateData) => Value;
}

const any = Number.POSITIVE_INFINITY;

export const functions: ReadonlyMap<string, TemplateFunction> = new Map(
  Object.entries({
    // `and` and `or` do not run what they do not need; the evaluator does that.
    and: rule(1, any, (args) => args.find((value) => !isTrue(value)) ?? args.at(-1) ?? null),
    or: rule(1, any, (args) => args.find(isTrue) ?? args.at(-1) ?? null),
    not: rule(1, 1, ([value]) => !isTrue(value ?? null)),
    eq: rule(1, any, (args) => compareWith('eq', args)),
    ne: rule(2, 2, (args) => compareWith('ne', args)),
    lt: rule(2, 2, (args) => compareWith('lt', args)),
    le: rule(2, 2, (args) => compareWith('le', args)),
    gt: rule(2, 2, (args) => compareWith('gt', args)),
    ge: rule(2, 2, (args) => compareWith('ge', args)),
    len: rule(1, 1, ([value]) => lengthOf(value ?? null)),
    index: rule(1, any, indexOf),
    print: rule(0, any, print),
    println: rule(0, any, (args) => `${args.map(printArgument).join(' ')}\n`),
    printf: rule(1, any, ([format, ...args]) => printf(textOf(format), args)),
    urlquery: rule(0, any, (args) => queryEscaped(print(args))),
    humanize: rule(1, 1, ([value]) => humanize(floatOf(value))),
    humanize1024: rule(1, 1, ([value]) => humanize1024(floatOf(value))),
    humanizeDuration: rule(1, 1, ([value]) => humanizeDuration(floatOf(value))),
    humanizePercentage: rule(1, 1, ([value]) => humanizePercentage(floatOf(value))),
    humanizeTimestamp: rule(1, 1, ([value]) => humanizeTimestamp(floatOf(value))),
    title: rule(1, 1, ([text]) => titled(textOf(text))),
    toUpper: rule(1, 1, ([text]) => textOf(text).toUpperCase()),
    toLower: rule(1, 1, ([text]) => textOf(text).toLowerCase()),
    match: rule(2, 2, ([pattern, text]) => matches(textOf(pattern), textOf(text))),
    reReplaceAll: rule(3, 3, ([pattern, replacement, text]) =>
      replaceAll(textOf(pattern), textOf(replacement), textOf(text)),
    ),
    stripPort: rule(1, 1, ([text]) => stripPort(textOf(text))),
    stripDomain: rule(1, 1, ([text]) => stripDomain(textOf(text))),
    parseDuration: rule(1, 1, ([text]) => seconds(textOf(text))),
    externalURL: rule(0, 0, (_args, { externalUrl }) => externalUrl),
    pathPrefix: rule(0, 0, (_args, { externalUrl }) => pathOf(externalUrl)),
    safeHtml: rule(1, 1, ([text]) => textOf(text)),
  } satisfies Record<string, TemplateFunction>),
);

/** Prometheus' functions that need its data, its address or its time types. */
const refused = new Map([
  ...['query', 'first', 'value', 'label', 'strvalue', 'sortByLabel'].map(
    (name) => [name, 'it asks queries, which local rules do not do yet'] as const,
  ),
  ...[
    'tableLink',
    'graphLink',
    'now',
    'toTime',
    'toDuration',
    'args',
    'urlQueryEscape',
    'html',
    'js',
    'call',
    'slice',
  ].map((name) => [name, 'local rules do not have it yet'] as const),
]);

/** @returns why a function cannot be called, or undefined. */
export function functionProblem(name: string): string | undefined {
  if (functions.has(name)) return undefined;
  const reason = refused.get(name);
  return reason === undefined
    ? `function ${goQuote(name)} not defined`
    : `function ${goQuote(name)} is not supported: ${reason}`;
}

/** For the problem's hint. */
export function functionNames(): readonly string[] {
  return [...functions.keys()];
}

function rule(least: number, most: number, call: TemplateFunction['call']): TemplateFunction {
  return { least, most, call };
}

/** Go's Sprint: a space between neighbours where neither is a text. */
function print(args: readonly Value[]): string {
  return args
    .map((value, index) => {
      const before = args[index - 1];
      const isSpaced = index > 0 && typeof before !== 'string' && typeof value !== 'string';
      return (isSpaced ? ' ' : '') + printArgument(value);
    })
    .join('');
}

function printArgument(value: Value): string {
  return value === null ? '<nil>' : printValue(value);
}

function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*(\/[^?#]*?)\/*$/i.exec(url)?.[1] ?? '';
}

/** Go's url.QueryEscape. */
function queryEscaped(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll('%20', '+')
    .replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The first letter of every word, words as Unicode breaks them: `it's` and `a.b` are one. */
function titled(text: string): string {
  return text.replaceAll(/(?<![\p{L}\p{Nd}_]|\p{L}['’.:·])\p{L}/gu, (letter) => letter.toUpperCase());
}

function seconds(text: string): number {
  const isNegative = text.startsWith('-');
  const ms = parsePrometheusDuration(isNegative ? text.slice(1) : text);
  if (ms === null) throw new Error(`not a valid duration string: ${goQuote(text)}`);
  return (isNegative ? -ms : ms) / 1_000;
}
