import type { LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import type { TimeInterval } from '#shared/routing/time/time-interval.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';

/** Whom a person is told of, when, and how loudly, as data. Read from the configuration; `decide.ts` asks it. */
export interface NotificationPolicy {
  /** In order: the first whose conditions all hold decides, and what it does not say is as usual. */
  readonly rules: readonly PolicyRule[];
  readonly quietHours: readonly QuietHours[];
  /** What holds where no rule says otherwise. */
  readonly usual: Readonly<Record<SeverityLevel, Manner>>;
}

/** From the softest to the loudest. */
export const notificationSounds = ['none', 'chime', 'alarm', 'siren'] as const;
export type NotificationSound = (typeof notificationSounds)[number];

/** As desktops know it. */
export const urgencies = ['low', 'normal', 'critical'] as const;
export type Urgency = (typeof urgencies)[number];

export interface Manner {
  readonly sound: NotificationSound;
  /** How long after a notification the next about the same incident; 0 for never. */
  readonly repeatMs: number;
  /** How long after its first notification an incident is told again, a step louder; 0 for never. */
  readonly louderAfterMs: number;
}

/** Where it is null, it says nothing and it is as usual. */
export interface PolicyRule {
  readonly conditions: PolicyConditions;
  /** `held`: while the rule's times hold, told together after them. `never`: it is in the inbox, and no more. */
  readonly tell: 'now' | 'held' | 'never' | null;
  /** Whether quiet hours do not count for it. */
  readonly throughQuiet: boolean;
  readonly sound: NotificationSound | null;
  readonly repeatMs: number | null;
  readonly louderAfterMs: number | null;
}

/** A condition that is null always holds. */
export interface PolicyConditions {
  readonly severities: readonly SeverityLevel[] | null;
  /** Of one and the same alert. */
  readonly matchers: readonly LabelMatcher[] | null;
  /** Name of a saved view. */
  readonly view: string | null;
  /** Inside of any of them. */
  readonly times: readonly TimeInterval[] | null;
}

/** While one of the times holds, incidents of these severities are held, and told together when it ends. */
export interface QuietHours {
  readonly severities: readonly SeverityLevel[];
  readonly times: readonly TimeInterval[];
}

const usually: Manner = { sound: 'chime', repeatMs: 0, louderAfterMs: 0 };

/** Without a word in the configuration: everything at once, nothing twice. */
export const defaultPolicy: NotificationPolicy = {
  rules: [],
  quietHours: [],
  usual: {
    critical: { ...usually, sound: 'alarm' },
    warning: usually,
    info: { ...usually, sound: 'none' },
  },
};
