import type { Labels } from '#shared/model/labels.ts';
import type { Result } from '#shared/result.ts';

/** Who answers the expressions of rules: a Prometheus today, an engine of our own later. Rules cannot tell. */
export interface RuleQueryService {
  /** The instant vector at a moment, `__name__` included; a scalar is one sample without labels. */
  instant(
    expression: string,
    atMs: number,
    signal: AbortSignal,
  ): Promise<Result<readonly RuleSample[], { readonly message: string }>>;
}

export interface RuleSample {
  readonly labels: Labels;
  readonly value: number;
}
