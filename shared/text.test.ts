import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText } from './text.ts';

describe('plainText', () => {
  it.each([
    ['plain', 'disk 91 % full', 'disk 91 % full'],
    ['line breaks and tabs', 'one\r\ntwo\tthree\u2028four', 'one two three four'],
    ['control characters', 'a\u0000b\u001b[31mc\u007fd\u009be', 'ab[31mcde'],
    ['bidirectional overrides', 'safe\u202Egnp.exe\u2066x\u2069\u200Fy', 'safegnp.exexy'],
    ['invisible fillers', 'pay\u200Bpal\uFEFF\u{E0041}', 'paypal'],
    ['lone surrogates', 'a\uD800b', 'a\uFFFDb'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['joined emoji and accents stay', 'é 👩‍🚒 ok', 'é 👩‍🚒 ok'],
  ])('%s', (_name, text, expected) => {
    expect(plainText(text, 100)).toBe(expected);
  });

  it('cuts with an ellipsis and never through a character', () => {
    expect(plainText('abcdef', 4)).toBe('abc…');
    expect(plainText('ab😀😀', 4)).toBe('ab…');
    expect(plainText('abcd', 4)).toBe('abcd');
  });

  it('is bounded, without control characters, and settled for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, max) => {
        const shown = plainText(text, max);
        expect(shown.length).toBeLessThanOrEqual(max);
        expect(shown).not.toMatch(/[\p{Cc}\u202A-\u202E\u2066-\u2069]/u);
        expect(plainText(shown, max)).toBe(shown);
      }),
    );
  });
});
