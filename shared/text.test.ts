import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, plainText } from './text.ts';

describe('plainText', () => {
  it.each([
    ['plain', 'disk 91 % full', 'disk 91 % full'],
    ['line breaks and tabs', 'one\r\ntwo\tthree\u2028four', 'one two three four'],
    ['control characters', 'a\u0000b\u001b[31mc\u007fd\u009be', 'ab[31mcde'],
    ['bidirectional overrides', 'safe\u202Egnp.exe\u2066x\u2069\u200Fy', 'safegnp.exexy'],
    ['invisible fillers', 'pay\u200Bpal\uFEFF\u{E0041}', 'paypal'],
    ['soft hyphens and joiners of graphemes', 'pay\u00ADp\u034Fal', 'paypal'],
    ['fillers of Hangul', 'a\u3164dm\uFFA0i\u115F\u1160n', 'admin'],
    ['fillers of other scripts and of music', 'a\u17B4b\u180Ec\u{1D173}d\u{1BCA0}e\u2065', 'abcde'],
    ['lone surrogates', 'a\uD800b', 'a\uFFFDb'],
    ['markup stays text', '<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['joined emoji and accents stay', 'é 👩‍🚒 ok', 'é 👩‍🚒 ok'],
    [
      'joiners and variants of scripts stay',
      'نامه\u200Cای क्\u200Dष ❤\uFE0F 葛\u{E0100}',
      'نامه\u200Cای क्\u200Dष ❤\uFE0F 葛\u{E0100}',
    ],
  ])('%s', (_name, text, expected) => {
    expect(plainText(text, 100)).toBe(expected);
  });

  it('drops all that is drawn as nothing but joiners and variation selectors', () => {
    const stays = /[\u200C\u200D]|\p{Variation_Selector}/u;
    const differs: string[] = [];
    for (let point = 0x80; point <= 0x10ffff; point++) {
      const character = String.fromCodePoint(point);
      if (!/\p{Default_Ignorable_Code_Point}/u.test(character)) continue;
      const isDropped = plainText(`a${character}b`, 10) === 'ab';
      if (isDropped === stays.test(character)) differs.push(point.toString(16));
    }
    expect(differs).toEqual([]);
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
        expect(shown).not.toMatch(/[\p{Cc}\u00AD\u202A-\u202E\u2066-\u2069\u3164]/u);
        expect(plainText(shown, max)).toBe(shown);
      }),
    );
  });
});

it.each([
  [0, '0 matches'],
  [1, '1 match'],
  [1_240, '1,240 matches'],
])('%d is counted as it is said', (count, said) => {
  expect(counted(count, 'match', 'matches')).toBe(said);
});
