import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  crashesAndGossip,
  disturb,
  turnsOfServers,
  type Disturbance,
} from '#support/silence-disturbances.ts';
import { SilenceWorld, worldCluster } from '#support/silence-world.ts';

/**
 * Any order of outages, lost answers, ends of the console, full disks, and people who change their minds: a change
 * is made once or not at all, never before it is due, never after it was withdrawn, and it is never lost.
 */
const holdMs = 10_000;
const comments = ['the disk is changed', 'the other disk'] as const;

type Step =
  | { readonly kind: 'put'; readonly comment: string; readonly isHeld: boolean }
  | { readonly kind: 'disk'; readonly isBroken: boolean }
  | { readonly kind: 'withdraw' | 'retry'; readonly index: number }
  | Disturbance;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      comment: fc.constantFrom(...comments),
      isHeld: fc.boolean(),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 50, max: 900 }), fc.integer({ min: 1_000, max: 40_000 })),
    }),
  },
  {
    weight: 4,
    arbitrary: turnsOfServers,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('disk' as const), isBroken: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('withdraw' as const, 'retry' as const),
      index: fc.nat(5),
    }),
  },
  { weight: 3, arbitrary: crashesAndGossip },
);

interface Put {
  readonly id: string;
  readonly comment: string;
  readonly dueAtMs: number;
}

async function play(steps: readonly Step[]): Promise<void> {
  const world = new SilenceWorld();
  const puts: Put[] = [];
  for (const step of steps) {
    switch (step.kind) {
      case 'put': {
        const { clock } = world;
        const endsAtMs = Math.ceil(clock.nowMs() / 86_400_000 + 1) * 86_400_000;
        const draft = { ...world.draft(step.comment), endsAtMs };
        const options = { cluster: worldCluster, by: 'anna', holdMs: step.isHeld ? holdMs : 0 };
        const put = await world.outbox.put({ kind: 'create', draft }, options);
        if (put.ok) puts.push({ id: put.value.id, comment: step.comment, dueAtMs: put.value.dueAtMs });
        break;
      }
      case 'disk':
        world.isJournalBroken = step.isBroken;
        break;
      case 'withdraw':
      case 'retry': {
        const asked = puts[step.index];
        if (asked !== undefined) await world.outbox[step.kind](asked.id, 'anna');
        break;
      }
      default:
        await disturb(world, step);
    }
    neverTooOftenNorTooSoon(world, puts);
  }
  await everythingIsWell(world);
  neverTooOftenNorTooSoon(world, puts);
  allAreSettled(world, puts);
}

function neverTooOftenNorTooSoon(world: SilenceWorld, puts: readonly Put[]): void {
  for (const comment of comments) {
    const asked = puts.filter((put) => put.comment === comment);
    const made = [...world.a.made, ...world.b.made].filter((one) => one.comment === comment);
    expect(made.length).toBeLessThanOrEqual(asked.length);
    const dueAtMs = asked.map((put) => put.dueAtMs).toSorted((left, right) => left - right);
    const madeAtMs = made.map(({ atMs }) => atMs).toSorted((left, right) => left - right);
    for (const [index, atMs] of madeAtMs.entries())
      expect(atMs).toBeGreaterThanOrEqual(dueAtMs[index] ?? Infinity);
  }
}

async function everythingIsWell(world: SilenceWorld): Promise<void> {
  world.isJournalBroken = false;
  for (const server of [world.a, world.b]) server.mode = 'answers';
  await world.clock.advance(300_000);
}

function allAreSettled(world: SilenceWorld, puts: readonly Put[]): void {
  const states = new Map(world.outbox.entries().map(({ id, state }) => [id, state]));
  for (const { id } of puts) expect(['done', 'withdrawn']).toContain(states.get(id));
  for (const comment of comments) {
    const done = puts.filter((put) => put.comment === comment && states.get(put.id) === 'done');
    expect(world.madeOf(comment)).toBe(done.length);
  }
}

test('a change is made once or not at all, never too soon, and never lost', async () => {
  const numRuns = process.env['OPSSIGHT_FULL'] === '1' ? 20_000 : 150;
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), play), {
    numRuns,
    endOnFailure: false,
  });
}, 600_000);
