import type { Labels } from '#shared/model/labels.ts';
import type { Result } from '#shared/result.ts';

/** Who answers the expressions of rules: a Prometheus, or what is kept of it. Rules cannot tell. */
export interface RuleQueryService {
  /** The instant vector at a moment, `__name__` included; a scalar is one sample without labels. */
  instant(
    expression: string,
    atMs: number,
    signal: AbortSignal,
  ): Promise<Result<readonly RuleSample[], { readonly message: string }>>;
  /** Those of whoever answered last. */
  surroundings(): Surroundings;
}

/** What templates of a rule see beside its samples. */
export interface Surroundings {
  readonly externalLabels: Labels;
  readonly externalUrl: string;
  /** Why they are not known; empty where they are. */
  readonly problem: string;
}

export const noSurroundings: Surroundings = { externalLabels: {}, externalUrl: '', problem: '' };

export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
}
