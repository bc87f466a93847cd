import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyOfLabels } from '#shared/model/labels.ts';
import { readLabelLine, writeLabelLine } from './label-line.ts';

const text = fc.string({ unit: 'binary', maxLength: 12 });
/** What the line's own signs are made of, so that quoting is tried. */
const odd = fc.string({ unit: fc.constantFrom('"', '\\', '=', ' ', ',', '{', 'n', '\n', 'ü'), maxLength: 6 });

test('labels are read again as they were written, whatever is in them', () => {
  const name = fc.oneof(text, odd).filter((one) => one !== '');
  fc.assert(
    fc.property(fc.dictionary(name, fc.oneof(text, odd), { maxKeys: 5 }), (labels) => {
      const read = readLabelLine(writeLabelLine(labels));
      expect(read.ok && keyOfLabels(read.labels)).toBe(keyOfLabels(labels));
    }),
  );
});

test('no line is a bug, and a fault stands inside of it or at its end', () => {
  fc.assert(
    fc.property(fc.oneof(text, odd), (line) => {
      const read = readLabelLine(line);
      if (!read.ok) expect(read.fault.from).toBeLessThanOrEqual(line.length);
    }),
  );
});

test.each([
  ['', {}],
  ['a=b', { a: 'b' }],
  [' a = b', null],
  ['{a="b", c="d"}', { a: 'b', c: 'd' }],
  ['a=b,c=d e=', { a: 'b', c: 'd', e: '' }],
  ['path=/srv/archive url=http://x/?a=b', { path: '/srv/archive', url: 'http://x/?a=b' }],
  [
    '"ü name"="x y" __proto__=z',
    Object.fromEntries([
      ['ü name', 'x y'],
      ['__proto__', 'z'],
    ]),
  ],
])('%s', (line, labels) => {
  const read = readLabelLine(line);
  expect(read.ok ? Object.entries(read.labels) : null).toEqual(
    labels === null ? null : Object.entries(labels),
  );
});

test.each([
  ['severity', 0, 8, /severity=value/],
  ['a=b severity!=x', 12, 14, /no conditions/],
  ['a=~"x"', 1, 3, /no conditions/],
  ['a="b', 2, 4, /not closed/],
  ['=b', 0, 1, /begins with its name/],
])('%s is a fault at its place', (line, from, to, message) => {
  const read = readLabelLine(line);
  expect(read).toMatchObject({ ok: false, fault: { from, to, message: expect.stringMatching(message) } });
});
