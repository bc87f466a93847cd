import type { Labels } from '#shared/model/labels.ts';
import type { ReportedAlert } from '../source-settings.ts';

/** What an Alertmanager tells beside its alerts, checked and mapped. Times are Unix milliseconds. */

export interface AlertGroup {
  readonly labels: Labels;
  readonly receiver: string;
  /** The labels of the route, from 0.34; empty before. */
  readonly routeLabels: Labels;
  readonly alerts: readonly GroupedAlert[];
}

export interface GroupedAlert extends ReportedAlert {
  /** Time intervals that mute it, from 0.28; only this answer tells them. */
  readonly mutedBy: readonly string[];
}

export interface Silence {
  readonly id: string;
  readonly state: 'active' | 'pending' | 'expired';
  readonly matchers: readonly SilenceMatcher[];
  readonly createdBy: string;
  readonly comment: string;
  /** From 0.32; empty before. */
  readonly annotations: Labels;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly updatedAtMs: number;
}

interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

export interface AlertmanagerStatus {
  /** When this process started: a later one has forgotten its alerts. */
  readonly startedAtMs: number;
  readonly version: string;
  readonly cluster: {
    /** Changes with every start unless configured; empty where there is no cluster. */
    readonly name: string;
    readonly status: 'ready' | 'settling' | 'disabled';
    readonly peers: readonly { readonly name: string; readonly address: string }[];
  };
  /** The configuration as YAML, defaults filled in, without the credentials of its addresses. */
  readonly configuration: string;
}
