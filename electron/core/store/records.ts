import type { AlertState } from '#shared/model/alert.ts';
import type { TimelineKind } from '#shared/model/incident.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { Notice } from '#shared/model/console.ts';
import type { silenceCares } from '#shared/model/silence.ts';
import type { Severity, SeverityLevel } from '#shared/model/severity.ts';

/**
 * What the journal keeps, in the shapes that the rest of the core works with. The journal is written in
 * lists of changes: one list is one transaction, durable when the store answers.
 */

export interface IncidentRecord {
  readonly id: number;
  /** The grouping labels and values that made it: alerts with the same key join while it is open. */
  readonly groupKey: string;
  readonly title: string;
  readonly service: string;
  readonly openedAtMs: number;
  readonly resolvedAtMs: number | null;
  readonly acknowledgedBy: string | null;
  readonly acknowledgedAtMs: number | null;
  /** What else people decided about it. */
  readonly verdicts: IncidentVerdicts;
  /** The incident that it was merged into: its alerts are there while that is open. */
  readonly mergedInto: number | null;
  readonly revision: number;
}

/** What people decided about an incident, beside that it was acknowledged. */
export interface IncidentVerdicts {
  readonly snoozed: Snooze | null;
  readonly assignedTo: string | null;
  /** Somebody said that it means nothing: it asks nobody until that is taken back. */
  readonly noise: { readonly by: string; readonly atMs: number } | null;
  /** While it is acknowledged a short silence is wished upstream. */
  readonly holdsSilence: boolean;
  /** The acknowledgement that nobody came back to, as it was, and when it ended by itself. */
  readonly forgotten: { readonly by: string; readonly atMs: number; readonly cameBackAtMs: number } | null;
  /** When a person last did anything to it: what the age of an acknowledgement counts from. */
  readonly handledAtMs: number | null;
  /** It asks again, as if it were new, since then: it woke, or its acknowledgement was forgotten. */
  readonly asksAgainSinceMs: number | null;
  /** Where it was split off from, and whose each of its alerts was there (null: that incident's own). */
  readonly split: {
    readonly from: number;
    readonly homes: readonly (readonly [fingerprint: string, home: number | null])[];
  } | null;
}

/** It asks nobody until then (null: as long as it gets no worse than it was). */
export interface Snooze {
  readonly by: string;
  readonly atMs: number;
  readonly untilMs: number | null;
  /** What it was like then, to tell whether it got worse. */
  readonly alertCount: number;
  /** Null where none of its alerts was of weight: all suppressed. */
  readonly worst: SeverityLevel | null;
}

export const noVerdicts: IncidentVerdicts = {
  snoozed: null,
  assignedTo: null,
  noise: null,
  holdsSilence: false,
  forgotten: null,
  handledAtMs: null,
  asksAgainSinceMs: null,
  split: null,
};

/** A source that has reported an alert, and what it needs to be believed when it lets go of it. */
export interface Witness {
  readonly source: string;
  /** Whether it had the alert at its last good poll; `lastSeenAtMs` is then that poll's time. */
  readonly reporting: boolean;
  /** What it said of the alert when it last reported it; `unseen` where it could not see itself. */
  readonly says: 'firing' | 'suppressed' | 'unseen';
  /** When it last reported the alert. While `reporting` the source's watch record knows a newer time. */
  readonly lastSeenAtMs: number;
  /** When the server itself had started, by its own word; a change means that it forgot its alerts. */
  readonly serverStartedAtMs: number | null;
}

/** One alert within one incident; its key is both. */
export interface AlertRecord {
  readonly incidentId: number;
  /** The incident that it goes back to when a merge is taken back; null where it is at home. */
  readonly homeIncidentId: number | null;
  readonly fingerprint: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly generatorUrl: string;
  readonly startsAtMs: number;
  readonly firstSeenAtMs: number;
  readonly endedAtMs: number | null;
  readonly state: AlertState;
  readonly silencedBy: readonly string[];
  readonly inhibitedBy: readonly string[];
  readonly witnesses: readonly Witness[];
}

export interface TimelineRecord {
  readonly incidentId: number;
  readonly atMs: number;
  readonly kind: TimelineKind;
  readonly text: string;
  readonly detail: string;
  readonly by: string;
}

/** The last good poll of a source of alerts. */
export interface WatchRecord {
  readonly source: string;
  readonly lastSuccessAtMs: number;
  readonly serverStartedAtMs: number | null;
}

/**
 * A notification: written before it is shown (`outcome` null), again once the host has confirmed. A row
 * for each time that an incident was to be told, and one for each summary that told of several.
 */
export interface NotificationRecord {
  readonly id: string;
  /** 0 for a summary. */
  readonly incidentId: number;
  readonly title: string;
  readonly body: string;
  readonly severity: Severity;
  readonly intendedAtMs: number;
  readonly outcome: 'shown' | 'denied' | 'withdrawn' | null;
  readonly outcomeAtMs: number | null;
  readonly openedAtMs: number | null;
  /** When the host was asked to show it; null where it waits for its turn, or is told in a summary. */
  readonly askedAtMs: number | null;
  /** The summary that tells of it instead. */
  readonly summaryId: string | null;
  /** A person put it off until then. */
  readonly snoozedUntilMs: number | null;
}

/** Where a group of local rules stands after a slot: one row, replaced whole. */
export interface RuleStateRecord {
  /** The group's key. */
  readonly group: string;
  /** The slot that was evaluated last. */
  readonly lastSlotAtMs: number;
  /** The state of its rules and their alerts as JSON text; its shape is the rules' own, and so is its check. */
  readonly state: string;
}

/** A change of a silence on its way to the servers: one row, replaced whole. */
export interface OutboxRecord {
  readonly id: string;
  readonly createdAtMs: number;
  /** Null while something has still to happen with it. */
  readonly settledAtMs: number | null;
  /** The entry as JSON text; its shape is the outbox's own, and so is its check. */
  readonly entry: string;
}

/** A silence that the console renews, or ends by itself. */
export interface TendedSilenceRecord {
  /** As the servers of the cluster have it. */
  readonly id: string;
  readonly cluster: string;
  readonly care: (typeof silenceCares)[number];
  /** The incident whose acknowledgement it holds. */
  readonly incidentId: number | null;
  /** Since when nothing has matched it; null while something does, or before anybody looked. */
  readonly quietSinceMs: number | null;
  readonly endsAfterQuietMs: number | null;
  readonly createdAtMs: number;
  /** Since then nobody looks after it any more. */
  readonly endedAtMs: number | null;
}

/** What a person did, here or upstream. */
export interface AuditRecord {
  readonly atMs: number;
  readonly by: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
  /** More about it; empty unless given. */
  readonly detail?: string;
}

export type JournalChange =
  | { readonly kind: 'incident'; readonly record: IncidentRecord }
  | { readonly kind: 'alert'; readonly record: AlertRecord }
  /** The alert is of another incident now, whose record is a change of its own. */
  | { readonly kind: 'alert-moved'; readonly incidentId: number; readonly fingerprint: string }
  | { readonly kind: 'timeline'; readonly record: TimelineRecord }
  | { readonly kind: 'watch'; readonly record: WatchRecord }
  | { readonly kind: 'notification'; readonly record: NotificationRecord }
  | { readonly kind: 'rule-group'; readonly record: RuleStateRecord }
  | { readonly kind: 'rule-groups-removed'; readonly groups: readonly string[] }
  | { readonly kind: 'outbox'; readonly record: OutboxRecord }
  | { readonly kind: 'outbox-removed'; readonly ids: readonly string[] }
  | { readonly kind: 'tended-silence'; readonly record: TendedSilenceRecord }
  /** Null takes the setting away. */
  | { readonly kind: 'setting'; readonly key: string; readonly value: string | null }
  | { readonly kind: 'audit'; readonly record: AuditRecord }
  | { readonly kind: 'notice'; readonly record: Notice }
  | { readonly kind: 'notice-dismissed'; readonly id: string; readonly atMs: number };

/** All that the core needs in memory to go on where the journal ends. */
export interface JournalState {
  readonly lastIncidentId: number;
  /** Open ones, and those resolved since the moment asked for. */
  readonly incidents: readonly IncidentRecord[];
  /** The alerts of those incidents. */
  readonly alerts: readonly AlertRecord[];
  readonly watches: readonly WatchRecord[];
  /** Intents without an outcome. */
  readonly pendingNotifications: readonly NotificationRecord[];
  /** Notices not put away. */
  readonly notices: readonly Notice[];
  /** In order of their keys. */
  readonly ruleGroups: readonly RuleStateRecord[];
}
