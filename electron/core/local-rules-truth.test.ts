import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { doubt, observe, type Observation } from '#core/incidents/alert-history.ts';
import { IncidentBook, type BookDraft } from '#core/incidents/incident-book.ts';
import { alertOf } from '#core/incidents/incident-row.ts';
import { noSurroundings } from '#core/rules/query-service.ts';
import { RuleEngine } from '#core/rules/rule-engine.ts';
import type { RuleStateRecord } from '#core/store/records.ts';
import type { Alert } from '#shared/model/alert.ts';
import { failed, success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { emptyJournal } from '#support/journal-records.ts';

/** A local rule and what the incidents make of it: an alert is never surer, nor sooner over, than its query. */

type Answer = 'present' | 'absent' | 'fails';

class World {
  readonly book = new IncidentBook(emptyJournal);
  readonly #folder: string;
  readonly #records = new Map<string, RuleStateRecord>();
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();
  nowMs = 1_800_000_000_000;
  answer: Answer = 'present';
  answerer = 'http://p:9090';
  /** What a question waits for before it is answered. */
  held: (expression: string, atMs: number) => Promise<void> | undefined = () => undefined;
  engine: RuleEngine;

  /** @param others rules of a group of their own. */
  constructor(
    cleanup: Cleanup,
    rules: readonly object[] = [{ alert: 'A', expr: 'm > 0' }],
    others: readonly object[] = [],
  ) {
    this.#folder = temporaryFolder(cleanup);
    const ofOthers = others.length === 0 ? [] : [{ name: 'h', interval: '1s', rules: others }];
    const groups = [{ name: 'g', interval: '1s', rules }, ...ofOthers];
    writeFileSync(join(this.#folder, 'a.yml'), JSON.stringify({ groups }));
    this.engine = this.#newEngine();
  }

  /** The answers to a question; a rule that asks for `other` is always answered. */
  #asked(expression: string) {
    if (expression === 'other') return success([]);
    if (this.answer === 'fails') return failed({ message: 'no answer' });
    return success(this.answer === 'present' ? [{ labels: { a: 'b' }, value: 1 }] : []);
  }

  #newEngine(): RuleEngine {
    const engine = new RuleEngine({
      queries: {
        surroundings: () => noSurroundings,
        instant: async (expression, atMs) => {
          await this.held(expression, atMs);
          return this.#asked(expression);
        },
      },
      restore: [...this.#records.values()],
      commit: async (changes) => {
        for (const change of changes)
          if (change.kind === 'rule-group') this.#records.set(change.record.group, change.record);
        return success(undefined);
      },
      onAlerts: (told) => this.#write((draft) => this.#observed(draft, told)),
      onDoubt: (told) => this.#write((draft) => doubt(draft, told, context)),
      onChanged: () => undefined,
      clock: {
        nowMs: () => this.nowMs,
        after: (delayMs, callback) => {
          const timer = { atMs: this.nowMs + delayMs, callback };
          this.#timers.add(timer);
          return () => this.#timers.delete(timer);
        },
      },
    });
    this.#point(engine);
    return engine;
  }

  #point(engine: RuleEngine): void {
    engine.configure({ folder: this.#folder, prometheusUrl: this.answerer, sourceName: 'p' });
  }

  #write(change: (draft: BookDraft) => void): void {
    const draft = this.book.draft();
    change(draft);
    this.book.apply(draft);
  }

  #observed(draft: BookDraft, told: Observation): void {
    observe(draft, told, this.book.openAlerts(), context);
  }

  async start(): Promise<void> {
    this.engine.start();
    await this.engine.reload();
  }

  async restart(): Promise<void> {
    await this.engine.stop();
    this.engine = this.#newEngine();
    await this.start();
  }

  askAnother(answerer: string): void {
    this.answerer = answerer;
    this.#point(this.engine);
  }

  /** Lets the next slot come, after so many that pass with nobody there to evaluate them. */
  async slot(asleepMs = 0): Promise<void> {
    this.nowMs += asleepMs;
    const untilMs = this.nowMs + 1_000;
    for (;;) {
      const next = [...this.#timers].toSorted((left, right) => left.atMs - right.atMs)[0];
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = Math.max(this.nowMs, untilMs);
  }

  /** The newest alert that the incidents know. */
  get alert(): Alert | undefined {
    const all = [...this.book.incidents()].flatMap(({ id }) => [...this.book.alertsOf(id)]);
    const [newest] = all.toSorted((left, right) => right.incidentId - left.incidentId);
    return newest === undefined ? undefined : alertOf(newest, (source) => this.book.watch(source));
  }
}

const context = { isFresh: () => true, groupBy: ['alertname'] };

test('never over by a failure, never fresh while it fails, whatever sleeps or starts again', async () => {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.run());
  const step = fc.record({
    answer: fc.constantFrom<Answer>('present', 'absent', 'fails'),
    asleepMs: fc.constantFrom(0, 0, 3_000, 200_000, 4_000_000),
    restarts: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (taken) => {
      const world = new World(cleanup);
      await world.start();
      let isOpen = false;
      let seenBeforeMs = 0;
      for (const { answer, asleepMs, restarts } of taken) {
        if (restarts) await world.restart();
        world.answer = answer;
        await world.slot(asleepMs);
        if (answer !== 'fails') isOpen = answer === 'present';
        const { alert } = world;
        const said = alert === undefined || alert.endedAtMs !== null ? 'over' : alert.state;
        expect(said).toBe(!isOpen ? 'over' : answer === 'fails' ? 'unseen' : 'firing');
        if (isOpen && answer === 'fails') expect(alert?.lastSeenAtMs).toBeLessThanOrEqual(seenBeforeMs);
        if (answer === 'present') seenBeforeMs = world.nowMs;
      }
      await world.engine.stop();
    }),
    { numRuns: 60 },
  );
});

async function firing(rules?: readonly object[], others?: readonly object[]): Promise<World> {
  const cleanup = new Cleanup();
  onTestFinished(() => cleanup.run());
  const world = new World(cleanup, rules, others);
  onTestFinished(() => world.engine.stop());
  await world.start();
  await world.slot();
  expect(world.alert?.state).toBe('firing');
  return world;
}

test('a rule that fails beside one that is answered is doubted alone', async () => {
  const world = await firing([
    { alert: 'A', expr: 'm > 0' },
    { alert: 'B', expr: 'other' },
  ]);
  const seenAtMs = world.nowMs;
  world.answer = 'fails';
  for (let slot = 0; slot < 5; slot++) await world.slot();
  expect(world.alert).toMatchObject({ state: 'unseen', endedAtMs: null });
  expect(world.alert?.lastSeenAtMs).toBeLessThanOrEqual(seenAtMs);
  world.answer = 'present';
  await world.slot();
  expect(world.alert).toMatchObject({ state: 'firing' });
  world.answer = 'absent';
  await world.slot();
  expect(world.alert).toMatchObject({ state: 'resolved' });
});

test('another Prometheus that does not have it ends nothing; the one that had it does', async () => {
  const world = await firing();
  world.askAnother('http://other:9090');
  world.answer = 'absent';
  await world.slot();
  expect(world.alert).toMatchObject({ state: 'unseen', endedAtMs: null });
  world.answer = 'present';
  await world.slot();
  expect(world.alert?.state).toBe('firing');
  world.answer = 'absent';
  await world.slot();
  expect(world.alert?.state).toBe('resolved');
});

test('another Prometheus that is in force before the answer is there ends nothing either', async () => {
  const world = await firing();
  const answer = Promise.withResolvers<void>();
  world.held = () => answer.promise;
  await world.slot();
  world.askAnother('http://other:9090');
  world.answer = 'absent';
  world.held = () => undefined;
  answer.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  for (let slot = 0; slot < 2; slot++) await world.slot();
  expect(world.alert).toMatchObject({ state: 'unseen', endedAtMs: null });
});

test('an end that nobody saw is none to a group that is evaluated while another catches up', async () => {
  const world = await firing(undefined, [{ alert: 'B', expr: 'other' }]);
  world.askAnother('http://other:9090');
  world.answer = 'absent';
  const second = Promise.withResolvers<void>();
  let asked = 0;
  world.held = (expression) => (expression === 'other' || ++asked === 1 ? undefined : second.promise);
  await world.slot(3_000);
  await world.slot();
  expect(asked).toBe(2);
  expect(world.alert).toMatchObject({ state: 'unseen', endedAtMs: null });
  second.resolve();
  await world.slot();
  expect(world.alert).toMatchObject({ state: 'unseen', endedAtMs: null });
});
