import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CaptureRounds, mostLooks, type CaptureOutcome } from './capture-rounds.ts';

const minuteMs = 60_000;

beforeEach(() => void vi.useFakeTimers({ now: 100 * minuteMs }));
afterEach(() => void vi.useRealTimers());

function rounds(capture: (id: number, signal: AbortSignal) => Promise<void>) {
  return new CaptureRounds({
    nowMs: Date.now,
    capture: async ({ incidentId }, signal) => {
      await capture(incidentId, signal);
      return 'answered';
    },
  });
}

it('fetches a new incident at once and until the time after its start has passed', async () => {
  const atMs: number[] = [];
  const began = Date.now();
  const started = rounds(async () => void atMs.push(Date.now() - began));
  started.begin([{ incidentId: 1, startsAtMs: began }]);
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  expect(atMs).toEqual([0, 15_000, minuteMs, 3 * minuteMs, 5.5 * minuteMs]);
});

it('looks once at an incident that began long ago', async () => {
  let count = 0;
  const started = rounds(async () => void count++);
  started.begin([{ incidentId: 1, startsAtMs: Date.now() - 60 * minuteMs }]);
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  expect(count).toBe(1);
});

it('has one capture under way at a time, and bounds how many wait in a storm', async () => {
  let underWay = 0;
  let most = 0;
  const captured = new Set<number>();
  const started = rounds(async (id) => {
    most = Math.max(most, ++underWay);
    await new Promise((resolve) => setTimeout(resolve, 10));
    underWay--;
    captured.add(id);
  });
  const startsAtMs = Date.now();
  started.begin(Array.from({ length: 500 }, (_none, incidentId) => ({ incidentId, startsAtMs })));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(most).toBe(1);
  expect(captured.size).toBe(50);
});

it('ends with the core: what waits is left, what is under way is aborted', async () => {
  const signals: AbortSignal[] = [];
  const started = rounds((_id, signal) => {
    signals.push(signal);
    return new Promise(() => undefined);
  });
  started.begin([
    { incidentId: 1, startsAtMs: Date.now() },
    { incidentId: 2, startsAtMs: Date.now() },
  ]);
  started.stop();
  await vi.advanceTimersByTimeAsync(20 * minuteMs);
  expect(signals.map((signal) => signal.aborted)).toEqual([true]);
});

it('looks at all of a storm, in turns', async () => {
  const captured = new Set<number>();
  const started = rounds(async (id) => void captured.add(id));
  const startsAtMs = Date.now() - 60 * minuteMs;
  started.begin(Array.from({ length: 500 }, (_none, incidentId) => ({ incidentId, startsAtMs })));
  await vi.advanceTimersByTimeAsync(3 * minuteMs);
  expect(captured.size).toBe(500);
});

it('looks again as soon as a source that was away is back, however long ago the incident began', async () => {
  let outcome: CaptureOutcome = 'away';
  const atMs: number[] = [];
  const settled: number[] = [];
  const started = new CaptureRounds({
    nowMs: Date.now,
    capture: async () => {
      if (outcome === 'answered') atMs.push(Date.now());
      return outcome;
    },
    onSettled: (id) => settled.push(id),
  });
  started.begin([{ incidentId: 1, startsAtMs: Date.now() - 60 * minuteMs }]);
  await vi.advanceTimersByTimeAsync(100 * minuteMs + 7);
  outcome = 'answered';
  const backAtMs = Date.now();
  started.sourceReturned();
  await vi.advanceTimersByTimeAsync(100 * minuteMs);
  expect([atMs, settled]).toEqual([[backAtMs], [1]]);
});

it('looks at an incident anew after the clock was set back', async () => {
  let looks = 0;
  const started = rounds(async () => void looks++);
  started.begin([{ incidentId: 1, startsAtMs: Date.now() }]);
  await vi.advanceTimersByTimeAsync(minuteMs);
  vi.setSystemTime(Date.now() - 40 * minuteMs);
  const before = looks;
  await vi.advanceTimersByTimeAsync(3 * minuteMs);
  expect(looks).toBeGreaterThan(before);
});

type Source = CaptureOutcome;
type Step =
  | { readonly kind: 'source'; readonly becomes: Source }
  | { readonly kind: 'opens'; readonly agoMs: number }
  | { readonly kind: 'passes'; readonly ms: number }
  | { readonly kind: 'restart' };

/** A console with one source, restarted at will; what is settled is kept over its restarts. */
class World {
  source: Source;
  readonly settled = new Map<number, number>();
  readonly #startsAtMs = new Map<number, number>();
  readonly #windowMs = 5.5 * minuteMs;
  /** Questions of the core that runs now, by incident. */
  #questions = new Map<number, number>();
  #rounds: CaptureRounds<{ incidentId: number; startsAtMs: number }>;

  constructor(source: Source) {
    this.source = source;
    this.#rounds = this.#start();
  }

  get open(): number[] {
    return [...this.#startsAtMs.keys()];
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'source') {
      const isBack = this.source === 'away' && step.becomes !== 'away';
      this.source = step.becomes;
      if (isBack) this.#rounds.sourceReturned();
    } else if (step.kind === 'opens') {
      const subject = { incidentId: this.#startsAtMs.size + 1, startsAtMs: Date.now() - step.agoMs };
      this.#startsAtMs.set(subject.incidentId, subject.startsAtMs);
      this.#rounds.begin([subject]);
    } else if (step.kind === 'restart') {
      this.end();
      this.#questions = new Map();
      this.#rounds = this.#start();
      const unsettled = [...this.#startsAtMs].filter(([id]) => !this.settled.has(id));
      this.#rounds.begin(unsettled.map(([incidentId, startsAtMs]) => ({ incidentId, startsAtMs })));
    }
    await vi.advanceTimersByTimeAsync(step.kind === 'passes' ? step.ms : 0);
    expect(Math.max(0, ...this.#questions.values())).toBeLessThanOrEqual(mostLooks);
    expect(Math.max(0, ...this.settled.values())).toBeLessThanOrEqual(1);
  }

  end(): void {
    this.#rounds.stop();
  }

  #start(): CaptureRounds<{ incidentId: number; startsAtMs: number }> {
    return new CaptureRounds({
      nowMs: Date.now,
      windowMs: this.#windowMs,
      capture: async ({ incidentId }) => {
        if (this.source !== 'away')
          this.#questions.set(incidentId, (this.#questions.get(incidentId) ?? 0) + 1);
        return this.source;
      },
      onSettled: (id) => {
        expect(Date.now()).toBeGreaterThanOrEqual((this.#startsAtMs.get(id) ?? 0) + this.#windowMs);
        this.settled.set(id, (this.settled.get(id) ?? 0) + 1);
      },
    });
  }
}

const sources = fc.constantFrom<Source>('answered', 'away', 'failed');
const steps = fc.oneof(
  fc.record({ kind: fc.constant('source' as const), becomes: sources }),
  fc.record({ kind: fc.constant('opens' as const), agoMs: fc.integer({ min: 0, max: 30 * minuteMs }) }),
  fc.record({ kind: fc.constant('passes' as const), ms: fc.integer({ min: 1, max: 20 * minuteMs }) }),
  fc.record({ kind: fc.constant('restart' as const) }),
);

it('in whatever order sources come and go, each window is captured once, with a bound on the questions', async () => {
  await fc.assert(
    fc.asyncProperty(sources, fc.array(steps, { maxLength: 25 }), async (source, taken) => {
      const world = new World(source);
      for (const step of taken) await world.take(step);
      // At last the source is up long enough, for a core that has not given up on it.
      for (const step of [{ kind: 'source', becomes: 'answered' }, { kind: 'restart' }] as const)
        await world.take(step);
      await world.take({ kind: 'passes', ms: 10 * minuteMs });
      world.end();
      expect(world.settled).toEqual(new Map(world.open.map((id) => [id, 1])));
    }),
    { numRuns: 150 },
  );
});

it('in sight for good, what was only away is captured without a restart', async () => {
  const order = fc.array(
    fc.oneof(
      steps.filter((step) => step.kind === 'opens' || step.kind === 'passes'),
      fc.record({
        kind: fc.constant('source' as const),
        becomes: fc.constantFrom<Source>('answered', 'away'),
      }),
    ),
    { maxLength: 25 },
  );
  await fc.assert(
    fc.asyncProperty(order, async (taken) => {
      const world = new World('away');
      for (const step of taken) await world.take(step);
      await world.take({ kind: 'source', becomes: 'answered' });
      await world.take({ kind: 'passes', ms: 10 * minuteMs });
      world.end();
      expect(world.settled).toEqual(new Map(world.open.map((id) => [id, 1])));
    }),
    { numRuns: 100 },
  );
});

it('gives up an incident whose source always fails, and asks no more', async () => {
  const world = new World('failed');
  await world.take({ kind: 'opens', agoMs: 60 * minuteMs });
  await world.take({ kind: 'passes', ms: 24 * 60 * minuteMs });
  await world.take({ kind: 'source', becomes: 'answered' });
  await world.take({ kind: 'passes', ms: 24 * 60 * minuteMs });
  world.end();
  expect(world.settled.size).toBe(0);
});
