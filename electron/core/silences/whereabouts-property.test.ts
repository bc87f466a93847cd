import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayMs } from '#shared/time.ts';
import {
  crashesAndGossip,
  disturb,
  turnsOfServers,
  type Disturbance,
} from '#support/silence-disturbances.ts';
import { SilenceWorld, type SimulatedAlertmanager } from '#support/silence-world.ts';

/**
 * Any order of outages, lost answers, ends of the console and edits of the configuration: two servers of a cluster
 * lose their names, swap them, give them to a stranger and get them back. Nothing is ever made at the stranger; what
 * was asked for is made once or not at all at its own servers, and all of it once they have names again.
 */
const names = ['one', 'two', 'three'] as const;

type Name = (typeof names)[number] | null;
/** Of the two and of the stranger; null for one that is not configured. */
type Naming = readonly [Name, Name, Name];

type Step =
  | { readonly kind: 'put' }
  | { readonly kind: 'name'; readonly naming: Naming }
  | { readonly kind: 'give-up'; readonly index: number }
  | Disturbance;

const naming: fc.Arbitrary<Naming> = fc
  .tuple(
    fc.shuffledSubarray([...names], { minLength: 3 }),
    fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  )
  .map(([[a, b, c], [isA, isB, isC]]): Naming => [
    isA ? (a ?? null) : null,
    isB ? (b ?? null) : null,
    isC ? (c ?? null) : null,
  ]);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ kind: 'put' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('name' as const), naming }) },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 50, max: 20_000 }) }),
  },
  {
    weight: 3,
    arbitrary: turnsOfServers,
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('give-up' as const), index: fc.nat(5) }) },
  { weight: 2, arbitrary: crashesAndGossip },
);

async function play(steps: readonly Step[]): Promise<void> {
  const world = new SilenceWorld();
  const endsAtMs = world.clock.nowMs() + 10 * dayMs;
  const puts: { readonly id: string; readonly comment: string }[] = [];
  configure(world, ['one', 'two', null]);
  for (const step of steps) {
    switch (step.kind) {
      case 'put': {
        const { configured } = world;
        const own = configured.find((server) => server !== world.c);
        if (own === undefined) break;
        const comment = `silence ${puts.length}`;
        const request = { kind: 'create' as const, draft: { ...world.draft(comment), endsAtMs } };
        const put = await world.outbox.put(request, { cluster: own.source, by: 'anna', holdMs: 0 });
        if (put.ok) puts.push({ id: put.value.id, comment });
        break;
      }
      case 'name':
        configure(world, step.naming);
        break;
      case 'give-up': {
        const asked = puts[step.index];
        if (asked !== undefined) await world.outbox.settle(asked.id, 'theirs', 'anna');
        break;
      }
      default:
        await disturb(world, step);
    }
    expect(world.c.made).toEqual([]);
    for (const { comment } of puts) expect(world.madeOf(comment)).toBeLessThanOrEqual(1);
  }
  for (const server of [world.a, world.b]) server.mode = 'answers';
  configure(world, ['one', 'two', 'three']);
  await world.clock.advance(300_000);
  expect(world.c.made).toEqual([]);
  for (const { id, comment } of puts) {
    const state = world.shown(id)?.state;
    expect(['done', 'withdrawn']).toContain(state);
    // What was given up while nobody could be asked may be there, once.
    expect(world.madeOf(comment)).toBeLessThanOrEqual(1);
    if (state === 'done') expect(world.madeOf(comment)).toBe(1);
  }
}

function configure(world: SilenceWorld, [a, b, c]: Naming): void {
  const named: SimulatedAlertmanager[] = [];
  for (const [server, name] of [
    [world.a, a],
    [world.b, b],
    [world.c, c],
  ] as const) {
    if (name === null) continue;
    server.source = name;
    named.push(server);
  }
  world.configured = named;
  world.outbox.placesChanged();
}

test('nothing reaches a server that took the name of the one that it was meant for', async () => {
  const numRuns = process.env['OPSSIGHT_FULL'] === '1' ? 20_000 : 150;
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), play), {
    numRuns,
    endOnFailure: false,
  });
}, 600_000);
