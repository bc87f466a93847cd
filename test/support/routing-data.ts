import * as fc from 'fast-check';
import type { Labels } from '#shared/model/labels.ts';

/** Configurations of Alertmanager and label sets for them: small pools, so that routes meet labels often. */
const values: Readonly<Record<string, readonly string[]>> = {
  alertname: ['Down', 'DiskFull', 'Watchdog'],
  severity: ['critical', 'warning', 'info', ''],
  team: ['db', 'web', 'db-core', 'a b', '"quoted"', 'back\\slash'],
  env: ['prod', 'test'],
  instance: ['10.0.0.1:9100', 'eu-1\nsecond line', 'ü😀'],
  'ü name': ['x', 'y'],
};
const names = Object.keys(values);
const classicNames = names.filter((name) => /^\w+$/.test(name));
const receiverNames = ['default', 'pager', 'chat', 'mail', 'night shift', 'ü'];
const patterns = [
  'critical|warning',
  'db.*',
  '.+',
  '.*',
  '',
  'd[a-z]+',
  '(?i)PROD',
  'web|',
  '^prod$',
  '[^p].*',
  'eu-\\d.*',
  '10\\.0\\.0\\.\\d:9100',
  'Disk(Full|Slow)',
  'a)|(.*b',
  '\\w+',
  'x{1,3}',
  '(?s).*',
  '.*second.*',
  '\\Qa b\\E',
];

export type RouteText = Readonly<Record<string, unknown>>;

/** As a matcher of the newer syntax, or bare where that says the same. */
function quotedMatcher(name: string, operator: string, value: string, isBare: boolean): string {
  const written = /^\w+$/.test(name) ? name : JSON.stringify(name);
  const isSimple = /^[\w.-]+$/.test(value);
  const body = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');
  return `${written}${operator}${isBare && isSimple ? value : `"${body}"`}`;
}

const labelValue = fc
  .constantFrom(...names)
  .chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...values[name]!)));
const equality = fc
  .tuple(labelValue, fc.constantFrom('=', '!='), fc.boolean())
  .map(([[name, value], operator, isBare]) => quotedMatcher(name, operator, value, isBare));
const pattern = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom('=~', '!~'), fc.constantFrom(...patterns), fc.boolean())
  .map(([name, operator, value, isBare]) => quotedMatcher(name, operator, value, isBare));
const matcher = fc.oneof({ weight: 3, arbitrary: equality }, { weight: 2, arbitrary: pattern });
const matcherLine = fc.oneof(
  { weight: 4, arbitrary: matcher },
  {
    weight: 1,
    arbitrary: fc.array(matcher, { minLength: 1, maxLength: 2 }).map((all) => `{${all.join(', ')}}`),
  },
);
const dictionaryOf = (of: fc.Arbitrary<string>): fc.Arbitrary<Record<string, string>> =>
  fc.dictionary(fc.constantFrom(...classicNames), of, { maxKeys: 2 });
const some = <Value>(of: fc.Arbitrary<Value>, weight: number): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight, arbitrary: of }, { weight: 1, arbitrary: fc.constant(undefined) });

const node = fc.record({
  receiver: some(fc.constantFrom(...receiverNames), 3),
  matchers: some(fc.array(matcherLine, { maxLength: 2 }), 3),
  match: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: dictionaryOf(fc.constantFrom('critical', 'prod', 'db', '')) },
  ),
  match_re: fc.oneof(
    { weight: 4, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: dictionaryOf(fc.constantFrom(...patterns)) },
  ),
  continue: some(fc.boolean(), 2),
});

function routeBelow(depth: number): fc.Arbitrary<RouteText> {
  if (depth === 0) return node;
  const routes = some(fc.array(routeBelow(depth - 1), { maxLength: 4 }), 2);
  return fc
    .tuple(node, routes)
    .map(([own, below]) => (below === undefined ? own : { ...own, routes: below }));
}

/** As a value for YAML or JSON; fields that are undefined are left out. */
export const routingConfiguration: fc.Arbitrary<object> = fc
  .array(routeBelow(3), { minLength: 2, maxLength: 6 })
  .map((routes) => ({
    route: { receiver: 'default', routes },
    receivers: receiverNames.map((name) => ({ name })),
  }));

export const routedLabels: fc.Arbitrary<Labels> = fc
  .array(labelValue, { maxLength: 6 })
  .map((labels) => Object.fromEntries(labels));

/** One of every kind of receiver, and of everything else that a configuration has: accepted as it is. */
export const wholeConfiguration = {
  global: {
    resolve_timeout: '5m',
    smtp_smarthost: 'mail:25',
    smtp_from: 'a@b',
    slack_api_url: 'http://slack',
    opsgenie_api_key: 'k',
    http_config: { proxy_url: 'http://proxy:1', no_proxy: 'x', tls_config: { cert: 'c', key: 'k' } },
  },
  route: {
    receiver: 'r',
    group_by: ['alertname', 'job'],
    group_wait: '30s',
    group_interval: '5m',
    repeat_interval: '4h',
    routes: [
      {
        matchers: ['severity="critical"', 'team=~"a|b"'],
        continue: true,
        mute_time_intervals: ['night'],
        routes: [{ match: { a: 'b' }, match_re: { c: 'd.*' }, group_by: ['...'] }],
      },
      { receiver: 's', active_time_intervals: ['work'] },
    ],
  },
  inhibit_rules: [
    { name: 'n', source_matchers: ['a="b"'], target_matchers: ['c!="d"'], equal: ['x'] },
    { source_match: { a: 'b' }, target_match_re: { c: '.+' } },
  ],
  time_intervals: [
    {
      name: 'night',
      time_intervals: [
        {
          times: [{ start_time: '20:00', end_time: '24:00' }],
          weekdays: ['monday:friday', 'sunday'],
          days_of_month: ['1:7', '-1', '-3:-2'],
          months: ['january:march', '5'],
          years: ['2026:2027'],
          location: 'Europe/Berlin',
        },
      ],
    },
    { name: 'work', time_intervals: [{ weekdays: ['monday'] }] },
  ],
  receivers: [
    { name: 's', labels: { a: 'b' } },
    {
      name: 'r',
      slack_configs: [
        {
          api_url: 'http://x',
          send_resolved: true,
          fields: [{ title: 'a', value: 'b', short: true }],
          actions: [{ type: 'button', text: 'a', url: 'b', confirm: { text: 'sure' } }],
          mrkdwn_in: ['text'],
          timeout: '10s',
        },
      ],
      email_configs: [
        {
          to: 'a@b',
          headers: { Subject: 'x' },
          require_tls: false,
          threading: { enabled: true, thread_by_date: 'daily' },
        },
      ],
      pagerduty_configs: [
        {
          service_key: 'k',
          url: 'http://x',
          details: { a: 'b' },
          images: [{ src: 'a' }],
          links: [{ href: 'a' }],
        },
      ],
      webhook_configs: [
        {
          url: 'http://x',
          max_alerts: 5,
          timeout: '10s',
          http_config: {
            oauth2: {
              client_id: 'a',
              client_secret: 'b',
              token_url: 'http://t',
              scopes: ['s'],
              endpoint_params: { a: 'b' },
            },
            follow_redirects: false,
            http_headers: { 'X-One': { values: ['v'] } },
          },
        },
      ],
      opsgenie_configs: [
        { api_url: 'http://x', responders: [{ name: 'a', type: 'team' }], details: { a: 'b' } },
      ],
      wechat_configs: [{ api_secret: 's', corp_id: 'c', message_type: 'markdown' }],
      pushover_configs: [{ user_key: 'u', token: 't', retry: '1m', expire: '1h', html: true }],
      victorops_configs: [{ routing_key: 'r', api_key: 'k', custom_fields: { a: 'b' } }],
      sns_configs: [
        { topic_arn: 'x', sigv4: { region: 'r', access_key: 'a', secret_key: 's' }, attributes: { a: 'b' } },
      ],
      telegram_configs: [{ bot_token: 't', chat_id: -5, parse_mode: 'HTML', message_thread_id: 3 }],
      discord_configs: [{ webhook_url: 'http://x' }],
      webex_configs: [{ room_id: 'r', http_config: { authorization: { credentials: 'c' } } }],
      msteams_configs: [{ webhook_url_file: '/x' }],
      msteamsv2_configs: [{ webhook_url: 'http://x' }],
      jira_configs: [
        {
          api_url: 'http://x',
          project: 'p',
          issue_type: 't',
          labels: ['l'],
          fields: { a: [1] },
          reopen_duration: '1h',
          summary: { template: 'x' },
        },
      ],
      rocketchat_configs: [
        { token: 't', token_id: 'i', fields: [{ title: 'a' }], actions: [{ type: 'button' }] },
      ],
      mattermost_configs: [
        {
          webhook_url: 'http://x',
          attachments: [{ fields: [{ title: 'a', value: 'b' }] }],
          props: { card: 'c' },
        },
      ],
      incidentio_configs: [{ url: 'http://x', alert_source_token: 't' }],
    },
  ],
  templates: ['/nowhere/*.tmpl'],
  event_recorder: {
    file_outputs: [{ path: '/x' }],
    webhook_outputs: [{ url: 'http://x', timeout: '5s', workers: 2 }],
    kafka_outputs: [{ brokers: ['k:9092'], topic: 't' }],
  },
  tracing: { endpoint: 'x', client_type: 'grpc', sampling_fraction: 0.5 },
} as const;

type Tree = { [key: string]: Tree } | Tree[] | string | number | boolean | null;

const wrongValues: readonly Tree[] = [
  '',
  'x',
  '5m',
  'http://y',
  'ftp://y',
  '[',
  '0s',
  'true',
  'zz:1',
  '1',
  '24:00',
  'monday',
  '-1',
  'a=b',
  'a=~"("',
  0,
  1,
  -1,
  1.5,
  true,
  false,
  null,
  [],
  {},
  ['x'],
  { x: 'y' },
  [{}],
  [null],
];

/** The whole configuration with one to three places of it taken out, renamed, doubled or said otherwise. */
export const brokenConfiguration: fc.Arbitrary<object> = fc
  .array(
    fc.record({
      place: fc.nat(),
      change: fc.constantFrom('value', 'value', 'value', 'remove', 'rename', 'double'),
      value: fc.constantFrom(...wrongValues),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((changes) => {
    const tree = structuredClone(wholeConfiguration) as unknown as Tree;
    for (const { place, change, value } of changes) {
      const places = placesIn(tree);
      const { parent, key } = places[place % places.length]!;
      alter(parent, key, change, structuredClone(value));
    }
    return tree as object;
  });

interface TreePlace {
  readonly parent: Tree;
  readonly key: string;
}

function placesIn(tree: Tree): readonly TreePlace[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([key, value]) => [{ parent: tree, key }, ...placesIn(value)]);
}

function alter(parent: Tree, key: string, change: string, value: Tree): void {
  if (Array.isArray(parent)) {
    const index = Number(key);
    if (change === 'remove') parent.splice(index, 1);
    else if (change === 'double') parent.push(structuredClone(parent[index]!));
    else parent[index] = value;
    return;
  }
  const map = parent as { [key: string]: Tree };
  const old = map[key]!;
  if (change === 'remove' || change === 'rename') delete map[key];
  if (change === 'rename') map[`${key}_zz`] = old;
  if (change === 'value') map[key] = value;
  if (change === 'double' && Array.isArray(old)) old.push(...structuredClone(old));
}
