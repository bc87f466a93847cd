import { expect, test } from 'vitest';
import type { Configuration } from './configuration.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { openQuestions } from './secret-destinations.ts';

function parsed(...lines: readonly string[]): Configuration {
  const text = ['sources:', '  - name: a', '    kind: prometheus', ...lines.map((line) => `    ${line}`)];
  const { configuration, problems } = parseConfiguration(text.join('\n'), 'f');
  if (configuration === null) throw new Error(JSON.stringify(problems));
  return configuration;
}

const token = (reference: string): string => `authentication: { kind: bearer, token: "${reference}" }`;
const file = parsed('url: https://good.example/base', token('${env:T}'), 'tenant: "${file:team}"');

function questions(lines: readonly string[], agreed: readonly string[] = []): unknown {
  const [draft] = parsed(...lines).sources;
  if (draft === undefined) throw new Error('no draft');
  return openQuestions(draft, file, agreed);
}

test.each<readonly [string, readonly string[], unknown]>([
  ['nothing secret', ['url: https://evil.example'], []],
  ['the server of the file', ['url: https://good.example/other', token('${env:T}')], []],
  [
    'another server',
    ['url: https://evil.example', token('${env:T}')],
    [{ to: 'https://evil.example', references: ['${env:T}'] }],
  ],
  [
    'another port',
    ['url: https://good.example:8443', token('${env:T}')],
    [{ to: 'https://good.example:8443', references: ['${env:T}'] }],
  ],
  [
    'without TLS',
    ['url: http://good.example', token('${env:T}')],
    [{ to: 'http://good.example', references: ['${env:T}'] }],
  ],
  [
    'another secret for the same server',
    ['url: https://good.example', token('${file:/etc/shadow}')],
    [{ to: 'https://good.example', references: ['${file:/etc/shadow}'] }],
  ],
  [
    'headers and tenant, each reference once',
    ['url: https://evil.example', 'headers: { X-A: "${env:T}", X-B: "${env:T} ${keychain:k}" }'],
    [{ to: 'https://evil.example', references: ['${env:T}', '${keychain:k}'] }],
  ],
  [
    'a proxy of somebody’s',
    ['url: https://good.example', 'proxy: "http://me:${env:T}@evil.example:3128"'],
    [{ to: 'http://evil.example:3128', references: ['${env:T}'] }],
  ],
  ['a proxy whose address is the secret', ['url: https://good.example', 'proxy: "${env:P}"'], []],
])('%s', (_what, lines, expected) => {
  expect(questions(lines)).toEqual(expected);
});

test('who agrees, agrees to one place', () => {
  const lines = [
    'url: https://evil.example',
    token('${env:T}'),
    'proxy: "http://me:${env:P}@proxy.example:3128"',
  ];
  expect(questions(lines, ['https://evil.example'])).toEqual([
    { to: 'http://proxy.example:3128', references: ['${env:P}'] },
  ]);
  expect(questions(lines, ['https://evil.example', 'http://proxy.example:3128'])).toEqual([]);
  expect(questions(lines, ['https://evil.example.org'])).toHaveLength(2);
});
