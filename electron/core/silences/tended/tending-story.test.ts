import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Labels } from '#shared/model/labels.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import type { ServerMode } from '#support/silence-world.ts';
import { TendedScene } from '#support/tended-scene.ts';

const disk = { alertname: 'DiskFull', service: 'backend', instance: 'a' };
const diskB = { ...disk, instance: 'b' };
const other = { alertname: 'DiskFull', service: 'shop', instance: 'a' };

type Step =
  | { readonly kind: 'fire'; readonly indexes: readonly number[] }
  | { readonly kind: 'acknowledge' | 'release' | 'crash' | 'sleep' | 'wake' }
  | { readonly kind: 'server'; readonly isA: boolean; readonly mode: ServerMode }
  | { readonly kind: 'wait'; readonly seconds: number };

const alerts = [disk, diskB, { ...disk, instance: 'c', device: 'x' }, other, { ...other, instance: 'b' }];
const isFull = process.env['OPSSIGHT_FULL'] === '1';

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('fire' as const),
      indexes: fc.uniqueArray(fc.nat(alerts.length - 1), { maxLength: alerts.length }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('acknowledge' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constantFrom('release', 'crash', 'sleep', 'wake') }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('server' as const),
      isA: fc.boolean(),
      mode: fc.constantFrom('answers', 'away', 'loses-request', 'loses-answer', 'refuses'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.constantFrom(1, 11, 40, 600) }),
  },
);

/** Servers that fail in every way, people who change their minds, lids and crashes in any order. */
test(
  'over any story nobody else is hidden for long, what is held is quiet once all is well, and nothing stays',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 14, size: 'max' }), async (story) => {
        const scene = new TendedScene([disk, other]);
        await scene.start();
        for (const one of story) await take(scene, one);
        scene.a.mode = 'answers';
        scene.b.mode = 'answers';
        await scene.wake();
        await scene.pass(3 * minuteMs);
        for (const labels of scene.firing) {
          const { serviceHeld, incident } = heldOf(scene, labels);
          expect(scene.isQuiet(labels), `${labels.service} ${labels.instance} ${incident}`).toBe(serviceHeld);
        }
        const ids = [...scene.console.book.incidents()].map(({ id }) => id);
        await scene.console.incidents.release(ids, 'a.okafor', false);
        await scene.pass(minuteMs);
        expect(scene.active()).toEqual([]);
        expect(scene.console.silences.tended.all()).toEqual([]);
        await scene.stop();
      }),
      { numRuns: isFull ? 300 : 8 },
    );
  },
);

async function take(scene: TendedScene, one: Step): Promise<void> {
  switch (one.kind) {
    case 'fire':
      scene.firing = one.indexes.map((index) => alerts[index] ?? disk);
      return await scene.pass(2 * secondMs);
    case 'acknowledge':
    case 'release': {
      const id = scene.incidentId('backend');
      if (id === undefined || scene.running.isAsleep) return;
      if (one.kind === 'acknowledge') await scene.console.acknowledge(id);
      else await scene.console.incidents.release([id], 'a.okafor', false);
      return await scene.pass(2 * secondMs);
    }
    case 'crash':
      return await scene.start({ before: scene.kill() });
    case 'sleep':
      scene.running.isAsleep = true;
      return;
    case 'wake':
      return await scene.wake();
    case 'server':
      (one.isA ? scene.a : scene.b).mode = one.mode;
      return;
    case 'wait':
      return await scene.pass(one.seconds * secondMs);
  }
}

function heldOf(scene: TendedScene, labels: Labels): { serviceHeld: boolean; incident: string } {
  const open = [...scene.console.book.incidents()].find(
    ({ service, resolvedAtMs }) => resolvedAtMs === null && service === labels['service'],
  );
  const serviceHeld = open?.verdicts.holdsSilence === true && open.acknowledgedBy !== null;
  return { serviceHeld, incident: JSON.stringify(open) };
}
