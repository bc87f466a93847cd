import type { LabelMatcher } from './matchers/label-matcher.ts';
import type { NamedInterval } from './time/time-interval.ts';

/**
 * Alertmanager's routing as plain data: what of a configuration decides whom an alert reaches, and when. Read
 * from its text by `read/`, asked by the functions beside this file; it can be sent between processes.
 */
export interface RoutingConfiguration {
  /** Null where the text has none that can be read. */
  readonly root: Route | null;
  readonly inhibitRules: readonly InhibitRule[];
  readonly timeIntervals: readonly NamedInterval[];
  readonly receivers: readonly Receiver[];
  /**
   * What an Alertmanager would refuse the text for, in the file's order. What could be read is answered all
   * the same: then no server routes by it.
   */
  readonly problems: readonly RoutingProblem[];
}

export interface RoutingProblem {
  /** Both begin at 1. */
  readonly line: number;
  readonly column: number;
  /** Where in the configuration: `receivers[2].email_configs[0].subject`. */
  readonly field: string;
  readonly message: string;
  /** What an Alertmanager takes in this place. */
  readonly accepted: string;
}

export interface Route {
  /** Its place in the tree, depth first from 0; the same text gives the same numbers. */
  readonly id: number;
  readonly line: number;
  /** Its own, or what it inherits; empty where the text has none. */
  readonly receiver: string;
  /** By which labels alerts are gathered into one notification; `'all'` gathers none. */
  readonly groupBy: readonly string[] | 'all';
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatIntervalMs: number;
  readonly matchers: readonly LabelMatcher[];
  /** A matcher of it cannot be read, so that what it takes is not known: it takes nothing here. */
  readonly unreadable: boolean;
  /** Whether its next siblings are asked too when it has taken an alert. */
  readonly goesOn: boolean;
  /** Names of time intervals; these two are not inherited. */
  readonly muteTimeIntervals: readonly string[];
  readonly activeTimeIntervals: readonly string[];
  readonly routes: readonly Route[];
}

export interface InhibitRule {
  readonly line: number;
  readonly name: string;
  readonly source: readonly LabelMatcher[];
  readonly target: readonly LabelMatcher[];
  readonly equal: readonly string[];
  readonly unreadable: boolean;
}

export interface Receiver {
  readonly name: string;
  readonly line: number;
  /** How it tells people: `slack`, `email`; each as often as it is configured. */
  readonly integrations: readonly string[];
}
