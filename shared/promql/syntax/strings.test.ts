import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goQuoted, unquoted } from './strings.ts';

const escaped = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** The bytes that a text stands for, with those that are no UTF-8. */
function bytesOf(text: string): number[] {
  return Array.from(text).flatMap((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...new TextEncoder().encode(character)];
  });
}

test('any bytes are kept, whether they are text or not, and written so that they are read again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const read = unquoted(`"${Array.from(bytes, escaped).join('')}"`);
      if (!read.ok) throw new Error(read.failure);
      expect(bytesOf(read.value)).toEqual([...bytes]);
      expect(unquoted(goQuoted(read.value))).toEqual(read);
    }),
  );
});

test('any text is written so that it is read again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(unquoted(goQuoted(text))).toEqual({ ok: true, value: text });
    }),
  );
});

test.each([
  ['"a\\xc5z"', 'a\uDCC5z', '"a\\xc5z"'],
  ['"\\xc3\\xa9"', 'é', '"é"'],
  ['"\\xed\\xa0\\x80"', '\uDCED\uDCA0\uDC80', '"\\xed\\xa0\\x80"'],
  [String.raw`'it\'s "so"'`, `it's "so"`, String.raw`"it's \"so\""`],
  ['`a\\n`', 'a\\n', '"a\\\\n"'],
])('%s means %j and is written %s', (literal, text, written) => {
  expect(unquoted(literal)).toEqual({ ok: true, value: text });
  expect(goQuoted(text)).toBe(written);
});
