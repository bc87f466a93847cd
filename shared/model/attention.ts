import type { Sight } from './console.ts';
import type { Severity } from './severity.ts';

/**
 * What a person who looks at no window has to know: the tray and the window's badge are drawn from it.
 * The core decides it; a host only draws.
 */
export interface Attention {
  /** How far alerts are seen. Where it is not `live`, nothing may look well. */
  readonly sight: Sight;
  /** Open incidents that fire and that nobody holds; where not all is seen, also those that did so last. */
  readonly firing: number;
  /** The worst of those; null where none fires. */
  readonly worst: Severity | null;
  /** Until when no notification is shown by the person's wish; null where they are. */
  readonly pausedUntilMs: number | null;
  /** The worst of those that fire, at most five, plain text. */
  readonly incidents: readonly AttentionIncident[];
}

export interface AttentionIncident {
  readonly id: number;
  /** At most 80 characters, without control or bidirectional characters. */
  readonly title: string;
  readonly severity: Severity;
}

/** Whether all is seen and nothing of it asks for anybody: only then may anything look green. */
export function isWell({ sight, firing }: Attention): boolean {
  return sight.kind === 'live' && firing === 0;
}
