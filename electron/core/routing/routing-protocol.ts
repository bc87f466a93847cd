import type { RoutingConfiguration } from '#shared/routing/model.ts';
import type { MatcherMode } from '#shared/routing/matchers/read-matchers.ts';

/** What the core and the thread that reads configurations say to each other: one text, one answer. */
export interface ToRoutingThread {
  readonly text: string;
  readonly mode: MatcherMode;
}

export type FromRoutingThread = RoutingConfiguration;
