import { expect, test } from 'vitest';
import { keychainName } from '#shared/host-window.ts';
import { keychainReference } from './keychain-reference.ts';

test.each([
  ['prometheus-eu', '', [], 'prometheus-eu-token'],
  ['prometheus eu / 1', '', [], 'prometheus-eu-1-token'],
  ['', '', [], 'token'],
  ['---', '', [], 'token'],
  ['Überwachung', '', [], 'berwachung-token'],
  ['x'.repeat(64), '', [], `${'x'.repeat(48)}-token`],
  ['a', '', ['a-token', 'a-token-2'], 'a-token-3'],
  ['a', '${keychain:mine}', ['mine'], 'mine'],
  ['a', '${env:T}', ['mine'], 'a-token'],
])('the token of %o with %o is kept under %o', (source, value, taken, name) => {
  const made = keychainReference(source, 'token', value, taken);
  expect(made).toEqual({ name, reference: `\${keychain:${name}}` });
  expect(made.name).toMatch(keychainName);
});
