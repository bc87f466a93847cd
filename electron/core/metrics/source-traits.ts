import * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { defaultOptions } from '#shared/promql/evaluate/options.ts';
import type { Result } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import type { QueryTraits } from './kept-query.ts';

/**
 * How each server evaluates, so that what is asked of its samples here gives what it would have given. What a
 * server told is kept: it is needed when the server does not answer.
 */
export interface EvaluationFacts {
  readonly version: string;
  readonly lookbackMs: number;
  readonly evaluationIntervalMs: number;
}

export interface LearningSource {
  readonly name: string;
  readonly isFresh: () => boolean;
  readonly facts: (signal: AbortSignal) => Promise<Result<EvaluationFacts, SourceFailure>>;
}

/** Keeps one text by its name. */
export interface TraitsKeepsake {
  putText(name: string, text: string): Promise<unknown>;
  text(name: string): Promise<string | null>;
}

/** They change with a configuration or another version: seldom. */
const learnAgainMs = 10 * minuteMs;
const retryMs = minuteMs;
const keptAs = (name: string): string => `query-traits/${name}`;

const traitsSchema = v.object({
  semantics: v.picklist(['v2', 'v3']),
  lookbackMs: v.pipe(v.number(), v.minValue(1)),
  subqueryStepMs: v.pipe(v.number(), v.minValue(1)),
});

/** Of a server that was never asked: a Prometheus 3 as it is by default. */
const untold: QueryTraits = {
  semantics: 'v3',
  lookbackMs: defaultOptions.lookbackMs,
  subqueryStepMs: defaultOptions.subqueryStepMs,
};

export class SourceTraits {
  readonly #keepsake: TraitsKeepsake;
  readonly #nowMs: () => number;
  readonly #known = new Map<string, QueryTraits>();
  readonly #dueAtMs = new Map<string, number>();

  constructor(keepsake: TraitsKeepsake, nowMs: () => number) {
    this.#keepsake = keepsake;
    this.#nowMs = nowMs;
  }

  /** As told last, by this core or one before it. */
  async of(name: string): Promise<QueryTraits> {
    const known = this.#known.get(name) ?? (await this.#recalled(name));
    if (known === undefined) return untold;
    this.#known.set(name, known);
    return known;
  }

  /** As far as they are known by now, without waiting. */
  known(name: string): QueryTraits {
    return this.#known.get(name) ?? untold;
  }

  /** Asks the sources in sight whose traits are not known, or were learned long ago. */
  async learn(sources: readonly LearningSource[], signal: AbortSignal): Promise<void> {
    for (const source of sources) {
      if (!source.isFresh() || this.#nowMs() < (this.#dueAtMs.get(source.name) ?? 0)) continue;
      // Whoever asks meanwhile does not ask for the same again.
      this.#dueAtMs.set(source.name, this.#nowMs() + retryMs);
      const facts = await source.facts(signal);
      if (facts.ok) await this.#keep(source.name, traitsOf(facts.value));
    }
  }

  /** What was told may no longer hold: all that are in sight are asked next time. */
  doubt(): void {
    this.#dueAtMs.clear();
  }

  async #keep(name: string, traits: QueryTraits): Promise<void> {
    this.#dueAtMs.set(name, this.#nowMs() + learnAgainMs);
    const isNew = JSON.stringify(this.#known.get(name)) !== JSON.stringify(traits);
    this.#known.set(name, traits);
    if (isNew) await this.#keepsake.putText(keptAs(name), JSON.stringify(traits));
  }

  async #recalled(name: string): Promise<QueryTraits | undefined> {
    const text = await this.#keepsake.text(keptAs(name));
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), traitsSchema), text);
    return read.success ? read.output : undefined;
  }
}

function traitsOf({ version, lookbackMs, evaluationIntervalMs }: EvaluationFacts): QueryTraits {
  const semantics = /^[012]\./.test(version) ? 'v2' : 'v3';
  return { semantics, lookbackMs, subqueryStepMs: evaluationIntervalMs };
}
