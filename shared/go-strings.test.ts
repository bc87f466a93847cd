import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goEscapeLetters, unescapedGo } from './go-strings.ts';

const both = { apostrophe: true, utf8: true };

/** Any way in which Go may write one character. */
const written = fc.oneof(
  fc
    .integer({ min: 0, max: 0xff_ff })
    .filter((code) => code < 0xd800 || code > 0xdfff)
    .map((code) => ({
      text: String.fromCodePoint(code),
      body: `\\u${code.toString(16).padStart(4, '0')}`,
    })),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter((text) => text !== '\\')
    .map((text) => ({
      text,
      body: text,
    })),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }).map((text) => ({
    text,
    body: [...new TextEncoder().encode(text)]
      .map((one) => `\\x${one.toString(16).padStart(2, '0')}`)
      .join(''),
  })),
  fc.nat(127).map((code) => ({
    text: String.fromCodePoint(code),
    body: `\\${code.toString(8).padStart(3, '0')}`,
  })),
  fc
    .constantFrom(...goEscapeLetters)
    .map(([character, letter]) => ({ text: character, body: `\\${letter}` })),
);

test('every way to write a character means it, beside any other', () => {
  fc.assert(
    fc.property(fc.array(written), (pieces) => {
      const body = pieces.map((piece) => piece.body).join('');
      const text = pieces.map((piece) => piece.text).join('');
      expect(unescapedGo(body, both)).toEqual({ ok: true, value: text });
    }),
  );
});

test('any text is read or refused with the escape that is wrong', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('\\', 'x', 'u', 'U', '4', '9', 'n', "'", 'é') }),
      (body) => {
        const read = unescapedGo(body, { apostrophe: false, utf8: false });
        if (read.ok) expect(read.value.length).toBeLessThanOrEqual(body.length);
        else expect(body).toContain(read.failure);
      },
    ),
  );
});

test.for([
  ["\\'", both, true],
  ["\\'", { ...both, apostrophe: false }, false],
  [String.raw`\xff`, { ...both, utf8: false }, false],
  [String.raw`\400`, both, false],
  [String.raw`\ud800`, both, false],
  [String.raw`\U00110000`, both, false],
  [String.raw`\q`, both, false],
  [String.raw`\9`, both, false],
  ['\\', both, false],
] as const)('%s with %j: %s', ([body, options, isRead]) => {
  expect(unescapedGo(body, options).ok).toBe(isRead);
});
