import { beforeEach, expect, test } from 'vitest';
import { failed, success, type Result } from '#shared/result.ts';
import type { RoutingConfiguration } from '#shared/routing/model.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { RoutingDesk } from './routing-desk.ts';

const address = 'http://am:9093';
const plain = 'route: { receiver: r }\nreceivers: [{ name: r }]';
const other = 'route: { receiver: s }\nreceivers: [{ name: s }]';

let kept: Map<string, string>;
let read: string[];
let changed: [string, string | undefined][];
let answer: (text: string) => Result<RoutingConfiguration, string>;

beforeEach(() => {
  [kept, read, changed] = [new Map(), [], []];
  answer = (text) => success(readRoutingConfiguration(text));
});

function desk(addressNow = address): RoutingDesk {
  return new RoutingDesk({
    read: async (text) => {
      read.push(text);
      return Promise.resolve(answer(text));
    },
    keepsake: {
      putText: (name, text) => Promise.resolve(kept.set(name, text)),
      text: (name) => Promise.resolve(kept.get(name) ?? null),
    },
    addressOf: () => addressNow,
    onChanged: (source, configuration) => changed.push([source, configuration?.root?.receiver]),
  });
}

function told(text: string, atMs = 1_000) {
  return { source: 'am', atMs, configuration: { text, version: '0.33.0' } };
}

test('a text is read once, and anew when it changes', async () => {
  const one = desk();
  expect(await one.of('am')).toMatchObject({ ok: false });
  one.hear(told(plain));
  one.hear(told(plain, 2_000));
  expect(await one.of('am')).toMatchObject({ ok: true, value: { toldAtMs: 2_000 } });
  one.hear(told(other, 3_000));
  expect(await one.of('am')).toMatchObject({ value: { configuration: { root: { receiver: 's' } } } });
  expect(read).toEqual([plain, other]);
  expect(changed).toEqual([
    ['am', 'r'],
    ['am', 's'],
  ]);
});

test('what was told before is known to the next core with its time, without an address in it', async () => {
  desk().hear(told(`${plain}\n# see https://hooks.example/services/T0/SECRET\n`));
  expect([...kept.values()].join()).not.toContain('SECRET');
  const next = desk();
  expect(await next.of('am')).toMatchObject({ ok: true, value: { toldAtMs: 1_000 } });
  expect(changed.at(-1)).toEqual(['am', 'r']);
});

test('what another server told under the same name is nothing', async () => {
  desk().hear(told(plain));
  expect(await desk('http://elsewhere:9093').of('am')).toMatchObject({ ok: false });
  kept.set('routing of am', '{"address":');
  expect(await desk().of('am')).toMatchObject({ ok: false });
});

test('a text that could not be read is unknown, said, and tried again a minute later', async () => {
  const one = desk();
  answer = () => failed('it could not be read within 20 s');
  one.hear(told(plain, 0));
  expect(await one.of('am')).toMatchObject({ ok: false, failure: expect.stringContaining('within 20 s') });
  one.hear(told(plain, 30_000));
  expect(read).toHaveLength(1);
  answer = (text) => success(readRoutingConfiguration(text));
  one.hear(told(plain, 60_000));
  expect(await one.of('am')).toMatchObject({ ok: true });
  expect(changed).toEqual([
    ['am', undefined],
    ['am', 'r'],
  ]);
});

test('of two texts in a row the later holds, whichever is read first', async () => {
  const waiting: (() => void)[] = [];
  const one = new RoutingDesk({
    read: (text) =>
      new Promise((resolve) => waiting.push(() => resolve(success(readRoutingConfiguration(text))))),
    keepsake: { putText: () => Promise.resolve(), text: () => Promise.resolve(null) },
    addressOf: () => address,
    onChanged: (source, configuration) => changed.push([source, configuration?.root?.receiver]),
  });
  one.hear(told(plain));
  one.hear(told(other, 2_000));
  waiting.reverse().forEach((resolve) => resolve());
  expect(await one.of('am')).toMatchObject({ value: { configuration: { root: { receiver: 's' } } } });
  expect(changed).toEqual([['am', 's']]);
});

test('a source that is gone is forgotten; a text of a person is held for a while', async () => {
  const one = desk();
  one.hear(told(plain));
  await one.of('am');
  one.forget(['am', 'nobody']);
  expect(changed.at(-1)).toEqual(['am', undefined]);
  const given = await one.readText(other);
  expect(given).toMatchObject({ ok: true, value: { configuration: { root: { receiver: 's' } } } });
  const key = given.ok ? given.value.key : '';
  expect(one.text(key)?.root?.receiver).toBe('s');
  for (let index = 0; index < 8; index++) await one.readText(`${plain}\n# ${index}`);
  expect(one.text(key)).toBeUndefined();
});
