import type { Origin } from '#shared/model/origin.ts';
import type { RouteRow, RoutingTree } from '#shared/model/routing.ts';
import type { Route, RoutingConfiguration } from '#shared/routing/model.ts';

/** The tree of a configuration as a window shows it: flat, in the order of the text. Pure. */

/** More are counted and not shown. */
const mostRoutes = 20_000;

export interface TreeOf {
  readonly key: string;
  readonly source: string;
  readonly origin: Origin;
}

export function routingTree(of: TreeOf, configuration: RoutingConfiguration): RoutingTree {
  const { root, receivers, inhibitRules, problems } = configuration;
  const integrations = new Map(receivers.map((receiver) => [receiver.name, receiver.integrations]));
  const routes: RouteRow[] = [];
  let routeCount = 0;
  const walk = (route: Route, depth: number): void => {
    if (++routeCount <= mostRoutes) routes.push(rowOf(route, depth, integrations.get(route.receiver) ?? []));
    for (const child of route.routes) walk(child, depth + 1);
  };
  if (root !== null) walk(root, 0);
  return {
    ...of,
    routes,
    routeCount,
    inhibitRules: inhibitRules.length,
    problems: problems.map((problem) => ({ ...problem })),
  };
}

/** Where nothing is known of how it routes. */
export function unknownTree(source: string, reason: string): RoutingTree {
  const origin = { kind: 'unknown', reason } as const;
  return { key: '', source, origin, routes: [], routeCount: 0, inhibitRules: 0, problems: [] };
}

function rowOf(route: Route, depth: number, integrations: readonly string[]): RouteRow {
  const { routes: _children, ...own } = route;
  return {
    ...own,
    depth,
    integrations: [...integrations],
    matchers: own.matchers.map((matcher) => ({ ...matcher })),
    groupBy: own.groupBy === 'all' ? 'all' : [...own.groupBy],
    muteTimeIntervals: [...own.muteTimeIntervals],
    activeTimeIntervals: [...own.activeTimeIntervals],
  };
}
