import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firing, IncidentWorld, type WorldAlert } from '#support/incident-world.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { familyOf, holderOf, homeOf } from './family.ts';
import { worseThan } from './snoozing.ts';

/** Verdicts, polls, time and restarts in any order: what has to hold whatever has happened. */

const pods = ['a', 'b', 'c', 'd', 'e'];
const alerts: readonly WorldAlert[] = ['Full', 'Slow', 'Down'].flatMap((alertname, index) =>
  pods.map((pod, place) => ({
    alertname,
    pod,
    severity: (['info', 'warning', 'critical'] as const)[(index + place) % 3] ?? 'info',
  })),
);
const fingerprints = alerts.map((alert) => firing(alert).fingerprint);
const comeBackAfterMs = 2 * hourMs;

type Step = (world: IncidentWorld, state: State) => Promise<unknown>;

interface State {
  /** What fired in the last poll. */
  reported: readonly WorldAlert[];
}

const which = fc.nat({ max: 30 });
const several = fc.array(which, { minLength: 1, maxLength: 3 });
const undo = fc.boolean();

/** The incidents that are chosen among, where that must not change. */
const chosenAmong = new WeakMap<IncidentWorld, readonly number[]>();

/** One of the incidents there are; undefined where there is none. */
function pick(world: IncidentWorld, index: number): number | undefined {
  const known = chosenAmong.get(world) ?? world.incidents().map(({ id }) => id);
  return known[index % Math.max(1, known.length)];
}

function picked(world: IncidentWorld, indexes: readonly number[]): number[] {
  return indexes.flatMap((index) => pick(world, index) ?? []);
}

function said(act: (world: IncidentWorld, ids: readonly number[]) => Promise<unknown>) {
  return (indexes: readonly number[]): Step =>
    async (world) => {
      const ids = picked(world, indexes);
      if (ids.length > 0) await act(world, ids);
    };
}

const happening: fc.Arbitrary<[string, Step]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.subarray([...alerts]).map((reported): [string, Step] => [
      `poll ${reported.map(({ alertname, pod }) => `${alertname}/${pod}`).join(' ')}`,
      async (world, state) => {
        state.reported = reported;
        await world.poll(reported);
      },
    ]),
  },
  fc
    .integer({ min: 1, max: 90 })
    .map((minutes): [string, Step] => [`pass ${minutes} minutes`, (world) => world.pass(minutes * minuteMs)]),
  fc.constant<[string, Step]>(['restart', async (world) => world.restart()]),
);

const verdict: fc.Arbitrary<[string, Step]> = fc.oneof(
  fc
    .tuple(several, fc.boolean())
    .map(([ids, silence]): [string, Step] => [
      `acknowledge ${ids.join()}`,
      said((world, known) => world.desk.acknowledge(known, 'ml', '', silence))(ids),
    ]),
  fc
    .tuple(several, undo)
    .map(([ids, back]): [string, Step] => [
      `release ${ids.join()}`,
      said((world, known) => world.desk.release(known, 'ml', back))(ids),
    ]),
  fc.tuple(several, fc.option(fc.integer({ min: 1, max: 200 }))).map(([ids, minutes]): [string, Step] => [
    `snooze ${ids.join()} for ${minutes ?? 'ever'}`,
    said((world, known) => {
      const untilMs = minutes === null ? null : world.nowMs + minutes * minuteMs;
      return world.desk.snooze(known, untilMs, 'ml', false);
    })(ids),
  ]),
  several.map((ids): [string, Step] => [
    `wake ${ids.join()}`,
    said((world, known) => world.desk.wake(known, 'ml', false))(ids),
  ]),
  fc
    .tuple(several, fc.boolean())
    .map(([ids, isNoise]): [string, Step] => [
      `noise ${ids.join()} ${String(isNoise)}`,
      said((world, known) => world.desk.markNoise(known, isNoise, 'ml', false))(ids),
    ]),
  fc.tuple(several, which).map(([ids, into]): [string, Step] => [
    `merge ${ids.join()} into ${into}`,
    said(async (world, known) => {
      const target = pick(world, into);
      if (target !== undefined) await world.desk.merge(known, target, 'ml');
    })(ids),
  ]),
  several.map((ids): [string, Step] => [
    `unmerge ${ids.join()}`,
    said((world, known) => world.desk.unmerge(known, 'ml', true))(ids),
  ]),
  fc
    .tuple(which, fc.subarray(fingerprints, { minLength: 1, maxLength: 6 }))
    .map(([index, chosen]): [string, Step] => [
      `split ${index} ${chosen.length}`,
      async (world) => {
        const id = pick(world, index);
        if (id !== undefined) await world.desk.split(id, chosen, 'ml');
      },
    ]),
  several.map((ids): [string, Step] => [
    `rejoin ${ids.join()}`,
    said((world, known) => world.desk.rejoin(known, 'ml'))(ids),
  ]),
);

const step = fc.oneof(happening, { weight: 2, arbitrary: verdict });

/** Everything that must be true at any time. */
function expectSound(world: IncidentWorld, { reported }: State): void {
  const open = world.alerts().filter(({ endedAtMs }) => endedAtMs === null);
  // Every alert that fires is open in one incident, and no other alert is open anywhere.
  expect(open.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
    reported.map((alert) => firing(alert).fingerprint).toSorted(),
  );
  for (const alert of world.alerts()) {
    const home = homeOf(alert);
    if (alert.endedAtMs === null) expect(holderOf(world.book, home)?.id).toBe(alert.incidentId);
  }
  for (const incident of world.incidents()) {
    const { id, mergedInto, resolvedAtMs, verdicts, acknowledgedBy } = incident;
    const held = world.book.alertsOf(id).filter(({ endedAtMs }) => endedAtMs === null);
    const holder = holderOf(world.book, id);
    expect(holder?.mergedInto).toBeNull();
    expect(familyOf(world.book, holder?.id ?? 0)).toContain(id);
    if (mergedInto !== null) {
      expect(held).toEqual([]);
      expect(holder?.resolvedAtMs).toBe(resolvedAtMs);
      continue;
    }
    // Open as long as any of its alerts is, and no longer.
    expect(held.length > 0).toBe(resolvedAtMs === null);
    if (resolvedAtMs !== null) continue;
    const { snoozed, handledAtMs } = verdicts;
    if (snoozed !== null) {
      expect(snoozed.untilMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(world.nowMs);
      expect(worseThan(snoozed, held, () => false)).toBeNull();
    }
    if (acknowledgedBy !== null && snoozed === null)
      expect(world.nowMs - (handledAtMs ?? 0)).toBeLessThan(comeBackAfterMs);
  }
}

const isFull = process.env['OPSSIGHT_FULL'] === '1';
const runs = isFull ? 3_000 : 100;
const options = { timeout: isFull ? 300_000 : 30_000 };

test(
  'one open incident an alert, nothing lost, nothing asleep that got worse, whatever the order',
  options,
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const world = new IncidentWorld();
        world.comeBackAfterMs = comeBackAfterMs;
        const state: State = { reported: alerts };
        await world.poll(alerts);
        let records = 0;
        for (const [, act] of steps) {
          await act(world, state);
          await world.desk.idle();
          expectSound(world, state);
          const count = world.alerts().length;
          expect(count).toBeGreaterThanOrEqual(records);
          records = count;
        }
        const [incidents, known] = [world.incidents(), world.alerts()];
        world.restart();
        expect(world.incidents()).toEqual(incidents);
        const key = (alert: (typeof known)[number]) => `${alert.incidentId} ${alert.fingerprint}`;
        const sorted = (list: typeof known) =>
          list.toSorted((left, right) => (key(left) < key(right) ? -1 : 1));
        expect(sorted(world.alerts())).toEqual(sorted(known));
        world.close();
      }),
      { numRuns: runs },
    );
  },
);

/** What a person sees of the alerts: which of them are in which incident. */
function places(world: IncidentWorld): string[] {
  return world
    .alerts()
    .map((alert) => `${alert.incidentId} ${alert.homeIncidentId} ${alert.fingerprint} ${alert.endedAtMs}`)
    .toSorted();
}

/** A world after any story. */
async function told(steps: readonly [string, Step][]): Promise<IncidentWorld> {
  const world = new IncidentWorld();
  const state: State = { reported: alerts };
  await world.poll(alerts);
  for (const [, act] of steps) {
    await act(world, state);
    await world.desk.idle();
  }
  return world;
}

test('a merge taken back puts every alert where it was', options, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), which, which, async (steps, one, other) => {
      const world = await told(steps);
      const [id, into] = [pick(world, one) ?? 0, pick(world, other) ?? 0];
      const before = places(world);
      const wasMerged = world.book.incident(id)?.mergedInto;
      const merged = await world.desk.merge([id], into, 'ml');
      if (merged.ok && wasMerged === null) await world.desk.unmerge([id], 'ml', true);
      else if (merged.ok) return world.close();
      expect(places(world)).toEqual(before);
      world.close();
    }),
    { numRuns: runs },
  );
});

test('a split taken back puts every alert where it was', options, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      which,
      fc.subarray(fingerprints, { minLength: 1 }),
      async (steps, one, chosen) => {
        const world = await told(steps);
        const before = places(world);
        const known = world.incidents().length;
        const split = await world.desk.split(pick(world, one) ?? 0, chosen, 'ml');
        const isNew = world.incidents().length > known;
        if (split.ok && isNew) await world.desk.rejoin([split.value.created], 'ml');
        expect(places(world)).toEqual(before);
        world.close();
      },
    ),
    { numRuns: runs },
  );
});

test(
  'a close taken back puts every alert where it was, and opens nothing twice that fired meanwhile',
  options,
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 12 }),
        fc.option(fc.subarray([...alerts], { minLength: 1 })),
        async (steps, again) => {
          const world = await told(steps);
          await world.poll([], 2);
          const before = places(world);
          const open = world.incidents().filter(({ resolvedAtMs }) => resolvedAtMs === null);
          const ids = open.map(({ id }) => id);
          if (ids.length === 0) return world.close();
          expect(await world.desk.close(ids, 'ml')).toMatchObject({ ok: true });
          expect(world.alerts().filter(({ endedAtMs }) => endedAtMs === null)).toEqual([]);
          if (again !== null) await world.poll(again, 2);
          const back = await world.desk.reopen(ids, 'ml');
          if (again === null) {
            expect(back).toMatchObject({ ok: true });
            expect(places(world)).toEqual(before);
            return world.close();
          }
          const isOpen = world.alerts().filter(({ endedAtMs }) => endedAtMs === null);
          expect(new Set(isOpen.map(({ fingerprint }) => fingerprint)).size).toBe(isOpen.length);
          const fires = isOpen.filter(({ state }) => state === 'firing');
          expect(fires.map(({ fingerprint }) => fingerprint).toSorted()).toEqual(
            again.map((alert) => firing(alert).fingerprint).toSorted(),
          );
          const groups = world.incidents().filter(({ resolvedAtMs }) => resolvedAtMs === null);
          expect(new Set(groups.map(({ groupKey }) => groupKey)).size).toBe(groups.length);
          for (const { id, resolvedAtMs } of world.incidents())
            expect(holderOf(world.book, id)?.resolvedAtMs ?? null).toBe(resolvedAtMs);
          world.close();
        },
      ),
      { numRuns: runs },
    );
  },
);

test('a verdict said twice is said once', options, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), verdict, async (steps, [, act]) => {
      const world = await told(steps);
      const state: State = { reported: alerts };
      const seen = () => [
        world.incidents(),
        world.alerts(),
        world.incidents().map(({ id }) => world.timeline(id)),
      ];
      chosenAmong.set(
        world,
        world.incidents().map(({ id }) => id),
      );
      await act(world, state);
      // What follows by itself is part of it: what is on its own again may be due to wake.
      await world.desk.idle();
      const once = seen();
      await act(world, state);
      await world.desk.idle();
      expect(seen()).toEqual(once);
      world.close();
    }),
    { numRuns: runs },
  );
});
