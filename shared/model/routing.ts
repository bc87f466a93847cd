import * as v from 'valibot';
import { labelsSchema } from './labels.ts';
import { originSchema } from './origin.ts';

/**
 * Routing as windows see it: the tree of a configuration, flat and in the order of the text, and what it
 * means for one set of labels. Times are Unix milliseconds.
 */

export const mostRoutingText = 2_097_152;

/** Whose configuration: a source's own, or a text that a person gave, named by the key that came with its tree. */
export const routingSubjectSchema = v.variant('kind', [
  /** Empty for the first Alertmanager. */
  v.object({ kind: v.literal('source'), name: v.pipe(v.string(), v.maxLength(64)) }),
  v.object({ kind: v.literal('text'), key: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) }),
]);
export type RoutingSubject = v.InferOutput<typeof routingSubjectSchema>;

/** What a person may ask about. */
export const askedLabelsSchema = v.pipe(
  labelsSchema,
  v.check((labels) => Object.keys(labels).length <= 500, 'at most 500 labels'),
);

const matcherSchema = v.object({
  name: v.string(),
  operator: v.picklist(['=', '!=', '=~', '!~']),
  value: v.string(),
});

const routeRowSchema = v.object({
  /** Its place in the tree, depth first from 0. */
  id: v.number(),
  depth: v.number(),
  line: v.number(),
  receiver: v.string(),
  /** How the receiver tells people: `slack`, `email`; empty where it tells nobody or is not defined. */
  integrations: v.array(v.string()),
  matchers: v.array(matcherSchema),
  /** A matcher of it cannot be read: it takes nothing here. */
  unreadable: v.boolean(),
  goesOn: v.boolean(),
  groupBy: v.union([v.literal('all'), v.array(v.string())]),
  groupWaitMs: v.number(),
  groupIntervalMs: v.number(),
  repeatIntervalMs: v.number(),
  muteTimeIntervals: v.array(v.string()),
  activeTimeIntervals: v.array(v.string()),
});
export type RouteRow = v.InferOutput<typeof routeRowSchema>;

export const routingTreeSchema = v.object({
  /** Of the text: the same text, the same key. Empty where nothing is known. */
  key: v.string(),
  /** The source; empty for a text that a person gave. */
  source: v.string(),
  origin: originSchema,
  routes: v.array(routeRowSchema),
  /** More than `routes` where there are too many to show. */
  routeCount: v.number(),
  inhibitRules: v.number(),
  /** What an Alertmanager would refuse it for, in the order of the text. */
  problems: v.array(
    v.object({
      line: v.number(),
      column: v.number(),
      field: v.string(),
      message: v.string(),
      accepted: v.string(),
    }),
  ),
});
export type RoutingTree = v.InferOutput<typeof routingTreeSchema>;

const pagingOutcomes = ['pages', 'silenced', 'inhibited', 'muted', 'tells-nobody'] as const;

const deliverySchema = v.object({
  routeId: v.number(),
  /** Ids from the root to the route itself. */
  path: v.array(v.number()),
  receiver: v.string(),
  integrations: v.array(v.string()),
  groupBy: v.union([v.literal('all'), v.array(v.string())]),
  groupWaitMs: v.number(),
  groupIntervalMs: v.number(),
  repeatIntervalMs: v.number(),
  outcome: v.picklist(pagingOutcomes),
  mute: v.object({
    isMuted: v.boolean(),
    by: v.array(v.string()),
    cause: v.nullable(v.picklist(['in-mute-interval', 'outside-active-intervals'])),
    /** When that turns next; null where never, or in more than ten years. */
    turnsAtMs: v.nullable(v.number()),
    /** The intervals follow the server's own zone, which is taken to be the one here. */
    isInServerZone: v.boolean(),
  }),
  /** The soonest that a first notification leaves, or has left; null where none does as things are. */
  earliestAtMs: v.nullable(v.number()),
});
export type PagingDelivery = v.InferOutput<typeof deliverySchema>;

/** *Will this page, whom, and when?* */
export const pagingSchema = v.object({
  /** Of the configuration that was asked. */
  key: v.string(),
  source: v.string(),
  origin: originSchema,
  /** When it was asked: what all of it is about. */
  atMs: v.number(),
  wouldBeRefused: v.boolean(),
  /** Since when an alert with exactly these labels fires; null where none does, and it is as if one began now. */
  firingSinceMs: v.nullable(v.number()),
  /** All that keep it quiet on every route, at most 50 of them named. */
  inhibitedBy: v.array(
    v.object({
      fingerprint: v.string(),
      /** `alertname`. */
      name: v.string(),
      incidentId: v.number(),
      /** Where the rule stands in the configuration. */
      line: v.number(),
    }),
  ),
  inhibitedByCount: v.number(),
  /** Null where the silences are not known. */
  silencedBy: v.nullable(
    v.array(
      v.object({
        id: v.string(),
        createdBy: v.string(),
        comment: v.string(),
        endsAtMs: v.nullable(v.number()),
      }),
    ),
  ),
  deliveries: v.array(deliverySchema),
});
export type Paging = v.InferOutput<typeof pagingSchema>;
