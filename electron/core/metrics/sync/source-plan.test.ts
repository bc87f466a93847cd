import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSelector, type Selector } from '#core/store/cache/samples/selector.ts';
import type { SourceFailure, SourceFailureCode } from '#shared/failure.ts';
import type { Demand, WatchPriority } from './demands.ts';
import { overlapMs } from './selector-plan.ts';
import { maxSeries, SourcePlan, type Step } from './source-plan.ts';
import { clipSpans, lengthOfSpans, withoutSpans, type Span } from './spans.ts';
import { meantSamples } from './window-size.ts';

const isFull = process.env['OPSSIGHT_FULL'] === '1';
const longer = { timeout: isFull ? 180_000 : 15_000 };
const hourMs = 3_600_000;
const startMs = 1_795_226_400_000;
const settleMs = 10_000;

function selector(text: string): Selector {
  const read = readSelector(text);
  if (!read.ok) throw new Error(read.failure);
  return read.value;
}

function failure(code: SourceFailureCode, retryAfterMs: number | null = null): SourceFailure {
  return { code, message: `it said ${code}`, nextStep: '', retryAfterMs, status: null };
}

interface World {
  readonly series: number;
  /** Between two samples of a series. */
  readonly intervalMs: number;
  readonly keepMs: number;
  readonly priority: WatchPriority;
}

const mostInAnswer = 500_000;

/** A server, a cache and a plan, in which time passes as questions take it. */
class Simulation {
  readonly plan = new SourcePlan();
  readonly covered = new Map<string, Span[]>();
  readonly fetched: (Span & { readonly text: string; readonly atMs: number })[] = [];
  readonly #worlds: ReadonlyMap<string, World>;
  nowMs = startMs;

  constructor(worlds: readonly World[]) {
    this.#worlds = new Map(worlds.map((world, index) => [`m${index}`, world]));
  }

  demand(): void {
    const demands = [...this.#worlds].map(([text, { keepMs, priority }]): Demand => {
      const fromMs = Math.floor((this.nowMs - keepMs) / 30_000) * 30_000;
      return { selector: selector(text), wanted: [{ fromMs, toMs: this.nowMs + 30_000 }], priority };
    });
    this.plan.want(demands);
  }

  /** @returns whether something was asked. */
  turn(failing: SourceFailureCode | null, tookMs: number): boolean {
    const settledMs = this.nowMs - settleMs;
    const turn = this.plan.next(this.nowMs, settledMs);
    if (turn.kind === 'wait') {
      expect(turn.untilMs).toBeGreaterThan(this.nowMs);
      this.nowMs = turn.untilMs;
      return false;
    }
    const { step } = turn;
    if (step.kind === 'recall') this.plan.recalled(step, this.#coveredOf(step), this.nowMs);
    else {
      this.nowMs += tookMs;
      if (failing === null) this.#answer(step, tookMs, settledMs);
      else this.plan.failed(step, failure(failing), tookMs, this.nowMs);
    }
    return step.kind !== 'recall';
  }

  #coveredOf(step: Step & { readonly kind: 'recall' }): Span[] {
    const known = this.covered.get(step.plan.selector.text) ?? [];
    return known.filter(({ toMs }) => toMs >= step.span.fromMs);
  }

  #answer(step: Step, tookMs: number, settledMs: number): void {
    const { text } = step.plan.selector;
    const world = this.#worlds.get(text);
    if (world === undefined || step.kind === 'recall') throw new Error('nobody wanted this');
    if (step.kind === 'count') return this.plan.counted(step, world.series, tookMs, this.nowMs);
    const { span } = step;
    const spanMs = span.toMs - span.fromMs + 1;
    const samples = Math.ceil(spanMs / world.intervalMs) * world.series;
    if (samples > mostInAnswer) return this.plan.failed(step, failure('too-large'), tookMs, this.nowMs);
    const before = this.covered.get(text) ?? [];
    // Twice over is at most the overlap, and what is claimed is settled.
    const again = spanMs - lengthOfSpans(withoutSpans([span], before));
    expect(again).toBeLessThanOrEqual(overlapMs);
    expect(again).toBeLessThan(spanMs);
    expect(span.toMs).toBeLessThanOrEqual(settledMs);
    this.plan.kept(step, world.series, samples, tookMs, this.nowMs);
    this.covered.set(text, withoutSpans([...before, span], []));
    this.fetched.push({ ...span, text, atMs: this.nowMs });
    // What nobody wants any more may be forgotten; the cache has it all the same.
    const plan = this.plan.find(text);
    const stillWanted = clipSpans(before, plan?.wanted[0]?.fromMs ?? 0, settledMs);
    expect(withoutSpans(stillWanted, plan?.covered ?? [])).toEqual([]);
  }
}

const priorities: readonly WatchPriority[] = ['rule', 'shown', 'incident'];
const worlds = fc.array(
  fc.record({
    series: fc.oneof(fc.nat(50), fc.integer({ min: 0, max: maxSeries })),
    intervalMs: fc.constantFrom(1_000, 15_000, 60_000),
    keepMs: fc.integer({ min: 60_000, max: 24 * hourMs }),
    priority: fc.constantFrom(...priorities),
  }),
  { minLength: 1, maxLength: 6 },
);
const codes: readonly (SourceFailureCode | null)[] = [
  null,
  null,
  null,
  'timeout',
  'too-large',
  'rate-limited',
  'server-error',
  'refused',
];

test(
  'windows are never fetched twice beyond the overlap, claim only what is settled, and coverage only grows',
  longer,
  () => {
    const check = (
      list: readonly World[],
      failing: readonly (SourceFailureCode | null)[],
      tookMs: number,
    ): void => {
      const simulation = new Simulation(list);
      for (let round = 0; round < 150; round++) {
        simulation.demand();
        simulation.turn(failing[round % failing.length] ?? null, tookMs);
      }
    };
    const failing = fc.array(fc.constantFrom(...codes), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(worlds, failing, fc.integer({ min: 1, max: 5_000 }), check), {
      numRuns: isFull ? 1_000 : 40,
    });
  },
);

test('all that is wanted is covered in the end, but for what grows meanwhile', longer, () => {
  const check = (list: readonly World[]): void => {
    const small = list.map((world) => ({ ...world, series: world.series % 200, intervalMs: 15_000 }));
    const simulation = new Simulation(small);
    let asked = 0;
    for (let round = 0; round < 4_000 && simulation.nowMs < startMs + 2 * hourMs; round++) {
      simulation.demand();
      if (simulation.turn(null, 20)) asked++;
    }
    const states = simulation.plan.selectors(simulation.nowMs, simulation.nowMs - settleMs);
    for (const { missingMs, refusal } of states) {
      expect(refusal).toBe('');
      expect(missingMs).toBeLessThan(40_000);
    }
    expect(asked).toBeGreaterThan(0);
  };
  fc.assert(fc.property(worlds, check), { numRuns: isFull ? 50 : 4 });
});

test('each selector has its turn, the more urgent sooner, and history is filled however busy it is', () => {
  const list = Array.from({ length: 30 }, (_none, index): World => ({
    series: 100,
    intervalMs: 15_000,
    keepMs: 48 * hourMs,
    priority: priorities[index % 3] ?? 'rule',
  }));
  const simulation = new Simulation(list);
  // Questions take so long that the tails alone are more than there is time for.
  for (let round = 0; round < 1_500; round++) {
    simulation.demand();
    simulation.turn(null, 500);
  }
  const times = Map.groupBy(simulation.fetched, ({ text }) => text);
  expect(times.size).toBe(30);
  const longest = Math.max(
    ...[...times.values()].map((own) =>
      Math.max(...own.slice(1).map(({ atMs }, index) => atMs - (own[index]?.atMs ?? 0))),
    ),
  );
  // One question of half a second with its rest takes 2.5 s; four rounds of all are more than enough.
  expect(longest).toBeLessThan(30 * 2_500 * 4);
  const fills = simulation.fetched.filter(({ toMs, atMs }) => atMs - toMs > 60_000);
  expect(fills.length).toBeGreaterThan(simulation.fetched.length / 5);
});

test('windows are as long as an answer may be; one that is too much is halved, and refused where it cannot be less', () => {
  const simulation = new Simulation([
    { series: 10_000, intervalMs: 15_000, keepMs: hourMs, priority: 'rule' },
  ]);
  for (let round = 0; round < 60; round++) {
    simulation.demand();
    simulation.turn(null, 10);
  }
  const longest = Math.max(...simulation.fetched.map(({ fromMs, toMs }) => toMs - fromMs));
  expect((longest / 15_000) * 10_000).toBeLessThan(meantSamples * 1.1);
  for (let round = 0; round < 60; round++) {
    simulation.nowMs += 60_000;
    simulation.demand();
    simulation.turn('too-large', 10);
  }
  const [state] = simulation.plan.selectors(simulation.nowMs, simulation.nowMs - settleMs);
  expect(state?.refusal).toBe('it said too-large');
  expect(simulation.plan.pause(simulation.nowMs)).toBeNull();
});

test('a selector of too many series is not followed, and says so', () => {
  const simulation = new Simulation([
    { series: maxSeries + 1, intervalMs: 15_000, keepMs: hourMs, priority: 'rule' },
  ]);
  for (let round = 0; round < 20; round++) {
    simulation.demand();
    simulation.turn(null, 10);
  }
  expect(simulation.fetched).toEqual([]);
  expect(simulation.plan.selectors(simulation.nowMs, simulation.nowMs)[0]?.refusal).toBe(
    'selects 20001 series; at most 20000 are followed',
  );
});

test('a source that fails is asked ever less often, one that says when is asked then, and a rest follows work', () => {
  const simulation = new Simulation([{ series: 1, intervalMs: 15_000, keepMs: hourMs, priority: 'rule' }]);
  const asked: number[] = [];
  for (let round = 0; round < 40; round++) {
    simulation.demand();
    if (simulation.turn('server-error', 0)) asked.push(simulation.nowMs - startMs);
  }
  expect(asked.slice(0, 4)).toEqual([0, 5_000, 15_000, 35_000]);
  const gaps = asked.slice(1).map((atMs, index) => atMs - (asked[index] ?? 0));
  expect(Math.max(...gaps)).toBe(300_000);

  const plan = new SourcePlan();
  plan.want([
    { selector: selector('m'), wanted: [{ fromMs: startMs - hourMs, toMs: startMs }], priority: 'rule' },
  ]);
  const next = (nowMs: number): Step => {
    const turn = plan.next(nowMs, startMs);
    if (turn.kind === 'wait') throw new Error(`waits until ${turn.untilMs - startMs}`);
    return turn.step;
  };
  plan.recalled(next(startMs), [], startMs);
  plan.failed(next(startMs), failure('rate-limited', 90_000), 0, startMs);
  plan.resume();
  expect(plan.next(startMs, startMs)).toEqual({ kind: 'wait', untilMs: startMs + 90_000 });
  const laterMs = startMs + 90_000;
  plan.failed(next(laterMs), failure('refused'), 0, laterMs);
  plan.resume();
  plan.counted(next(laterMs + 50), 1, 1_000, laterMs + 50);
  expect(plan.next(laterMs + 50, startMs)).toEqual({ kind: 'wait', untilMs: laterMs + 4_050 });
});

test('a selector that always fails holds up no other, and is left alone after a while', () => {
  const world: World = { series: 10, intervalMs: 15_000, keepMs: hourMs, priority: 'rule' };
  const simulation = new Simulation([{ ...world, priority: 'incident' }, world, world]);
  const refusals = new Set<string>();
  for (let round = 0; round < 400; round++) {
    simulation.demand();
    const turn = simulation.plan.next(simulation.nowMs, simulation.nowMs - settleMs);
    const isBroken = turn.kind === 'ask' && turn.step.plan.selector.text === 'm0';
    simulation.turn(isBroken ? 'timeout' : null, 100);
    for (const { refusal } of simulation.plan.selectors(simulation.nowMs, simulation.nowMs))
      refusals.add(refusal);
  }
  const [, ...others] = simulation.plan.selectors(simulation.nowMs, simulation.nowMs - settleMs);
  expect(others.map(({ missingMs }) => missingMs < 40_000)).toEqual([true, true]);
  expect([...refusals]).toEqual(['', 'it said timeout']);
});

test('what the cache dropped is not fetched again, and what a wider selector has is not fetched at all', () => {
  const plan = new SourcePlan();
  const wanted = [{ fromMs: startMs - 10 * hourMs, toMs: startMs }];
  const narrow = selector('m{job="a"}');
  plan.want([
    { selector: selector('m'), wanted: [{ fromMs: startMs - hourMs, toMs: startMs }], priority: 'rule' },
    {
      selector: narrow,
      wanted: [{ fromMs: startMs - 10 * hourMs, toMs: startMs - hourMs - 1 }],
      priority: 'rule',
    },
  ]);
  const wide = plan.find('m');
  wide?.cover({ fromMs: startMs - hourMs, toMs: startMs });
  expect(plan.find(narrow.text)?.covered).toEqual([{ fromMs: startMs - hourMs, toMs: startMs }]);
  plan.want([{ selector: selector('m'), wanted, priority: 'rule' }]);
  wide?.recalled({ fromMs: startMs - 10 * hourMs, toMs: startMs }, [], startMs);
  wide?.cover({ fromMs: startMs - 10 * hourMs, toMs: startMs });
  wide?.recalled(
    { fromMs: startMs - 10 * hourMs, toMs: startMs },
    [{ fromMs: startMs - 3 * hourMs, toMs: startMs }],
    startMs,
  );
  expect(wide?.missing(startMs)).toEqual([]);
});
