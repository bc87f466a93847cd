import type { Labels } from '#shared/model/labels.ts';
import { secondMs } from '#shared/time.ts';
import { inhibitedBy, type Inhibition } from './inhibited-by.ts';
import type { Route, RoutingConfiguration } from './model.ts';
import { mutedUntil, type TimeMute } from './muted-until.ts';
import { routesOf, type TakenRoute } from './routes-of.ts';
import type { NamedInterval } from './time/time-interval.ts';

/** *Will this page, whom, and when?* for an alert that begins to fire now. */
export interface PagingAnswer<Alert> {
  /** An Alertmanager would refuse the configuration: nobody is told anything by it. */
  readonly wouldBeRefused: boolean;
  /** All alerts that keep it quiet, on every route. */
  readonly inhibitedBy: readonly Inhibition<Alert>[];
  readonly deliveries: readonly Delivery[];
}

export interface Delivery extends TakenRoute {
  readonly receiver: string;
  /** How the receiver tells people; empty where it tells nobody, or is not defined. */
  readonly integrations: readonly string[];
  /** At the time of the first notification: what counts is whether the route is muted then. */
  readonly mute: TimeMute;
  readonly outcome: 'pages' | 'inhibited' | 'muted' | 'tells-nobody';
  /**
   * The soonest that a first notification leaves, Unix milliseconds: after the group has waited, and for a
   * muted route at the first of its later looks that is not muted. Null where none does for now.
   */
  readonly earliestAtMs: number | null;
}

/** @param firing the alerts that fire beside it, for what may inhibit it. */
export function pagingOf<Alert extends { readonly labels: Labels }>(
  configuration: RoutingConfiguration,
  labels: Labels,
  firing: readonly Alert[],
  atMs: number,
): PagingAnswer<Alert> {
  return pagingWith(configuration, labels, inhibitedBy(configuration.inhibitRules, labels, firing), atMs);
}

/** @param inhibitions what `inhibitedBy` says of the labels, for who has to find that out in turns. */
export function pagingWith<Alert>(
  configuration: RoutingConfiguration,
  labels: Labels,
  inhibitions: readonly Inhibition<Alert>[],
  atMs: number,
): PagingAnswer<Alert> {
  const deliveries = routesOf(configuration.root, labels).map((taken): Delivery => {
    const { route } = taken;
    const integrations =
      configuration.receivers.find(({ name }) => name === route.receiver)?.integrations ?? [];
    const common = { ...taken, receiver: route.receiver, integrations };
    const firstAtMs = atMs + route.groupWaitMs;
    const mute = mutedUntil(route, configuration.timeIntervals, firstAtMs);
    if (integrations.length === 0) return { ...common, mute, outcome: 'tells-nobody', earliestAtMs: null };
    if (inhibitions.length > 0) return { ...common, mute, outcome: 'inhibited', earliestAtMs: null };
    if (!mute.isMuted) return { ...common, mute, outcome: 'pages', earliestAtMs: firstAtMs };
    const earliestAtMs = firstUnmuted(route, configuration.timeIntervals, mute, firstAtMs);
    return { ...common, mute, outcome: 'muted', earliestAtMs };
  });
  return { wouldBeRefused: configuration.problems.length > 0, inhibitedBy: inhibitions, deliveries };
}

/** Mutes that follow one another closely may leave no look between them; so many are gone through. */
const mostMutes = 100;

/** A group looks each `groupIntervalMs` whether there is something to tell, from the first time on. */
function firstUnmuted(
  route: Route,
  timeIntervals: readonly NamedInterval[],
  first: TimeMute,
  firstAtMs: number,
): number | null {
  // A configuration that would be refused may say zero.
  const intervalMs = Math.max(secondMs, route.groupIntervalMs);
  let [mute, lookAtMs] = [first, firstAtMs];
  for (let count = 0; count < mostMutes && mute.turnsAtMs !== null; count++) {
    const looks = Math.ceil((mute.turnsAtMs - lookAtMs) / intervalMs);
    lookAtMs += looks * intervalMs;
    mute = mutedUntil(route, timeIntervals, lookAtMs);
    if (!mute.isMuted) return lookAtMs;
  }
  return null;
}
