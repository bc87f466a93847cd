import type { Clock } from '#core/clock/clock.ts';
import type { AlertRecord, IncidentRecord, WatchRecord } from '#core/store/records.ts';
import type { Notice } from '#shared/model/console.ts';
import type { Entry } from '../outbox-entry.ts';
import type { SilenceDesk } from '../silence-desk.ts';

/** What those who look after silences need of the rest of the core. */
export interface TendingOptions {
  readonly silences: TendedDesk;
  readonly book: TendedBook;
  readonly isFresh: (source: string) => boolean;
  /** The clock of a source minus ours; null where it did not tell. */
  readonly clockSkewMs: (source: string) => number | null;
  readonly clock: Clock;
  readonly operator: () => string;
  readonly times: () => TendingTimes;
  /** The incident stays acknowledged, and holds no silence any more. */
  readonly letGo: (incidentId: number, why: string) => void;
  /** Some of its alerts are not quiet at a cluster, although it is acknowledged with a silence. */
  readonly leaveOut: (incidentId: number, count: number, cluster: string) => void;
  readonly remind: (notice: Notice) => void;
  readonly takeBack: (noticeId: string) => void;
  /** What was reminded of, over starts of the core. */
  readonly reminded: { readonly read: () => Promise<string | null>; readonly write: (text: string) => void };
}

export interface TendedDesk extends Pick<
  SilenceDesk,
  'rows' | 'clusters' | 'onOutcome' | 'meansSinceMs' | 'heardAtMs'
> {
  readonly outbox: Pick<SilenceDesk['outbox'], 'put' | 'withdraw' | 'settle' | 'unsettled'>;
  readonly tended: Pick<SilenceDesk['tended'], 'all' | 'find' | 'put'>;
}

export interface TendedBook {
  incidents(): Iterable<IncidentRecord>;
  incident(id: number): IncidentRecord | undefined;
  alertsOf(id: number): readonly AlertRecord[];
  openAlerts(): Iterable<AlertRecord>;
  watch(source: string): WatchRecord | undefined;
}

export interface TendingTimes {
  /** How long a silence of an acknowledgement lasts, unless it is renewed. */
  readonly acknowledgementMs: number;
  /** How long before its end a person is reminded of a silence. */
  readonly reminderLeadMs: number;
}

/** After a refusal the same is not asked for at once again. */
export const pauseAfterRefusalMs = 60_000;

export function careOf({ care }: Entry): NonNullable<Entry['care']>['care'] | null {
  return care?.care ?? null;
}

/** The servers' time, as far as any of them told it. */
export function serverNowMs({ clock, clockSkewMs }: TendingOptions, sources: readonly string[]): number {
  const skews = sources.map(clockSkewMs).filter((skew) => skew !== null);
  return clock.nowMs() + (skews[0] ?? 0);
}
