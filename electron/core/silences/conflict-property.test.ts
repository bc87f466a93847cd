import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { latencyMs, SilenceWorld, worldCluster, type ServerMode } from '#support/silence-world.ts';

/**
 * Two people change one silence, one of them through the outbox, over outages, lost answers and ends of the
 * console: what the other one did is never changed by somebody who did not see it.
 */
const holdMs = 10_000;
const modes: readonly ServerMode[] = ['answers', 'away', 'loses-request', 'loses-answer'];

type Step =
  | { readonly kind: 'edit' | 'expire' | 'colleague' | 'gossip' | 'crash' | 'mine' | 'theirs' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'server'; readonly isA: boolean; readonly mode: ServerMode };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('edit', 'expire', 'colleague', 'gossip', 'gossip', 'crash', 'mine', 'theirs'),
  }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 50, max: 30_000 }) }),
  fc.record({
    kind: fc.constant('server' as const),
    isA: fc.boolean(),
    mode: fc.constantFrom(...modes),
  }),
);

class Story {
  readonly world = new SilenceWorld();
  readonly silence: string;
  /** By the comment of an edit: the version that its author saw, or was told of. */
  readonly #seen = new Map<string, Set<number>>();
  readonly #colleagueAtMs: number[] = [];
  #edits = 0;

  constructor() {
    const { a, b } = this.world;
    this.silence = a.put({
      ...this.world.draft('as it was', 86_400_000),
      id: null,
      createdBy: 'bert',
      annotations: {},
    });
    a.gossipWith(b);
  }

  async take(step: Step): Promise<void> {
    const { a, b, clock, outbox } = this.world;
    switch (step.kind) {
      case 'edit':
        return await this.#edit();
      case 'expire': {
        const { id, seenUpdatedAtMs } = this.#newest();
        await outbox.put(
          { kind: 'expire', id, seenUpdatedAtMs },
          { cluster: worldCluster, by: 'anna', holdMs },
        );
        return;
      }
      case 'colleague': {
        await clock.advance(1);
        const there = b.silences.get(this.silence);
        if (there === undefined || there.state === 'expired') return;
        b.put({ ...there, comment: `carla ${clock.nowMs()}`, createdBy: 'carla' });
        this.#colleagueAtMs.push(clock.nowMs());
        return;
      }
      case 'gossip':
        return a.gossipWith(b);
      case 'crash':
        return this.world.crash();
      case 'mine':
      case 'theirs':
        return await this.#settle(step.kind);
      case 'wait':
        return await clock.advance(step.ms);
      case 'server':
        (step.isA ? a : b).mode = step.mode;
    }
  }

  check(): void {
    for (const { comment, by, atMs, overMs } of [...this.world.a.made, ...this.world.b.made]) {
      if (by !== 'anna' || overMs === null) continue;
      // Between a look and a change nobody can know: that is the servers' own gap.
      const isRace = this.#colleagueAtMs.some((ms) => ms <= atMs && atMs - ms < 3 * latencyMs);
      const isSeen = this.#seen.get(comment)?.has(overMs) === true || this.#isOwn(overMs);
      expect(isSeen || isRace, `${comment} over ${overMs}`).toBe(true);
    }
    for (const comment of this.#seen.keys()) expect(this.world.madeOf(comment)).toBeLessThanOrEqual(1);
  }

  async end(): Promise<void> {
    const { a, b, clock } = this.world;
    a.mode = 'answers';
    b.mode = 'answers';
    await clock.advance(300_000);
    this.check();
    const states = this.world.outbox.entries().map(({ state }) => state);
    for (const state of states) expect(['done', 'withdrawn', 'conflict']).toContain(state);
  }

  #newest(): { id: string; seenUpdatedAtMs: number } {
    const { a, b } = this.world;
    const versions = [a, b].map((server) => server.silences.get(this.silence)?.updatedAtMs ?? 0);
    return { id: this.silence, seenUpdatedAtMs: Math.max(...versions) };
  }

  async #edit(): Promise<void> {
    this.#edits += 1;
    const comment = `anna ${this.#edits}`;
    const seen = this.#newest();
    const draft = this.world.draft(comment, 86_400_000 + this.#edits * 60_000);
    const options = { cluster: worldCluster, by: 'anna', holdMs };
    const put = await this.world.outbox.put({ kind: 'edit', ...seen, draft }, options);
    if (put.ok) this.#seen.set(comment, new Set([seen.seenUpdatedAtMs]));
  }

  async #settle(choice: 'mine' | 'theirs'): Promise<void> {
    const disputed = this.world.outbox.entries().find(({ state }) => state === 'conflict');
    if (disputed === undefined) return;
    const { settled } = await this.world.outbox
      .settle(disputed.id, choice, 'anna')
      .then((answer) => ({ settled: answer.ok }));
    const { request } = this.world.shown(disputed.id) ?? disputed;
    if (settled && request.kind === 'edit')
      this.#seen.get(request.draft.comment)?.add(request.seenUpdatedAtMs);
  }

  #isOwn(atMs: number): boolean {
    const { a, b } = this.world;
    const made = [...a.made, ...b.made].filter(({ by }) => by === 'anna').map((one) => one.atMs);
    return [...made, ...a.endedAtMs, ...b.endedAtMs].includes(atMs);
  }
}

test('nobody changes what they did not see, and every change comes to its end', async () => {
  const numRuns = process.env['OPSSIGHT_FULL'] === '1' ? 20_000 : 150;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const story = new Story();
      for (const one of steps) {
        await story.take(one);
        story.check();
      }
      await story.end();
    }),
    { numRuns },
  );
}, 600_000);
