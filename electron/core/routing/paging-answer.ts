import type { AlertRecord } from '#core/store/records.ts';
import { labelOf } from '#shared/model/labels.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Paging, PagingDelivery } from '#shared/model/routing.ts';
import type { Inhibition } from '#shared/routing/inhibited-by.ts';
import { mutedUntil } from '#shared/routing/muted-until.ts';
import type { RoutingConfiguration } from '#shared/routing/model.ts';
import type { Delivery } from '#shared/routing/paging.ts';

/** *Will this page, whom, and when?* of one configuration, with the alerts and silences that there are. Pure. */

export interface PagingQuestion {
  readonly atMs: number;
  /** The alert with exactly these labels, where one is open. */
  readonly own: AlertRecord | undefined;
  /** By which other alerts of the server it is inhibited. */
  readonly inhibitions: readonly Inhibition<AlertRecord>[];
  /** Of one that begins to fire now, or when it did. */
  readonly deliveries: readonly Delivery[];
  /** The silences of now that take the labels; null where they are not known. */
  readonly silences: readonly SilencedBy[] | null;
}

export type SilencedBy = NonNullable<Paging['silencedBy']>[number];

export interface AskedConfiguration {
  readonly key: string;
  readonly source: string;
  readonly origin: Origin;
  readonly configuration: RoutingConfiguration;
}

const mostNamed = 50;

export function pagingAnswer(asked: AskedConfiguration, question: PagingQuestion): Paging {
  const { configuration, ...about } = asked;
  const { atMs, own, inhibitions, deliveries } = question;
  const silencedBy = own === undefined ? question.silences : withOwn(question.silences, own);
  const isSilenced = silencedBy !== null && silencedBy.length > 0;
  const inhibitors = new Map(inhibitions.map((inhibition) => [inhibition.by, inhibition.rule]));
  return {
    ...about,
    atMs,
    wouldBeRefused: configuration.problems.length > 0,
    firingSinceMs: own?.startsAtMs ?? null,
    inhibitedBy: [...inhibitors].slice(0, mostNamed).map(([by, rule]) => ({
      fingerprint: by.fingerprint,
      name: labelOf(by.labels, 'alertname'),
      incidentId: by.incidentId,
      line: rule.line,
    })),
    inhibitedByCount: inhibitors.size,
    silencedBy: silencedBy === null ? null : [...silencedBy],
    deliveries: deliveries.map((delivery) =>
      deliveryNow(delivery, configuration, { atMs, isSilenced, isNew: own === undefined }),
    ),
  };
}

/** The server's own word for an alert that fires counts, whatever is known of its silences. */
function withOwn(silences: readonly SilencedBy[] | null, own: AlertRecord): readonly SilencedBy[] {
  const known = new Map((silences ?? []).map((silence) => [silence.id, silence]));
  return own.silencedBy.map((id) => known.get(id) ?? { id, createdBy: '', comment: '', endsAtMs: null });
}

interface Now {
  readonly atMs: number;
  readonly isSilenced: boolean;
  readonly isNew: boolean;
}

function deliveryNow(
  delivery: Delivery,
  { timeIntervals }: RoutingConfiguration,
  { atMs, isSilenced, isNew }: Now,
): PagingDelivery {
  const { route, path, receiver, integrations, earliestAtMs } = delivery;
  // For one that begins now what counts is its first notification; for one that fires, this moment.
  const mute = isNew ? delivery.mute : mutedUntil(route, timeIntervals, atMs);
  return {
    routeId: route.id,
    path: path.map(({ id }) => id),
    receiver,
    integrations: [...integrations],
    groupBy: route.groupBy === 'all' ? 'all' : [...route.groupBy],
    groupWaitMs: route.groupWaitMs,
    groupIntervalMs: route.groupIntervalMs,
    repeatIntervalMs: route.repeatIntervalMs,
    outcome: outcomeOf(delivery.outcome, mute.isMuted, isSilenced),
    mute: { ...mute, by: [...mute.by] },
    earliestAtMs: isSilenced ? null : earliestAtMs,
  };
}

/** The first of what keeps it quiet, as the server looks: nobody to tell, inhibition, time, silences. */
function outcomeOf(
  atStart: Delivery['outcome'],
  isMuted: boolean,
  isSilenced: boolean,
): PagingDelivery['outcome'] {
  if (atStart === 'tells-nobody' || atStart === 'inhibited') return atStart;
  if (isMuted) return 'muted';
  return isSilenced ? 'silenced' : 'pages';
}
