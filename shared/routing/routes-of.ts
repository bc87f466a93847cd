import type { Labels } from '#shared/model/labels.ts';
import { matchesAll } from './matchers/label-matcher.ts';
import type { Route } from './model.ts';

/** A route that an alert takes, with every route above it: the root first, itself last. */
export interface TakenRoute {
  readonly route: Route;
  readonly path: readonly Route[];
}

/**
 * The routes that an alert with these labels takes, in the order in which they stand in the tree: children
 * before their parent, up to the first that does not let its siblings be asked. Each makes notifications of
 * its own, the same receiver named twice included. Source: prometheus/alertmanager dispatch/route.go.
 */
export function routesOf(root: Route | null, labels: Labels): readonly TakenRoute[] {
  return root === null ? [] : takenBelow(root, labels, []);
}

function takenBelow(route: Route, labels: Labels, above: readonly Route[]): readonly TakenRoute[] {
  if (route.unreadable || !matchesAll(route.matchers, labels)) return [];
  const path = [...above, route];
  const taken: TakenRoute[] = [];
  for (const child of route.routes) {
    const below = takenBelow(child, labels, path);
    taken.push(...below);
    if (below.length > 0 && !child.goesOn) break;
  }
  return taken.length > 0 ? taken : [{ route, path }];
}

/** The receivers of these labels, in the order of the routes; a receiver of several routes as often. */
export function receiversOf(root: Route | null, labels: Labels): readonly string[] {
  return routesOf(root, labels).map(({ route }) => route.receiver);
}
