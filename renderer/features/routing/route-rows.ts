import type { Paging, PagingDelivery, RouteRow, RoutingTree } from '#shared/model/routing.ts';
import { plainText } from '#shared/text.ts';
import { formatSpan } from '#shared/time.ts';
import type { RoutingState } from '../../stores/routing.ts';

/** The tree as rows, and what of it the labels take. Pure. */

export interface TakenRow {
  /** An alert passes it on the way to a route below. */
  readonly isPath: boolean;
  /** What becomes of the alert where it is the route itself; null where it is not. */
  readonly delivery: PagingDelivery | null;
}

const untaken: TakenRow = { isPath: false, delivery: null };

/** By the ids of routes; an answer about another configuration than the tree's says nothing of it. */
export function takenRoutes(tree: RoutingTree | null, paging: Paging | null): ReadonlyMap<number, TakenRow> {
  const taken = new Map<number, TakenRow>();
  if (tree === null || paging === null || tree.key !== paging.key) return taken;
  for (const delivery of paging.deliveries) {
    for (const id of delivery.path) if (!taken.has(id)) taken.set(id, { isPath: true, delivery: null });
    taken.set(delivery.routeId, { isPath: false, delivery });
  }
  return taken;
}

export function takenOf(taken: ReadonlyMap<number, TakenRow>, id: number): TakenRow {
  return taken.get(id) ?? untaken;
}

/** The chosen route, else the first that is taken, else the first. */
export function routeUnderCursor({ tree, paging, cursor }: RoutingState): RouteRow | undefined {
  const routes = tree.answer?.routes ?? [];
  const chosen = routes.find(({ id }) => id === cursor);
  if (chosen !== undefined) return chosen;
  const isSame = paging.answer !== null && paging.answer.key === tree.answer?.key;
  const first = isSame ? paging.answer.deliveries[0]?.routeId : undefined;
  return routes.find(({ id }) => id === first) ?? routes[0];
}

const outcomeWords: Readonly<Record<PagingDelivery['outcome'], string>> = {
  pages: 'pages',
  silenced: 'silenced',
  inhibited: 'inhibited',
  muted: 'muted',
  'tells-nobody': 'tells nobody',
};

export function outcomeWord({ isPath, delivery }: TakenRow): string {
  if (delivery !== null) return outcomeWords[delivery.outcome];
  return isPath ? 'via' : '';
}

export function groupText({ groupBy }: Pick<RouteRow, 'groupBy'>): string {
  if (groupBy === 'all') return 'every label';
  return groupBy.length === 0 ? 'all together' : groupBy.map((name) => plainText(name, 60)).join(', ');
}

/** How long a first notification waits, how often the group is looked at, when it is told again. */
export function timingText(
  route: Pick<RouteRow, 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'>,
): string {
  return [route.groupWaitMs, route.groupIntervalMs, route.repeatIntervalMs].map(spanText).join(' / ');
}

/** Whole units only where the span has no others: `5m`, `1h 30m`. */
export function spanText(ms: number): string {
  return formatSpan(ms).replace(/ 00?[smh]$/, '');
}

export function intervalText({
  muteTimeIntervals,
  activeTimeIntervals,
}: Pick<RouteRow, 'muteTimeIntervals' | 'activeTimeIntervals'>): string {
  const names = (list: readonly string[]): string => list.map((name) => plainText(name, 60)).join(', ');
  const parts = [
    activeTimeIntervals.length === 0 ? '' : `only in ${names(activeTimeIntervals)}`,
    muteTimeIntervals.length === 0 ? '' : `not in ${names(muteTimeIntervals)}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
