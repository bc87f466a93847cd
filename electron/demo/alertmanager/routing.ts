import * as v from 'valibot';
import { parse } from 'yaml';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import { matchesAll, type LabelMatcher } from '../label-matcher.ts';
import { parseMatcher } from './matcher-text.ts';

/**
 * The demo Alertmanager's configuration: where alerts go and which are inhibited by which. The file ships
 * with the program, so that a mistake in it is a bug and throws.
 */
export interface Configuration {
  /** The file's text, as `/status` shows it. */
  readonly original: string;
  readonly receivers: readonly string[];
  readonly root: Route;
  readonly inhibitRules: readonly InhibitRule[];
}

export interface Route {
  readonly receiver: string;
  readonly groupBy: readonly string[];
  readonly matchers: readonly LabelMatcher[];
  readonly goesOn: boolean;
  readonly routes: readonly Route[];
}

export interface InhibitRule {
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
}

const matcherList = v.optional(v.array(v.string()), []);
const childSchema = v.object({
  receiver: v.string(),
  matchers: matcherList,
  continue: v.optional(v.boolean(), false),
});
const configurationSchema = v.object({
  route: v.object({
    receiver: v.string(),
    group_by: v.array(v.string()),
    routes: v.optional(v.array(childSchema), []),
  }),
  inhibit_rules: v.array(
    v.object({ source_matchers: matcherList, target_matchers: matcherList, equal: v.array(v.string()) }),
  ),
  receivers: v.array(v.object({ name: v.string() })),
});

export function readConfiguration(text: string): Configuration {
  const { route, inhibit_rules: inhibitRules, receivers } = v.parse(configurationSchema, parse(text));
  const groupBy = route.group_by;
  return {
    original: text,
    receivers: receivers.map(({ name }) => name),
    root: {
      receiver: route.receiver,
      groupBy,
      matchers: [],
      goesOn: false,
      routes: route.routes.map((child) => ({
        receiver: child.receiver,
        groupBy,
        matchers: matchersOf(child.matchers),
        goesOn: child.continue,
        routes: [],
      })),
    },
    inhibitRules: inhibitRules.map((rule) => ({
      source: matchersOf(rule.source_matchers),
      target: matchersOf(rule.target_matchers),
      equal: rule.equal,
    })),
  };
}

/** The routes that an alert takes: depth first, up to the first child that does not go on. */
export function routesFor(route: Route, labels: Labels): readonly Route[] {
  if (!matchesAll(route.matchers, labels)) return [];
  const taken: Route[] = [];
  for (const child of route.routes) {
    const matched = routesFor(child, labels);
    taken.push(...matched);
    if (matched.length > 0 && !child.goesOn) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** Whether an alert with the source's labels keeps one with the target's quiet. */
export function inhibits(rule: InhibitRule, source: Labels, target: Labels): boolean {
  return (
    matchesAll(rule.target, target) &&
    matchesAll(rule.source, source) &&
    // An alert that is both source and target does not inhibit others of its kind.
    !(matchesAll(rule.target, source) && matchesAll(rule.source, target)) &&
    rule.equal.every((name) => labelOf(source, name) === labelOf(target, name))
  );
}

function matchersOf(texts: readonly string[]): readonly LabelMatcher[] {
  return texts.map((text) => {
    const matcher = parseMatcher(text);
    if (!matcher.ok) throw new Error(matcher.failure);
    return matcher.value;
  });
}
