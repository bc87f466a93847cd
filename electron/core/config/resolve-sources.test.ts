import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failed, success } from '#shared/result.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { referencedFiles, resolveSources } from './resolve-sources.ts';
import type { ResolvedSources } from './resolve-sources.ts';
import type { SecretPlaces } from './secrets.ts';

let folder = '';
let places: SecretPlaces;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opssight-secrets-'));
  places = {
    environment: { PASSWORD: 'c4n4ry', EMPTY: '', LINES: 'a\r\nX-B: c', SNOW: '☃', COLON: 'a:b' },
    folder,
    home: join(folder, 'home'),
    host: {
      secret: (name) =>
        Promise.resolve(
          name === 'token'
            ? success({ reveal: () => 'c4n4ryKept' })
            : failed({ message: 'is not in the keychain of this machine', accepted: 'store it' }),
        ),
      systemProxy: () => Promise.resolve(success(null)),
      onChanged: () => undefined,
    },
  };
  await mkdir(join(folder, 'home'));
  await writeFile(join(folder, 'token'), 'c4n4ryToken\n');
  await writeFile(join(folder, 'home', 'windows'), 'c4n4ryHome\r\n');
  await writeFile(join(folder, 'large'), 'x'.repeat(65_537));
  await writeFile(join(folder, 'bytes'), Buffer.from([0xff, 0xfe]));
  const [own, other] = await Promise.all([generate(), generate()]);
  await writeFile(join(folder, 'cert.pem'), own.cert);
  await writeFile(join(folder, 'key.pem'), own.private);
  await writeFile(join(folder, 'other-key.pem'), other.private);
  await writeFile(join(folder, 'bundle.pem'), `# two\n${own.cert}\n${other.cert}\n`);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** One source with further lines; they begin on line 5. */
async function resolved(...lines: readonly string[]): Promise<ResolvedSources> {
  const text = [
    'sources:',
    '  - name: a',
    '    kind: prometheus',
    '    url: https://Host.example/base//',
    ...lines.map((line) => `    ${line}`),
  ].join('\n');
  const { configuration, problems } = parseConfiguration(text, 'f');
  if (configuration === null) throw new Error(JSON.stringify(problems));
  return resolveSources(configuration, 'f', places);
}

const bearer = (token: string): string => `authentication: { kind: bearer, token: "${token}" }`;

describe('which server a source is', () => {
  const identityOf = async (...lines: readonly string[]): Promise<string | undefined> =>
    (await resolved(...lines)).sources[0]?.identity;
  const basic = (username: string, password: string): string =>
    `authentication: { kind: basic, username: ${username}, password: "${password}" }`;

  it.each([
    ['a new token', [bearer('one')], [bearer('two')]],
    ['a token where there was none', [], [bearer('two')]],
    ['a new password', [basic('anna', 'one')], [basic('anna', 'two')]],
    ['other times', ['poll: 5s'], ['poll: 9s']],
    ['a header in another case', ['headers: { X-Org: a }'], ['headers: { x-org: a }']],
    ['the tenant as a header', ['tenant: a'], ['headers: { X-Scope-OrgID: a }']],
  ])('%s is the same server', async (_what, before, after) => {
    expect(await identityOf(...after)).toBe(await identityOf(...before));
  });

  it.each([
    ['another tenant', ['tenant: a'], ['tenant: b']],
    ['a tenant where there was none', [], ['tenant: b']],
    ['another account', [basic('anna', 'one')], [basic('bert', 'one')]],
    ['another header', ['headers: { X-Org: a }'], ['headers: { X-Org: b }']],
    ['another way there', ['proxy: http://one.example:3128'], ['proxy: http://two.example:3128']],
    ['another name in TLS', ['tls: { serverName: a.example }'], ['tls: { serverName: b.example }']],
  ])('%s is another server', async (_what, before, after) => {
    expect(await identityOf(...before)).toBeDefined();
    expect(await identityOf(...after)).not.toBe(await identityOf(...before));
  });
});

describe('a source with all it needs', () => {
  it('has every header built, and its base address in one form', async () => {
    const { sources, unusable, problems } = await resolved(
      'authentication: { kind: basic, username: ü, password: "${env:PASSWORD}" }',
      'headers: { X-Key: "a ${file:token} b ${file:~/windows}", X-Plain: text }',
      'tenant: team-a',
      'poll: 5s',
    );
    expect([unusable, problems]).toEqual([[], []]);
    expect(sources).toEqual([
      {
        name: 'a',
        kind: 'prometheus',
        identity: expect.stringMatching(/^[0-9a-f]{64}$/),
        url: 'https://host.example/base',
        headers: {
          'X-Key': 'a c4n4ryToken b c4n4ryHome',
          'X-Plain': 'text',
          Authorization: `Basic ${Buffer.from('ü:c4n4ry').toString('base64')}`,
          'X-Scope-OrgID': 'team-a',
        },
        tls: { ca: null, certificate: null, key: null, pinnedSha256: null, serverName: null },
        proxy: null,
        pollMs: 5_000,
        timeoutMs: 10_000,
        tellsAlerts: true,
      },
    ]);
  });

  it('has the secrets that the person keeps in the keychain', async () => {
    const { sources, views } = await resolved(bearer('${keychain:token}'));
    expect(sources[0]?.headers).toEqual({ Authorization: 'Bearer c4n4ryKept' });
    expect(views[0]?.secrets).toEqual([{ reference: '${keychain:token}', found: true }]);
    expect(JSON.stringify(views)).not.toContain('c4n4ry');
  });

  it('has its certificates read', async () => {
    const { sources } = await resolved('tls: { caFile: bundle.pem, certFile: cert.pem, keyFile: key.pem }');
    expect(sources[0]?.tls).toMatchObject({
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      certificate: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('PRIVATE KEY'),
    });
  });

  it('tells a window its references, and nothing that they stand for', async () => {
    const { views } = await resolved(
      bearer('${env:PASSWORD}'),
      'headers: { X-A: "Bearer ${file:gone}", X-B: c4n4ryLiteral }',
    );
    expect(views).toMatchObject([
      {
        line: 2,
        draft: {
          authentication: { kind: 'bearer', token: '${env:PASSWORD}' },
          headers: [
            { name: 'X-A', value: 'Bearer ${file:gone}' },
            { name: 'X-B', value: '••••••' },
          ],
        },
        secrets: [
          { reference: '${env:PASSWORD}', found: true },
          { reference: '${file:gone}', found: false },
        ],
      },
    ]);
    expect(JSON.stringify(views)).not.toMatch(/c4n4ry/);
  });
});

describe('a source without something it needs', () => {
  it.each<readonly [string, string]>([
    [bearer('${env:GONE}'), '5:44 sources[0].authentication.token ${env:GONE} is not set'],
    [bearer('${env:EMPTY}'), '5:44 sources[0].authentication.token ${env:EMPTY} is empty'],
    [bearer('${env:LINES}'), '5:44 sources[0].authentication.token ${env:LINES} has a line break inside'],
    [
      bearer('${env:SNOW}'),
      '5:44 sources[0].authentication.token what is read has a character that a header cannot carry',
    ],
    [
      bearer('${keychain:gone}'),
      '5:44 sources[0].authentication.token ${keychain:gone} is not in the keychain of this machine',
    ],
    [bearer('${env:__proto__}'), '5:44 sources[0].authentication.token ${env:__proto__} is not set'],
    [
      bearer('${file:gone}'),
      '5:44 sources[0].authentication.token ${file:gone} cannot be read: no such file',
    ],
    [
      bearer('${file:home}'),
      '5:44 sources[0].authentication.token ${file:home} cannot be read: it is a directory',
    ],
    [
      bearer('${file:/dev/zero}'),
      '5:44 sources[0].authentication.token ${file:/dev/zero} cannot be read: it is not a regular file',
    ],
    [
      bearer('${file:large}'),
      '5:44 sources[0].authentication.token ${file:large} cannot be read: it is larger than 65536 bytes',
    ],
    [bearer('${file:bytes}'), '5:44 sources[0].authentication.token ${file:bytes} is not text'],
    ['headers: { X-A: "${env:GONE}" }', '5:21 sources[0].headers.X-A ${env:GONE} is not set'],
    ['tenant: ${env:GONE}', '5:13 sources[0].tenant ${env:GONE} is not set'],
    [
      'authentication: { kind: basic, username: "${env:COLON}", password: "${env:PASSWORD}" }',
      '5:46 sources[0].authentication.username what is read for the user name has a colon',
    ],
    ['tls: { caFile: gone.pem }', '5:20 sources[0].tls.caFile gone.pem cannot be read: no such file'],
    ['tls: { caFile: token }', '5:20 sources[0].tls.caFile token is not what it should be'],
    [
      'tls: { certFile: cert.pem, keyFile: cert.pem }',
      '5:41 sources[0].tls.keyFile cert.pem is not what it should be',
    ],
    [
      'tls: { certFile: cert.pem, keyFile: other-key.pem }',
      '5:41 sources[0].tls.keyFile other-key.pem is not the key of certFile',
    ],
  ])('%s', async (line, expected) => {
    const { sources, unusable, problems } = await resolved(line);
    expect(
      problems.map(({ line: at, column, path, message }) => `${at}:${column} ${path} ${message}`),
    ).toEqual([expected]);
    expect(sources).toEqual([]);
    expect(unusable).toEqual([
      {
        name: 'a',
        kind: 'prometheus',
        url: 'https://host.example/base',
        tellsAlerts: true,
        problem: problems[0],
      },
    ]);
    expect(JSON.stringify([unusable, problems])).not.toMatch(/c4n4ry/);
  });

  it('says so where it may not read the file', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may read every file');
    await writeFile(join(folder, 'closed'), 'x');
    await chmod(join(folder, 'closed'), 0);
    const { problems } = await resolved(bearer('${file:closed}'));
    expect(problems[0]?.message).toBe('${file:closed} cannot be read: no permission to read it');
  });

  it('does not wait for a pipe', async (context) => {
    if (process.platform === 'win32') context.skip('there are no named pipes in the file system');
    execFileSync('/usr/bin/mkfifo', [join(folder, 'pipe')]);
    const { problems } = await resolved(bearer('${file:pipe}'));
    expect(problems[0]?.message).toBe('${file:pipe} cannot be read: it is not a regular file');
  });
});

describe('who tells alerts', () => {
  const asked = async (...kinds: readonly string[]): Promise<unknown[]> => {
    const sources = kinds.map((kind, index) => `  - { name: s${index}, url: https://h, kind: ${kind} }`);
    const { configuration } = parseConfiguration(['sources:', ...sources].join('\n'), 'f');
    const { sources: usable, unusable } = await resolveSources(configuration!, 'f', places);
    return [...usable, ...unusable].map(({ kind, tellsAlerts }) => [kind, tellsAlerts]);
  };

  it('is every Alertmanager, and where there is none every Prometheus', async () => {
    expect(await asked('prometheus', 'alertmanager', 'loki')).toEqual([
      ['prometheus', false],
      ['alertmanager', true],
      ['loki', false],
    ]);
    expect(await asked('prometheus', 'prometheus', 'jaeger')).toEqual([
      ['prometheus', true],
      ['prometheus', true],
      ['jaeger', false],
    ]);
  });

  it('is the Alertmanager even where a mistake keeps it from being asked', async () => {
    const broken = 'alertmanager, tenant: "${env:MISSING}"';
    expect(await asked('prometheus', broken)).toEqual([
      ['prometheus', false],
      ['alertmanager', true],
    ]);
  });
});

it('names every file whose change matters', () => {
  const text = `sources:
  - name: a
    kind: prometheus
    url: https://h
    authentication: { kind: bearer, token: "\${file:~/t}" }
    headers: { X-A: "\${file:token} \${file:/abs}" }
    tls: { caFile: ca.pem }
`;
  const { configuration } = parseConfiguration(text, 'f');
  const at = { environment: {}, folder: '/etc/opssight', home: '/home/ml', host: null };
  expect(configuration && referencedFiles(configuration, at)).toEqual([
    '/home/ml/t',
    '/etc/opssight/token',
    '/abs',
    '/etc/opssight/ca.pem',
  ]);
});
