import type { Chart } from '#shared/model/series.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { SourceKind } from '#shared/model/source.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { drop, type Result } from '#shared/result.ts';
import { askChart, evidenceRange } from './chart.ts';
import { rawSelectorsOf } from './expression.ts';
import { sourcesFor, type MetricSource } from './metric-source.ts';

/**
 * Keeps the evidence of incidents while the servers still answer: the drawing of each open incident's
 * expression, and the raw samples of the selectors in it. It works through a queue with a bound on what
 * runs at once, so that a storm of incidents does not become a storm of queries.
 */
export interface EvidenceSubject {
  readonly incidentId: number;
  readonly expression: string;
  readonly generatorUrl: string;
  readonly startsAtMs: number;
}

export interface EvidenceStore {
  putDrawing(incidentId: number, chart: Chart): Promise<Result<void, CommandFailure>>;
}

/** Fetches raw samples and keeps them, for the incident; answers what of the span is kept now. */
export type KeepSamples = (
  request: {
    readonly source: string;
    readonly selector: string;
    readonly fromMs: number;
    readonly toMs: number;
    readonly incidentId: number;
  },
  signal: AbortSignal,
) => Promise<Result<{ readonly toMs: number; readonly series: number }, string>>;

export interface EvidenceKeeperOptions {
  readonly store: EvidenceStore;
  readonly keepSamples: KeepSamples;
  readonly sources: () => readonly MetricSource[];
  readonly nowMs: () => number;
  /** Open incidents that have an expression, most urgent first. */
  readonly subjects: () => readonly EvidenceSubject[];
  /** Evidence of an incident was kept for the first time: `series` raw ones. */
  readonly onCaptured: (incidentId: number, series: number, source: string) => void;
}

const refreshMs = minuteMs;
/** When a new incident's evidence is fetched again before its first regular turn. */
const recaptureAfterMs = [5 * secondMs, 15 * secondMs, 30 * secondMs] as const;
/**
 * Most incidents that one round refreshes, the most urgent; and most of the rest that have nothing yet. Those
 * that have something keep their first capture.
 */
const maxRefreshed = 50;
/** Questions without an answer to draw until one that is not urgent is given up. */
const maxInVain = 10;
const drawingPoints = 720;
const maxSelectors = 10;

export class EvidenceKeeper {
  readonly #options: EvidenceKeeperOptions;
  readonly #stopping = new AbortController();
  /** Until when raw samples are kept, by incident, then selector. */
  readonly #keptUntilMs = new Map<number, Map<string, number>>();
  readonly #captured = new Set<number>();
  /** Of which there is a drawing, and the raw samples behind it. */
  readonly #whole = new Set<number>();
  readonly #inVain = new Map<number, number>();
  readonly #recaptures = new Set<NodeJS.Timeout>();
  /** By incident, the one that waits longest first. */
  readonly #queue = new Map<number, EvidenceSubject>();
  #working = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EvidenceKeeperOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.#refresh(), refreshMs);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const timer of this.#recaptures) clearTimeout(timer);
    this.#stopping.abort();
  }

  /** Fetches evidence of new incidents now, and a few times soon after: the servers may be gone in a minute. */
  captureNew(subjects: readonly EvidenceSubject[]): void {
    if (subjects.length === 0) return;
    this.capture(subjects);
    for (const afterMs of recaptureAfterMs) {
      const timer = setTimeout(() => {
        this.#recaptures.delete(timer);
        this.capture(subjects);
      }, afterMs);
      this.#recaptures.add(timer);
    }
  }

  /** A source is in sight again: what was not captured while it was away is. */
  sourceReturned(kind: SourceKind): void {
    if (kind === 'prometheus') this.capture(this.#missing(this.#options.subjects()).slice(0, maxRefreshed));
  }

  /** Fetches evidence of incidents soon; one that waits already is not queued again. */
  capture(subjects: readonly EvidenceSubject[]): void {
    for (const subject of subjects)
      if (subject.expression !== '' && !this.#queue.has(subject.incidentId))
        this.#queue.set(subject.incidentId, subject);
    if (!this.#working)
      drop(this.#work(), 'failures to fetch are expected and end each subject by themselves');
  }

  /** The most urgent again, and some that have nothing; what is remembered of incidents that ended is forgotten. */
  #refresh(): void {
    const subjects = this.#options.subjects();
    const open = new Set(subjects.map((subject) => subject.incidentId));
    for (const known of [this.#captured, this.#keptUntilMs, this.#whole, this.#inVain])
      for (const id of known.keys()) if (!open.has(id)) known.delete(id);
    const missing = this.#missing(subjects.slice(maxRefreshed));
    this.capture([...subjects.slice(0, maxRefreshed), ...missing.slice(0, maxRefreshed)]);
  }

  /** Those without evidence that a source in sight may have some of. */
  #missing(subjects: readonly EvidenceSubject[]): EvidenceSubject[] {
    const sources = this.#options.sources();
    return subjects.filter(
      ({ incidentId, expression, generatorUrl }) =>
        expression !== '' &&
        !this.#whole.has(incidentId) &&
        (this.#inVain.get(incidentId) ?? 0) < maxInVain &&
        sourcesFor(generatorUrl, sources).some((source) => source.isFresh()),
    );
  }

  #countInVain({ incidentId, generatorUrl }: EvidenceSubject): void {
    const isAsked = sourcesFor(generatorUrl, this.#options.sources()).some((source) => source.isFresh());
    if (isAsked) this.#inVain.set(incidentId, (this.#inVain.get(incidentId) ?? 0) + 1);
  }

  async #work(): Promise<void> {
    this.#working = true;
    try {
      for (const [incidentId, subject] of this.#queue) {
        this.#queue.delete(incidentId);
        if (this.#stopping.signal.aborted) break;
        await this.#keep(subject);
      }
    } finally {
      this.#working = false;
    }
  }

  async #keep(subject: EvidenceSubject): Promise<void> {
    const { nowMs, sources, store } = this.#options;
    const range = evidenceRange(subject.startsAtMs, nowMs());
    const request = { ...subject, ...range, maxPoints: drawingPoints };
    const { chart } = await askChart(request, sources(), nowMs, this.#stopping.signal);
    // A server that came back without its samples answers nothing: that is no reason to lose what is kept.
    if (chart === null || chart.series.length === 0) return this.#countInVain(subject);
    const drawn = await store.putDrawing(subject.incidentId, chart);
    const answering = sourcesFor(subject.generatorUrl, sources()).find(
      (source) => source.name === sourceOf(chart),
    );
    if (answering === undefined) return;
    const { series, isWhole } = await this.#keepSamples(subject, answering, range.fromMs, range.toMs);
    if (drawn.ok && isWhole) this.#whole.add(subject.incidentId);
    else this.#countInVain(subject);
    if (this.#captured.has(subject.incidentId) || series === 0) return;
    this.#captured.add(subject.incidentId);
    this.#options.onCaptured(subject.incidentId, series, answering.name);
  }

  /** @returns how many raw series were kept, and whether those of every selector were. */
  async #keepSamples(
    subject: EvidenceSubject,
    source: MetricSource,
    fromMs: number,
    toMs: number,
  ): Promise<{ readonly series: number; readonly isWhole: boolean }> {
    let [kept, isWhole] = [0, true];
    const keptUntilMs = this.#keptUntilMs.get(subject.incidentId) ?? new Map<string, number>();
    this.#keptUntilMs.set(subject.incidentId, keptUntilMs);
    for (const { selector, reachMs } of (rawSelectorsOf(subject.expression) ?? []).slice(0, maxSelectors)) {
      // One scrape interval of overlap costs little and leaves no hole between two windows.
      const start = Math.max(
        fromMs - reachMs,
        (keptUntilMs.get(selector) ?? 0) - minuteMs,
        toMs - 24 * hourMs,
      );
      const stored = await this.#options.keepSamples(
        { source: source.name, selector, fromMs: start, toMs, incidentId: subject.incidentId },
        this.#stopping.signal,
      );
      if (!stored.ok) {
        isWhole = false;
        continue;
      }
      keptUntilMs.set(selector, stored.value.toMs);
      kept += stored.value.series;
    }
    return { series: kept, isWhole };
  }
}

function sourceOf(chart: Chart): string {
  return chart.origin.kind === 'unknown' ? '' : chart.origin.source;
}
