import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainText, secretsOf, titleOfPage, withoutSecrets } from './plain-text.ts';

test.each([
  ['  two\n lines\t', 'two lines'],
  ['\u001b[31mred\u001b[0m', '[31mred [0m'],
  ['ab\u202ecd\u2066ef\u200b', 'ab cd ef'],
  ['\ufeff', ''],
  ['a\u2028b\u2029c', 'a b c'],
  ['Grüße 日本 🔥', 'Grüße 日本 🔥'],
])('%o becomes %o', (text, expected) => {
  expect(plainText(text)).toBe(expected);
});

test('whatever a server sends is one short line without control or bidirectional characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
      const line = plainText(text, 100);
      expect(line.length).toBeLessThanOrEqual(100);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(line.isWellFormed()).toBe(true);
    }),
  );
});

test('a long text is cut and says so', () => {
  expect(plainText('a'.repeat(50), 10)).toBe(`${'a'.repeat(9)}…`);
});

test.each([
  ['<html><head><TITLE lang="en"> Sign in </title>', 'Sign in'],
  ['<html>no title', ''],
  ['<title>never ends', ''],
  ['<title', ''],
])('the title of %o is %o', (html, title) => {
  expect(titleOfPage(html)).toBe(title);
});

test('secrets are the values, what follows their scheme, and the password of a basic one', () => {
  const basic = `Basic ${Buffer.from('anna:p:ssword').toString('base64')}`;
  const secrets = secretsOf({ authorization: basic, 'x-scope-orgid': 'one', 'x-token': 'tokentoken' });
  expect(secrets).toEqual(expect.arrayContaining([basic, 'anna:p:ssword', 'p:ssword', 'tokentoken']));
  expect(secrets).not.toContain('one');
  expect(withoutSecrets('got p:ssword and tokentoken', secrets)).toBe('got ••• and •••');
});

test.each([
  ['told tokent…', 'told •••…'],
  ['told tok…', 'told tok…'],
  ['told tokentoken…', 'told •••…'],
  ['tokento… and Bearer%20tokentoken', '•••… and •••'],
  ['nothing… here', 'nothing… here'],
])('%o, cut within a secret or encoded, becomes %o', (text, expected) => {
  expect(withoutSecrets(text, secretsOf({ authorization: 'Bearer tokentoken' }))).toBe(expected);
});
