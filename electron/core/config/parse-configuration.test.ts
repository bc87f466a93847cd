import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeKeys } from './configuration-keys.ts';
import { parseConfiguration } from './parse-configuration.ts';
import { formatProblem, isError } from './problem-text.ts';

const parse = (text: string) => parseConfiguration(text, 'opssight.yaml');
const lines = (text: string): string[] => parse(text).problems.map((problem) => formatProblem(problem));

const whole = `environment: production
operator: ml
incidents:
  groupBy: [alertname, cluster]
sources:
  - name: prometheus-eu
    kind: prometheus
    url: https://prometheus.example/base/path
    authentication: { kind: basic, username: u, password: "\${env:PROM_PASSWORD}" }
    headers: { X-Any: value }
    tenant: team-a
    tls: { caFile: ca.pem, certFile: c.pem, keyFile: k.pem, serverName: a.b,
           pinnedSha256: "${'AB:'.repeat(31)}AB" }
    poll: 1m30s
    timeout: 7.5
  - name: alerts
    kind: alertmanager
    url: http://127.0.0.1:9093
    authentication:
      kind: bearer
      token: \${file:~/token}
`;

describe('a sound configuration', () => {
  it('is read whole, durations in milliseconds and the fingerprint in one form', () => {
    const { configuration, problems } = parse(whole);
    expect(problems).toEqual([]);
    expect(configuration).toMatchObject({
      environment: 'production',
      operator: 'ml',
      groupBy: ['alertname', 'cluster'],
      sources: [
        {
          path: 'sources[0]',
          name: 'prometheus-eu',
          kind: 'prometheus',
          url: 'https://prometheus.example/base/path',
          authentication: { kind: 'basic', username: 'u', password: '${env:PROM_PASSWORD}' },
          headers: [{ name: 'X-Any', value: 'value' }],
          tenant: 'team-a',
          tls: { caFile: 'ca.pem', pinnedSha256: 'ab'.repeat(32) },
          pollMs: 90_000,
          timeoutMs: 7_500,
        },
        { name: 'alerts', authentication: { kind: 'bearer', token: '${file:~/token}' }, pollMs: 15_000 },
      ],
    });
  });

  it('reads numbers, words and nothing as a person means them', () => {
    const text =
      'sources:\n  - { name: 007, kind: prometheus, url: "http://h", tenant: true, headers: ~, tls: }\n';
    expect(parse(text).configuration?.sources).toMatchObject([{ name: '007', tenant: 'true', headers: [] }]);
  });

  it('may use an alias where it stands for a whole value', () => {
    const text = `sources:
  - { name: a, kind: prometheus, url: http://a, headers: &shared { X-A: b } }
  - { name: b, kind: prometheus, url: http://b, headers: *shared }
`;
    expect(parse(text).configuration?.sources[1]?.headers).toEqual([{ name: 'X-A', value: 'b' }]);
  });

  it.each(['', '# nothing yet\n', '---\n', 'environment: x\n', 'sources: []\n', 'sources:\n'])(
    'without sources is in force and says that nothing is watched: %j',
    (text) => {
      const { configuration, problems } = parse(text);
      expect(configuration?.sources).toEqual([]);
      expect(problems.map(({ severity, message }) => [severity, message])).toEqual([
        ['warning', 'no sources: nothing is watched'],
      ]);
    },
  );
});

/** A source with one line of it replaced or added; the line added is line 5. */
const source = (line: string): string =>
  `sources:\n  - name: a\n    kind: prometheus\n    url: http://h\n    ${line}\n`;

/** Broken files, and the first problem of each, whole. `…` at the end stands for the rest of the words. */
const broken: readonly (readonly [text: string, problem: string])[] = [
  [
    'sources:\n  - name: a\n    kind: promethues\n    url: http://h\n',
    '3:11 sources[0].kind: found "promethues"; accepted: prometheus, alertmanager, loki, jaeger (did you mean "prometheus"?)',
  ],
  [
    'sources:\n  - name: a\n    kind: grafana\n    url: http://h\n',
    '3:11 sources[0].kind: found "grafana"; accepted: prometheus, alertmanager, loki, jaeger',
  ],
  [
    'sources:\n  - name: a\n    kind:\n    url: http://h\n',
    '3:5 sources[0].kind: found nothing; accepted: prometheus, alertmanager, loki, jaeger',
  ],
  [
    'sources:\n  - name: a\n    url: http://h\n',
    '2:5 sources[0].kind: missing; accepted: prometheus, alertmanager, loki, jaeger',
  ],
  [
    'sources:\n  - name: a\n    kind: prometheus\n',
    '2:5 sources[0].url: missing; accepted: an http or https address…',
  ],
  [
    'sources:\n  - name: a\n    kind: prometheus\n    url: prometheus:9090\n',
    '4:10 sources[0].url: found "prometheus:9090"; accepted: an http or https address…',
  ],
  [
    'sources:\n  - name: a\n    kind: prometheus\n    url: https://u:p@h\n',
    '4:10 sources[0].url: found credentials in the address; they belong under authentication; accepted: …',
  ],
  [
    'sources:\n  - name: a\n    kind: prometheus\n    url: https://h/?token=x\n',
    '4:10 sources[0].url: found a query or a fragment in the address; accepted: …',
  ],
  [
    'sources:\n  - name: a\n    kind: prometheus\n    url: https://${env:HOST}\n',
    '4:10 sources[0].url: found a reference, and references are not read here; accepted: …',
  ],
  [
    'sources:\n  - name: a\n    kind: prometheus\n    url: [http://h]\n',
    '4:10 sources[0].url: found a list; accepted: …',
  ],
  ['sources:\n  - prometheus\n', '2:5 sources[0]: found a text; accepted: a map with name, kind and url'],
  ['sources:\n  -\n', '2:4 sources[0]: found nothing; accepted: a list of sources…'],
  [
    'sources: http://h\n',
    '1:10 sources: found a text; accepted: a list of sources, each with name, kind and url',
  ],
  [
    'sources:\n  name: a\n',
    '2:3 sources: found a map; accepted: a list of sources, each with name, kind and url',
  ],
  [
    '- name: a\n',
    '1:1 found a list; accepted: environment, operator, incidents, silences, rules, runbooks, notifications, sources',
  ],
  [
    'just words\n',
    '1:1 found a text; accepted: environment, operator, incidents, silences, rules, runbooks, notifications, sources',
  ],
  [
    source('poll: 15x'),
    '5:11 sources[0].poll: found "15x"; accepted: a duration from 1s to 1h, such as 15s or 1m30s, or a number of seconds',
  ],
  [source('poll: 10ms'), '5:11 sources[0].poll: found "10ms"; accepted: a duration from 1s to 1h…'],
  [source('timeout: 10m'), '5:14 sources[0].timeout: found "10m"; accepted: a duration from 1s to 5m…'],
  [source('poll: { s: 15 }'), '5:11 sources[0].poll: found a map; accepted: a duration…'],
  [
    source('pol: 15s'),
    '5:5 sources[0].pol: unknown key "pol", not read; accepted: name, kind, url, authentication, headers, tenant, tls, proxy, poll, timeout, watchdog (did you mean "poll"?)',
  ],
  [
    source('zzzzzz: 1'),
    '5:5 sources[0].zzzzzz: unknown key "zzzzzz", not read; accepted: name, kind, url, authentication, headers, tenant, tls, proxy, poll, timeout, watchdog',
  ],
  [
    source('name: b'),
    '5:5 sources[0].name: found "name" a second time, first on line 2; accepted: each key once',
  ],
  [
    source('authentication: basic'),
    '5:21 sources[0].authentication: found a text; accepted: kind: none, basic…',
  ],
  [
    source('authentication: { kind: basci }'),
    '5:29 sources[0].authentication.kind: found "basci"; accepted: none, basic, bearer (did you mean "basic"?)',
  ],
  [
    source('authentication: { kind: basic, username: u }'),
    '5:21 sources[0].authentication.password: missing, and basic needs it; accepted: ${env:NAME}, ${file:PATH} or ${keychain:NAME}',
  ],
  [
    source('authentication: { kind: bearer, token: "${env:T}", username: u }'),
    '5:66 sources[0].authentication.username: does not belong to kind bearer; accepted: kind, token',
  ],
  [
    source('authentication: { kind: bearer, token: "${keychain:a b}" }'),
    '5:44 sources[0].authentication.token: found ${keychain:a b}, and a name in the keychain is 1 to 64 letters, digits, dots, hyphens and underscores; accepted: …',
  ],
  [
    source('proxy: "http://me:c4n4ry@proxy.example"'),
    '5:12 sources[0].proxy: found a password in the address; write it as a reference; accepted: …',
  ],
  [
    source('authentication: { kind: bearer, token: "${vault:t}" }'),
    '5:44 sources[0].authentication.token: found ${vault:t}; accepted: …',
  ],
  [
    source('authentication: { kind: bearer, token: "${env:T" }'),
    '5:44 sources[0].authentication.token: found "${" that begins no whole reference; accepted: …',
  ],
  [
    source('authentication: { kind: bearer, token: plain }'),
    '5:44 sources[0].authentication.token: a secret stands in the file itself; accepted: a reference: ${env:NAME}, ${file:PATH} or ${keychain:NAME}',
  ],
  [
    source('authentication: { kind: bearer, token: ${env:T} }'),
    '5:45 a reference without quotes inside { } or [ ]; accepted: the reference in quotes, "${env:NAME}"',
  ],
  [
    source('headers: { Content-Length: 1 }'),
    '5:32 sources[0].headers.Content-Length: the console sets Content-Length itself; accepted: any other header',
  ],
  [
    source('headers: { "a b": 1 }'),
    '5:23 sources[0].headers["a b"]: found the header name "a b"; accepted: letters, digits and hyphens',
  ],
  [
    source('headers: { X-A: "a\\r\\nX-B: c" }'),
    '5:21 sources[0].headers.X-A: found a line break inside; accepted: …',
  ],
  [
    source('headers: { X-A: 1, x-a: 2 }'),
    '5:29 sources[0].headers.x-a: found the header x-a a second time; accepted: each header once',
  ],
  [
    source('headers: { X-Api-Key: plain }'),
    '5:27 sources[0].headers.X-Api-Key: a secret stands in the file itself; accepted: …',
  ],
  [
    source('tls: { certFile: c.pem }'),
    '5:10 sources[0].tls.keyFile: missing, and certFile needs it; accepted: the path of a PEM file',
  ],
  [
    source('tls: { pinnedSha256: abc }'),
    '5:26 sources[0].tls.pinnedSha256: found something else; accepted: 64 hex digits, with or without colons',
  ],
  [
    source('tls: { serverName: x }'),
    '5:10 sources[0].tls: has no effect: the address is http; accepted: an https address',
  ],
  [source('<<: *x'), '5:5 sources[0]["<<"]: found a merge key; accepted: the keys written out'],
  [
    source('tenant: *nowhere'),
    '5:13 sources[0].tenant: found an alias without its anchor; accepted: a tenant, or a reference',
  ],
  [
    `${source('tenant: x')}  - { name: a, kind: alertmanager, url: http://h }\n`,
    '6:13 sources[1].name: found "a" a second time, first at sources[0]; accepted: a name of its own',
  ],
  [
    'incidents:\n  groupBy: alertname\n',
    '2:12 incidents.groupBy: found a text; accepted: a list of label names',
  ],
  [
    'incidents:\n  groupBy: []\n',
    '2:12 incidents.groupBy: found an empty list; accepted: a list of label names',
  ],
  [
    'incidents:\n  groupBy: [a, b, a]\n',
    '2:19 incidents.groupBy[2]: found "a" a second time; accepted: each label once',
  ],
  [
    'enviroment: x\n',
    '1:1 enviroment: unknown key "enviroment", not read; accepted: environment, operator, incidents, silences, rules, runbooks, notifications, sources (did you mean "environment"?)',
  ],
  [
    `environment: ${'x'.repeat(65)}\n`,
    '1:14 environment: found 65 characters; accepted: a text of at most 64 characters',
  ],
  [
    'environment: x\nenvironment: y\n',
    '2:1 environment: found "environment" a second time, first on line 1; accepted: each key once',
  ],
  ['environment: x\n\toperator: y\n', '2:1 a tab in the indentation; accepted: spaces'],
  ['environment: x\n---\noperator: y\n', '2:1 found a second document; accepted: one document in the file'],
  ['environment: "x\noperator: y\n', '2:11 a quoted text is not closed; accepted: the closing quote'],
  [
    'environment: a: b\n',
    '1:14 a second "key: value" begins inside a value; accepted: one key on each line…',
  ],
  [
    'environment: @home\n',
    '1:14 a value starts with a character that YAML reserves; accepted: the value in quotes',
  ],
  ['environment: !env X\n', '1:14 a YAML tag (!); accepted: values without tags'],
  ['environment: "a\\q"\n', '1:16 a backslash in double quotes that starts no known escape; accepted: …'],
  [
    'environment x\noperator: y\n',
    '1:1 a key without its colon, or a value that runs on to the next line; accepted: …',
  ],
  ['? [a]\n: b\n', '1:3 a list or map as a key; accepted: a key of the documentation'],
  ['sources: [\nenvironment: x\n', '2:1 the indentation does not fit; accepted: …'],
  ['\uFEFFenviroment: x\n', '1:1 enviroment: unknown key "enviroment", not read; accepted: …'],
  ['operator: x\r\nenviroment: x\r\n', '2:1 enviroment: unknown key "enviroment", not read; accepted: …'],
];

describe('a broken configuration', () => {
  it.each(broken)('%j', (text, expected) => {
    const said = lines(text).filter((line) => !line.includes('nothing is watched'));
    const start = `opssight.yaml:${expected.replace(/…$/, '')}`;
    expect(said[0]?.slice(0, expected.endsWith('…') ? start.length : undefined)).toBe(start);
  });

  it('tells of everything that is wrong, in the order of the file', () => {
    const text = `enviroment: x
sources:
  - name: a
    kind: promethues
    url: https://u:p@h
    pol: 15
  - kind: alertmanager
    url: http://h
    timeout: never
`;
    expect(parse(text).configuration).toBeNull();
    expect(parse(text).problems.map(({ line, path, severity }) => `${line} ${severity} ${path}`)).toEqual([
      '1 warning enviroment',
      '4 error sources[0].kind',
      '5 error sources[0].url',
      '6 warning sources[0].pol',
      '7 error sources[1].name',
      '9 error sources[1].timeout',
    ]);
  });

  it('stays in force where there are only warnings', () => {
    const { configuration, problems } = parse(source('pol: 15s'));
    expect(configuration?.sources).toHaveLength(1);
    expect(problems.some(isError)).toBe(false);
  });

  it('says where the source of local rules is none, and stays in force', () => {
    const text = `${source('poll: 5s')}rules:\n  folder: r\n  source: gone\n`;
    const { configuration, problems } = parse(text);
    expect(configuration?.rules).toEqual({ folder: 'r', source: 'gone' });
    const line = text.split('\n').indexOf('  source: gone') + 1;
    expect(problems).toMatchObject([{ severity: 'warning', line, path: 'rules.source' }]);
    expect(problems[0]?.message).toContain('local rules are not evaluated');
  });

  it('shows a bearable number of problems, and is refused', () => {
    const { configuration, problems } = parse(
      `${source('poll: 5s')}${Array.from({ length: 5_000 }, (_, index) => `k${index}: 1\n`).join('')}`,
    );
    expect(configuration).toBeNull();
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)?.message).toBe('more than 200 problems: the rest is not shown');
  });
});

describe('hostile text', () => {
  it('never throws, and every problem stands inside the text', () => {
    const piece = fc.constantFrom(
      'sources:',
      '\n',
      '  ',
      '- ',
      'name: a',
      'kind:',
      ' prometheus',
      '{',
      '}',
      '[',
      ']',
      '&a ',
      '*a',
      '"',
      "'",
      '|',
      '\t',
      '${env:X}',
      ': ',
      '# c',
      '---',
      '\uFEFF',
      '\0',
      '!x ',
      '<<: ',
      'headers:',
      '__proto__: 1',
      '\r',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const { configuration, problems } = parse(input);
        const count = input.split(/\r\n|\r|\n/).length;
        expect(configuration === null).toBe(problems.some(isError));
        for (const { line, column } of problems) {
          expect(line >= 1 && line <= count && column >= 1 && column <= input.length + 1).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it.each<readonly [string, string]>([
    ['deep lists', '['.repeat(20_000)],
    ['deep maps', 'a: {'.repeat(20_000)],
    ['deep keys', '? '.repeat(20_000)],
    ['many keys', Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n')],
    ['many sources', `sources: [${'{},'.repeat(20_000)}]`],
    [
      'an alias bomb',
      `a: &a [x,x,x,x]\nb: &b [${'*a,'.repeat(500)}]\nc: &c [${'*b,'.repeat(500)}]\nsources: &d [*c, *d, *b]`,
    ],
    ['many aliases', `a: &x { name: a }\nsources: [${'*x,'.repeat(99)}]\nb: [${'*x,'.repeat(20_000)}]`],
    ['more than 1 MiB', '#'.repeat(1_048_577)],
  ])('is refused in bounded time: %s', (_name, text) => {
    const { configuration, problems } = parse(text);
    expect(configuration).toBeNull();
    expect(problems.length).toBeLessThanOrEqual(201);
  });

  it('leaves no secret in a problem', () => {
    const canary = 'c4n4ryS3cr3t';
    const places = [
      source(`authentication: ${canary}`),
      source(`authentication: { kind: basic, username: u, password: ${canary}, token: ${canary} }`),
      source(`authentication: { kind: bearer, token: "${canary}\\r\\n" }`),
      source(`authentication: { kind: bearer, token: "${canary}\${env:" }`),
      source(`authentication: { kind: bearer, tokn: ${canary} }`),
      source(`headers: { Authorization: ${canary}, Host: ${canary}, X-A: "${canary}\\n" }`),
      source(`headers: ${canary}`),
      source(`tls: { pinnedSha256: ${canary}, keyFile: "${canary}\\n" }`),
      source(`authentication: { kind: bearer, token: "${canary}\\q" }`),
      source(`authentication: { kind: bearer, token: "${canary} }`),
      source(`authentication: { kind: bearer, token: !${canary} x }`),
      source(`authentication: { kind: bearer, token: \${env:${canary}} ${canary} }`),
      source('x: 1').replace('http://h', `https://u:${canary}@h`),
      source('x: 1').replace('http://h', `u:${canary}@h`),
      source('x: 1').replace('http://h', `http://h?token=${canary}`),
    ];
    for (const text of places) {
      const { problems } = parse(text);
      expect(problems.length, text).toBeGreaterThan(0);
      expect(JSON.stringify(problems).includes(canary), text).toBe(false);
    }
  });
});

describe('the table of keys', () => {
  it('documents every key with its type, default, accepted values and purpose', () => {
    const rows = describeKeys();
    expect(rows.map(({ path, fallback }) => `${path} = ${fallback}`)).toEqual([
      'environment = none',
      'operator = the system’s user',
      'incidents = the defaults below',
      'incidents.groupBy = [alertname, service]',
      'incidents.comeBackAfter = 4h',
      'silences = the defaults below',
      'silences.acknowledgement = 15m',
      'silences.remindBefore = 15m',
      'rules = none',
      'rules.folder = none',
      'rules.source = none',
      'runbooks = none',
      'runbooks.folder = none',
      'runbooks.hosts = []',
      'notifications = the defaults below',
      'notifications.repeat = off',
      'notifications.repeat.critical = off',
      'notifications.repeat.warning = off',
      'notifications.repeat.info = off',
      'notifications.louderAfter = off',
      'notifications.louderAfter.critical = off',
      'notifications.louderAfter.warning = off',
      'notifications.louderAfter.info = off',
      'notifications.sound = the defaults below',
      'notifications.sound.critical = alarm',
      'notifications.sound.warning = chime',
      'notifications.sound.info = none',
      'notifications.zone = Local',
      'notifications.quietHours = []',
      'notifications.quietHours[].from = none',
      'notifications.quietHours[].to = none',
      'notifications.quietHours[].weekdays = every day',
      'notifications.quietHours[].severities = [warning, info]',
      'notifications.policy = []',
      'notifications.policy[].when = always',
      'notifications.policy[].when.severities = any',
      'notifications.policy[].when.matchers = none',
      'notifications.policy[].when.view = none',
      'notifications.policy[].when.from = none',
      'notifications.policy[].when.to = none',
      'notifications.policy[].when.weekdays = every day',
      'notifications.policy[].tell = usual',
      'notifications.policy[].throughQuietHours = no',
      'notifications.policy[].sound = usual',
      'notifications.policy[].repeat = usual',
      'notifications.policy[].louderAfter = usual',
      'sources = []',
      'sources[].name = required',
      'sources[].kind = required',
      'sources[].url = required',
      'sources[].authentication = kind: none',
      'sources[].authentication.kind = required',
      'sources[].authentication.username = none',
      'sources[].authentication.password = none',
      'sources[].authentication.token = none',
      'sources[].headers = none',
      'sources[].tenant = none',
      'sources[].tls = none',
      'sources[].tls.caFile = none',
      'sources[].tls.certFile = none',
      'sources[].tls.keyFile = none',
      'sources[].tls.pinnedSha256 = none',
      'sources[].tls.serverName = none',
      'sources[].proxy = system',
      'sources[].poll = 15s',
      'sources[].timeout = 10s',
      'sources[].watchdog = none',
      'sources[].watchdog.matchers = none',
    ]);
    expect(rows.filter((row) => row.description === '' || row.accepted === '')).toEqual([]);
  });
});

it('reads how long an acknowledgement holds', () => {
  const read = (text: string) =>
    parseConfiguration(`incidents:\n  comeBackAfter: ${text}\nsources: []\n`, 'opssight.yaml');
  expect(read('90m').configuration?.comeBackAfterMs).toBe(5_400_000);
  expect(read('off').configuration?.comeBackAfterMs).toBe(0);
  expect(parseConfiguration('sources: []\n', 'opssight.yaml').configuration?.comeBackAfterMs).toBe(
    14_400_000,
  );
  expect(read('30s').problems).toMatchObject([{ line: 2, path: 'incidents.comeBackAfter' }]);
});

it('reads how long silences of acknowledgements last, and when a person is reminded', () => {
  const read = (text: string) =>
    parseConfiguration(`silences: ${text}\nsources: []\n`, 'opssight.yaml').configuration?.silenceTimes;
  expect(read('{ acknowledgement: 30s, remindBefore: off }')).toEqual({
    acknowledgementMs: 30_000,
    reminderLeadMs: 0,
  });
  expect(read('{ remindBefore: 1h }')).toEqual({ acknowledgementMs: 900_000, reminderLeadMs: 3_600_000 });
  expect(read('{ acknowledgement: 5s }')).toBeUndefined();
});

it('reads after how long an incident is notified again', () => {
  const text = 'notifications:\n  repeat:\n    critical: 5m\n    info: off\nsources: []\n';
  expect(parseConfiguration(text, 'opssight.yaml').configuration).toMatchObject({
    notifications: {
      usual: { critical: { repeatMs: 300_000 }, warning: { repeatMs: 0 }, info: { repeatMs: 0 } },
    },
  });
  const tooOften = parseConfiguration(text.replace('5m', '5s'), 'opssight.yaml');
  expect(tooOften.configuration).toBeNull();
  expect(tooOften.problems).toMatchObject([{ line: 3, path: 'notifications.repeat.critical' }]);
});

it('reads where local rules and runbooks lie', () => {
  const runbooks = 'runbooks:\n  folder: ~/books\n  hosts: [Runbooks.example, wiki.example:8443]\n';
  const text = `rules:\n  folder: rules\n  source: prom\n${runbooks}sources: []\n`;
  expect(parseConfiguration(text, 'opssight.yaml').configuration).toMatchObject({
    rules: { folder: 'rules', source: 'prom' },
    runbooksFolder: '~/books',
    runbookHosts: ['runbooks.example', 'wiki.example:8443'],
  });
});

it.each(['https://runbooks.example', 'a.example/path', 'user@a.example', '*.example', 'a.example:99999'])(
  'takes %s for no host',
  (host) => {
    const { configuration, problems } = parseConfiguration(
      `runbooks:\n  hosts: ["${host}"]\nsources: []\n`,
      'opssight.yaml',
    );
    expect(configuration).toBeNull();
    expect(problems).toMatchObject([{ line: 2, path: 'runbooks.hosts[0]' }]);
  },
);
