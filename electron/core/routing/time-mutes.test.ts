import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { mutedUntil } from '#shared/routing/muted-until.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { routesOf } from '#shared/routing/routes-of.ts';
import { minuteMs } from '#shared/time.ts';
import { routingConfiguration, routedLabels } from '#support/routing-data.ts';
import { TimeMutes } from './time-mutes.ts';

const startMs = Date.UTC(2026, 10, 21, 22, 0);

/** Routes of the tree get intervals in turn, so that some alerts take muted and telling routes at once. */
function timed(configuration: object, marks: readonly number[]): object {
  let index = 0;
  const mark = (node: Record<string, unknown>, isRoot: boolean): object => {
    const choice = marks[index++ % marks.length];
    const intervals = isRoot
      ? {}
      : choice === 1
        ? { mute_time_intervals: ['night', 'hour'] }
        : choice === 2
          ? { active_time_intervals: ['hour'] }
          : {};
    const routes = (node['routes'] as Record<string, unknown>[] | undefined)?.map((one) => mark(one, false));
    return { ...node, ...intervals, ...(routes === undefined ? {} : { routes }) };
  };
  const { route } = configuration as { route: Record<string, unknown> };
  return {
    ...configuration,
    route: mark(route, true),
    time_intervals: [
      { name: 'night', time_intervals: [{ times: [{ start_time: '22:00', end_time: '24:00' }] }] },
      { name: 'hour', time_intervals: [{ times: [{ start_time: '21:30', end_time: '22:30' }] }] },
    ],
  };
}

test(
  'an alert is muted where each route that it takes is, by all names that hold',
  { timeout: 120_000 },
  () => {
    fc.assert(
      fc.property(
        routingConfiguration,
        fc.array(fc.nat(2), { minLength: 1, maxLength: 7 }),
        fc.array(routedLabels, { minLength: 1, maxLength: 8 }),
        fc.array(fc.nat(4 * 60), { minLength: 1, maxLength: 5 }),
        (plain, marks, labelSets, minutes) => {
          const configuration = readRoutingConfiguration(stringify(timed(plain, marks)));
          const mutes = new TimeMutes(configuration, startMs);
          for (const minute of minutes) {
            const atMs = startMs + minute * minuteMs;
            mutes.turn(atMs);
            for (const [index, labels] of labelSets.entries()) {
              const taken = routesOf(configuration.root, labels).map(({ route }) =>
                mutedUntil(route, configuration.timeIntervals, atMs),
              );
              const wanted = taken.every(({ isMuted }) => isMuted)
                ? [...new Set(taken.flatMap(({ by }) => by))]
                : [];
              expect(mutes.of(String(index), labels)).toEqual(wanted);
              expect(mutes.known(String(index))).toEqual(wanted);
            }
          }
        },
      ),
      { numRuns: process.env['OPSSIGHT_FULL'] === '1' ? 600 : 60 },
    );
  },
);

test('while nothing is muted no route is looked for; a turn is told once', () => {
  const text = `
route: { receiver: r, routes: [{ matchers: [a="b"], mute_time_intervals: [night] }] }
receivers: [{ name: r }]
time_intervals: [{ name: night, time_intervals: [{ times: [{ start_time: '22:00', end_time: '23:00' }] }] }]`;
  const mutes = new TimeMutes(readRoutingConfiguration(text), startMs - minuteMs);
  expect(mutes.known('x')).toEqual([]);
  expect(mutes.turn(startMs - 1)).toBe(false);
  expect(mutes.turn(startMs)).toBe(true);
  expect(mutes.turn(startMs + 1)).toBe(false);
  expect(mutes.known('x')).toBeUndefined();
  expect(mutes.of('x', { a: 'b' })).toEqual(['night']);
  expect(mutes.of('y', {})).toEqual([]);
});
