import type { AskedPrometheus } from '#core/metric-sources.ts';
import type { QueryDesk } from '#core/metrics/query-desk.ts';
import type { WatchedExpression } from '#core/metrics/sync/demands.ts';
import type { LocalAlerts } from '#core/rules/local-alerts.ts';
import { noSurroundings, type RuleSample, type Surroundings } from '#core/rules/query-service.ts';
import { RuleEngine } from '#core/rules/rule-engine.ts';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { JournalChange, RuleStateRecord } from '#core/store/records.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { QueryAnswer } from '#shared/model/query.ts';
import type { RulesView } from '#shared/model/rule.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { hourMs, minuteMs } from '#shared/time.ts';

/**
 * The console's own rules among its other parts: which Prometheus they are asked of, and where what they
 * find goes. The engine itself knows neither.
 */
export interface LocalRulesOptions {
  readonly restore: readonly RuleStateRecord[];
  readonly metricSources: () => readonly AskedPrometheus[];
  readonly queries: Pick<QueryDesk, 'insist'>;
  readonly commit: (changes: readonly JournalChange[]) => Promise<Result<void, CommandFailure>>;
  readonly onAlerts: (alerts: LocalAlerts) => void;
  /** Of these alerts nobody knows now whether they still fire; it says nothing of others. */
  readonly onDoubt: (alerts: LocalAlerts) => void;
  readonly onView: (view: RulesView) => void;
}

/** A server's own labels and address change with its configuration: seldom. */
const factsKeptMs = 10 * minuteMs;
const factsRetryMs = minuteMs;

interface RulesConfiguration {
  /** Absolute; empty for none. */
  readonly folder: string;
  /** Name of the source to ask; empty for the first Prometheus. */
  readonly source: string;
}

export class LocalRules {
  readonly #options: LocalRulesOptions;
  readonly #engine: RuleEngine;
  #source = '';
  #configured = '';
  /** Why nobody can be asked. */
  #nobody = '';
  #surroundings: Surroundings = noSurroundings;
  #factsDueAtMs = 0;

  constructor(options: LocalRulesOptions) {
    const { restore, commit, onAlerts, onDoubt, onView } = options;
    this.#options = options;
    this.#engine = new RuleEngine({
      queries: {
        instant: (expression, atMs, signal) => this.#ask(expression, atMs, signal),
        surroundings: () => this.#surroundings,
      },
      restore,
      commit,
      onAlerts,
      onDoubt,
      onChanged: () => onView(this.#engine.view()),
    });
  }

  /** Name of the source that the rules are asked of; empty where there is none. */
  get source(): string {
    return this.#source;
  }

  /** What the rules ask, so that they can be answered when their source does not. */
  watched(): WatchedExpression[] {
    if (this.#source === '') return [];
    const place = { source: this.#source, keepMs: hourMs, priority: 'rule' } as const;
    return this.#engine.expressions().map((expression) => ({ ...place, expression }));
  }

  /** Puts a configuration in force; one that says the same again changes nothing. */
  configure({ folder, source }: RulesConfiguration, settings: readonly SourceSettings[]): void {
    const asked = settings.find(
      ({ kind, name }) => kind === 'prometheus' && (source === '' || name === source),
    );
    this.#source = asked?.name ?? '';
    this.#nobody =
      source === ''
        ? 'no Prometheus is configured to ask'
        : `rules.source names "${source}", and no Prometheus of this name is configured`;
    const configuration = { folder, prometheusUrl: asked?.url ?? '', sourceName: this.#source };
    if (JSON.stringify(configuration) === this.#configured) return;
    this.#configured = JSON.stringify(configuration);
    this.#surroundings = noSurroundings;
    this.#factsDueAtMs = 0;
    this.#engine.configure(configuration);
    this.#options.onView(this.#engine.view());
  }

  start(): void {
    this.#engine.start();
  }

  stop(): Promise<void> {
    return this.#engine.stop();
  }

  reload(): Promise<void> {
    return this.#engine.reload();
  }

  async #ask(
    expression: string,
    atMs: number,
    signal: AbortSignal,
  ): Promise<Result<readonly RuleSample[], { readonly message: string }>> {
    const source = this.#options.metricSources().find(({ name }) => name === this.#source);
    if (source === undefined) return failed({ message: this.#nobody });
    if (Date.now() >= this.#factsDueAtMs) await this.#learn(source, signal);
    const times = { fromMs: atMs, toMs: atMs, stepMs: 0 };
    const answer = await this.#options.queries.insist(this.#source, expression, times, signal);
    return answer.ok ? samplesOf(answer.value) : failed(answer.failure.source ?? answer.failure);
  }

  /** Asks what templates may say of the server. What cannot be asked leaves what was known. */
  async #learn(source: AskedPrometheus, signal: AbortSignal): Promise<void> {
    // Whoever asks meanwhile does not ask for the same again.
    this.#factsDueAtMs = Date.now() + factsRetryMs;
    const asked = this.#configured;
    const facts = await source.facts(signal);
    if (asked !== this.#configured) return;
    if (facts.ok) {
      const externalUrl = (facts.value.externalUrl || source.url).replace(/\/+$/, '');
      this.#surroundings = { externalLabels: facts.value.externalLabels, externalUrl, problem: '' };
      this.#factsDueAtMs = Date.now() + factsKeptMs;
    } else if (this.#surroundings === noSurroundings || this.#surroundings.problem !== '')
      this.#surroundings = { ...noSurroundings, problem: facts.failure.message };
  }
}

/** Where something that it needs is not known, a rule has failed: it neither fires nor has ended. */
function samplesOf({
  origin,
  result,
}: QueryAnswer): Result<readonly RuleSample[], { readonly message: string }> {
  if (result === null) return failed({ message: origin.kind === 'unknown' ? origin.reason : 'no answer' });
  switch (result.kind) {
    case 'vector':
      return success(
        result.series.flatMap(({ labels, values }) => {
          const value = values.at(-1);
          return value === undefined ? [] : [{ labels, value }];
        }),
      );
    case 'scalar':
      return success([{ labels: {}, value: result.value }]);
    case 'string':
    case 'matrix':
      return failed({ message: `rule result is not a vector or scalar but a ${result.kind}` });
  }
}
