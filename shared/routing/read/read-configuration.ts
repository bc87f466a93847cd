import type { MatcherMode } from '../matchers/read-matchers.ts';
import { isLabelName } from '../matchers/read-matchers.ts';
import type { InhibitRule, Route, RoutingConfiguration } from '../model.ts';
import { checkShape, pathOf, ProblemList, quotedName } from './check-shape.ts';
import { entryOf, itemsOf, textOf, type MapNode } from './node.ts';
import { readMatchersOf } from './read-matchers-of.ts';
import { readReceivers } from './read-receivers.ts';
import { RouteReader } from './read-route.ts';
import { readTimeIntervals } from './read-time-intervals.ts';
import { configurationShape } from './shapes/configuration.ts';
import { readYamlText } from './yaml-text.ts';

/**
 * Reads the text of an Alertmanager's configuration: of a file, or what a server shows as `config.original`.
 * Never throws, whatever the text; a configuration that a server would refuse is read as far as it can be, and
 * its `problems` say why it would be. Not looked at: whether template files can be read, and whether what
 * stands in fields is a template.
 */
export function readRoutingConfiguration(text: string, mode: MatcherMode = 'fallback'): RoutingConfiguration {
  const { node, problem } = readYamlText(text);
  if (problem !== null) return { ...nothing, problems: [problem] };
  const problems = new ProblemList();
  if (node !== null) checkShape(node, configurationShape, '', problems);
  if (node?.kind !== 'map') {
    if (problems.all.length === 0) reportNoRoute(problems, node?.at);
    return { ...nothing, problems: problems.all };
  }
  const receivers = readReceivers(node, problems);
  const timeIntervals = readTimeIntervals(node, problems);
  const names = {
    receivers: new Set(receivers.map(({ name }) => name)),
    timeIntervals: new Set(timeIntervals.map(({ name }) => name)),
  };
  const root = readRoot(node, new RouteReader(names, mode, problems), problems);
  const inhibitRules = readInhibitRules(node, mode, problems);
  return { root, inhibitRules, timeIntervals, receivers, problems: problems.all };
}

const nothing = { root: null, inhibitRules: [], timeIntervals: [], receivers: [] };

function readRoot(configuration: MapNode, reader: RouteReader, problems: ProblemList): Route | null {
  const route = entryOf(configuration, 'route');
  if (route === undefined) reportNoRoute(problems, configuration.at);
  return route?.kind === 'map' ? reader.readRoot(route) : null;
}

function reportNoRoute(problems: ProblemList, at = { line: 1, column: 1 }): void {
  problems.report(at, 'route', 'there is no route', 'a route with a receiver');
}

function readInhibitRules(
  configuration: MapNode,
  mode: MatcherMode,
  problems: ProblemList,
): readonly InhibitRule[] {
  return itemsOf(entryOf(configuration, 'inhibit_rules')).flatMap((node, index) => {
    if (node.kind !== 'map') return [];
    const field = `inhibit_rules[${index}]`;
    const matchersOf = (side: 'source' | 'target'): ReturnType<typeof readMatchersOf> => {
      const keys = { equal: `${side}_match`, pattern: `${side}_match_re`, list: `${side}_matchers` };
      return readMatchersOf(node, keys, field, mode, problems);
    };
    const [source, target] = [matchersOf('source'), matchersOf('target')];
    const equal = itemsOf(entryOf(node, 'equal')).map((item, place) => {
      const name = textOf(item);
      if (!isLabelName(name, mode)) {
        const path = `${pathOf(field, 'equal')}[${place}]`;
        problems.report(item.at, path, `${quotedName(name)} is no label name`, 'a label name');
      }
      return name;
    });
    return {
      line: node.at.line,
      name: textOf(entryOf(node, 'name')),
      source: source.matchers,
      target: target.matchers,
      equal,
      unreadable: source.unreadable || target.unreadable,
    };
  });
}
