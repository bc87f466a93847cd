import type { SamplesToKeep } from '#core/store/cache/samples/sample-writer.ts';
import { readSelector } from '#core/store/cache/samples/selector.ts';
import type { CommandFailure, SourceFailure } from '#shared/failure.ts';
import type { SyncedSourceState } from '#shared/model/sample-sync.ts';
import { assertNever, failed, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import type { Demands } from './demands.ts';
import { maxSeries, SourcePlan, type Step } from './source-plan.ts';
import type { Span } from './spans.ts';
import type { FetchProblem, SyncedSource } from './synced-source.ts';
import { WindowFetcher } from './window-fetcher.ts';
import { WindowSize } from './window-size.ts';

/** One source that is followed: carries out what its plan says, and tells the plan what came of it. */
export interface SyncStore {
  putSamples(samples: SamplesToKeep): Promise<Result<void, CommandFailure>>;
  coverage(source: string, selector: string, fromMs: number, toMs: number): Promise<readonly Span[]>;
}

export interface SamplesRequest {
  readonly source: string;
  readonly selector: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** The incident that is to hold them; null for nobody. */
  readonly incidentId: number | null;
}

export interface KeptSpan extends Span {
  readonly series: number;
}

/**
 * A scrape is stamped with its start and appended when it is done, up to its timeout later; ten seconds is
 * Prometheus' own. Nothing younger is ever claimed to be complete.
 */
export const settleMs = 10 * secondMs;

export class SourceSync {
  readonly source: SyncedSource;
  readonly plan = new SourcePlan();
  readonly #store: SyncStore;
  readonly #nowMs: () => number;
  readonly #fetcher: WindowFetcher;
  readonly #stopping = new AbortController();
  #unfollowed: Demands['unfollowed'] = [];
  #questions = 0;
  #samples = 0;

  constructor(source: SyncedSource, store: SyncStore, nowMs: () => number) {
    this.source = source;
    this.#store = store;
    this.#nowMs = nowMs;
    this.#fetcher = new WindowFetcher(source, nowMs);
  }

  stop(): void {
    this.#stopping.abort();
  }

  want({ demands, unfollowed }: Demands): void {
    this.plan.want(demands);
    this.#unfollowed = unfollowed;
  }

  /** Up to when nothing more is expected: by the source's clock where that is behind ours. */
  settledMs(): number {
    return Math.floor(this.#nowMs() - settleMs + Math.min(0, this.source.clockSkewMs()));
  }

  async carryOut(step: Step): Promise<void> {
    switch (step.kind) {
      case 'recall': {
        const { fromMs, toMs } = step.span;
        const text = step.plan.selector.text;
        const covered = fromMs > toMs ? [] : await this.#store.coverage(this.source.name, text, fromMs, toMs);
        this.plan.recalled(step, covered, this.#nowMs());
        return;
      }
      case 'count':
        return this.#count(step);
      case 'fetch':
        return this.#fetch(step);
      default:
        return assertNever(step, 'step');
    }
  }

  /**
   * Fetches a span whole, in windows from its beginning on, and keeps each. Not more than what is settled.
   * @returns what is kept now; a sentence where nothing more of it can be.
   */
  async keep(request: SamplesRequest, signal: AbortSignal): Promise<Result<KeptSpan, string>> {
    const read = readSelector(request.selector);
    if (!read.ok) return read;
    const selector = read.value;
    const pause = this.plan.pause(this.#nowMs());
    // What the server itself asked for holds for evidence, too.
    if (pause?.isAsked === true) return failed(pause.why);
    const whole = { fromMs: Math.ceil(request.fromMs), toMs: Math.min(request.toMs, this.settledMs()) };
    const either = AbortSignal.any([signal, this.#stopping.signal]);
    const size = await this.#sizeOf(selector.text, whole.toMs, either);
    if (!size.ok) return size;
    let { fromMs } = whole;
    let series = 0;
    while (fromMs <= whole.toMs) {
      const span = { fromMs, toMs: Math.min(whole.toMs, fromMs + size.value.longestMs() - 1) };
      const spanMs = span.toMs - span.fromMs + 1;
      const fetched = await this.#ask(() => this.#fetcher.fetch({ selector, span }, either));
      if (!fetched.ok) {
        const problem = fetched.failure;
        if (isTooMuch(problem) && size.value.refused(spanMs)) continue;
        if (problem.kind === 'source' && !isTooMuch(problem))
          this.plan.backOff(problem.failure, this.#nowMs());
        return failed(sentenceOf(problem));
      }
      size.value.answered(spanMs, fetched.value.series.length, fetched.value.samples);
      const kept = await this.#put(selector.text, span, fetched.value.series, request.incidentId);
      if (!kept.ok) return failed(kept.failure.message);
      fetched.value.onKept();
      this.plan.find(selector.text)?.cover(span);
      series = Math.max(series, fetched.value.series.length);
      fromMs = span.toMs + 1;
    }
    return success({ ...whole, series });
  }

  state(nowMs: number): SyncedSourceState {
    const isFresh = this.source.isFresh();
    const pause = isFresh ? this.plan.pause(nowMs) : { why: 'it does not answer', untilMs: null };
    return {
      source: this.source.name,
      paused: pause?.why ?? '',
      pausedUntilMs: pause?.untilMs ?? null,
      questions: this.#questions,
      samples: this.#samples,
      selectors: this.plan.selectors(nowMs, this.settledMs()),
      unfollowed: [...this.#unfollowed],
    };
  }

  async #count(step: Step & { readonly kind: 'count' }): Promise<void> {
    const startMs = this.#nowMs();
    const { text } = step.plan.selector;
    const counted = await this.#ask(() => this.source.count(text, step.atMs, this.#stopping.signal));
    const endMs = this.#nowMs();
    if (counted.ok) this.plan.counted(step, counted.value, endMs - startMs, endMs);
    else this.plan.failed(step, counted.failure, endMs - startMs, endMs);
  }

  async #fetch(step: Step & { readonly kind: 'fetch' }): Promise<void> {
    const startMs = this.#nowMs();
    const { plan, span } = step;
    const query = { selector: plan.selector, span };
    const fetched = await this.#ask(() => this.#fetcher.fetch(query, this.#stopping.signal));
    const endMs = this.#nowMs();
    if (!fetched.ok) {
      const problem = fetched.failure;
      if (problem.kind === 'source') this.plan.failed(step, problem.failure, endMs - startMs, endMs);
      else this.plan.refused(step, problem.why, endMs);
      return;
    }
    const { series, samples, way, onKept } = fetched.value;
    const kept = await this.#put(plan.selector.text, span, series, null);
    if (kept.ok) {
      onKept();
      plan.way = way;
      this.plan.kept(step, series.length, samples, endMs - startMs, endMs);
    } else if (kept.failure.code === 'invalid-input') this.plan.refused(step, kept.failure.message, endMs);
    else this.plan.notKept(kept.failure.message, endMs);
  }

  async #put(
    selector: string,
    { fromMs, toMs }: Span,
    series: SamplesToKeep['series'],
    incidentId: number | null,
  ): Promise<Result<void, CommandFailure>> {
    const place = { source: this.source.name, selector, fromMs, toMs, incidentId };
    const kept = await this.#store.putSamples({ ...place, series, fetchedAtMs: this.#nowMs() });
    if (kept.ok) this.#samples += series.reduce((sum, { timesMs }) => sum + timesMs.length, 0);
    return kept;
  }

  /** Of a selector that is followed what is known already; else asked. */
  async #sizeOf(selector: string, atMs: number, signal: AbortSignal): Promise<Result<WindowSize, string>> {
    const plan = this.plan.find(selector);
    if (plan?.countedAtMs !== null && plan !== undefined) return success(plan.size);
    const counted = await this.#ask(() => this.source.count(selector, atMs, signal));
    if (!counted.ok) return failed(counted.failure.message);
    if (counted.value > maxSeries)
      return failed(`selects ${counted.value} series; at most ${maxSeries} are kept`);
    const size = new WindowSize();
    size.counted(counted.value);
    return success(size);
  }

  #ask<Answer>(question: () => Promise<Answer>): Promise<Answer> {
    this.#questions++;
    return question();
  }
}

function isTooMuch(problem: FetchProblem): boolean {
  const codes: readonly SourceFailure['code'][] = ['too-large', 'bad-query'];
  return problem.kind === 'source' && codes.includes(problem.failure.code);
}

function sentenceOf(problem: FetchProblem): string {
  return problem.kind === 'source' ? problem.failure.message : problem.why;
}
