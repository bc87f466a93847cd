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
  const inhibitions = inhibitedBy(configuration.inhibitRules, labels, firing);
  const isInhibited = inhibitions.length > 0;
  return {
    wouldBeRefused: configuration.problems.length > 0,
    inhibitedBy: inhibitions,
    deliveries: routesOf(configuration.root, labels).map((taken) =>
      deliveryOf(configuration, taken, isInhibited, atMs),
    ),
  };
}

/** What becomes of an alert that begins to fire now, on one of the routes that it takes. */
export function deliveryOf(
  { receivers, timeIntervals }: RoutingConfiguration,
  taken: TakenRoute,
  isInhibited: boolean,
  atMs: number,
): Delivery {
  const { route } = taken;
  const integrations = receivers.find(({ name }) => name === route.receiver)?.integrations ?? [];
  const firstAtMs = atMs + route.groupWaitMs;
  const mute = mutedUntil(route, timeIntervals, firstAtMs);
  const common = { ...taken, receiver: route.receiver, integrations, mute };
  if (integrations.length === 0) return { ...common, outcome: 'tells-nobody', earliestAtMs: null };
  if (isInhibited) return { ...common, outcome: 'inhibited', earliestAtMs: null };
  if (!mute.isMuted) return { ...common, outcome: 'pages', earliestAtMs: firstAtMs };
  const earliestAtMs = firstUnmuted(route, timeIntervals, mute, firstAtMs);
  return { ...common, outcome: 'muted', earliestAtMs };
}

/** Mutes that follow one another closely may leave no look between them; so many are gone through. */
const mostMutes = 30;

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
