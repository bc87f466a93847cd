import type { SourceFailure } from '#shared/failure.ts';
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

export interface SilenceMatcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** A silence as it is posted: a new one, or what becomes of a known one. */
export interface SilencePost {
  /** Null for a new one. */
  readonly id: string | null;
  readonly matchers: readonly SilenceMatcher[];
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly createdBy: string;
  readonly comment: string;
  readonly annotations: Labels;
}

/**
 * Why a change of a silence is not known to be made. `unknown`: the server has no such silence. `refused`: it
 * has read the change and will say the same again. `unsent`: the change cannot have been made, and may be tried
 * again. `uncertain`: it may have been made, and has to be looked for before it is tried again.
 */
export interface SilenceTrouble {
  readonly kind: 'unknown' | 'refused' | 'unsent' | 'uncertain';
  readonly failure: SourceFailure;
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
