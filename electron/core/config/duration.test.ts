import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';
import { acceptedNames, editDistance, nearestName } from './nearest-name.ts';

it.each([
  ['15s', 15_000],
  ['1m30s', 90_000],
  ['1h', 3_600_000],
  ['1d2h', 93_600_000],
  ['500ms', 500],
  ['1w', 604_800_000],
  ['15', 15_000],
  ['0.5', 500],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

it.each([
  '',
  's',
  '15 s',
  '30s1m',
  '1m1m',
  '-5s',
  '1.5s',
  '1e3',
  '15S',
  '0x10',
  '1_000',
  'Infinity',
  '15s\n',
])('is no duration: %j', (text) => {
  expect(parseDuration(text)).toBeNull();
});

it('reads back every duration that it writes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBe(ms);
    }),
  );
});

it('counts insertions, deletions, replacements and swapped neighbours as one each', () => {
  expect([editDistance('kind', 'knid'), editDistance('kitten', 'sitting'), editDistance('', 'abc')]).toEqual([
    1, 3, 3,
  ]);
});

it('names what was probably meant, and nothing where nothing is near', () => {
  expect(nearestName('promethues', ['alertmanager', 'prometheus'])).toBe('prometheus');
  expect(nearestName('URL', ['name', 'url'])).toBe('url');
  expect(nearestName('x', ['url', 'tls'])).toBeNull();
  expect(nearestName('y'.repeat(10_000), ['url'])).toBeNull();
  expect(acceptedNames('urk', ['name', 'url'])).toBe('name, url (did you mean "url"?)');
});
