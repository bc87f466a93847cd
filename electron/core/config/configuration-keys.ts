import { sourceKinds } from '#shared/model/source.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { choice, list, mapping, namedTexts, parsedText, text } from './key-readers.ts';
import type { KeySpec, KeySpecs, ValuesOf } from './key-readers.ts';
import { checkQuietHours } from './notification-checks.ts';
import { matchersKey, noNotificationValues, notificationKeys } from './notification-keys.ts';
import { acceptedReferences } from './references.ts';
import { acceptedProxies, proxyMistake } from './proxy.ts';
import {
  checkAlertGrouping,
  checkAuthentication,
  checkHeader,
  checkNames,
  checkSource,
  checkTls,
  checkWatchdog,
} from './source-checks.ts';
import {
  addressMistake,
  hostMistake,
  labelNameMistake,
  nameMistake,
  plainMistake,
  secretMistake,
} from './value-checks.ts';

/**
 * Every key of the configuration file, as data: what it is for, what it accepts and what holds without
 * it. Validation, the words of the problems and the documentation all come from this one table; to add a
 * key, add it here.
 */

export const defaultPollMs = 15_000;
export const defaultTimeoutMs = 10_000;
export const defaultGroupBy: readonly string[] = ['alertname', 'service'];
export const defaultComeBackAfterMs = 4 * hourMs;
export const defaultSilenceMs = 15 * minuteMs;
const maxSources = 100;
const maxHeaders = 50;

const nothing = { value: '', text: 'none' };

function optionalText(accepted: string, description: string): KeySpec<string> {
  return text({ accepted, description, fallback: nothing, refuse: (value) => plainMistake(value, 4_096) });
}

function optionalSecret(accepted: string, description: string): KeySpec<string> {
  return text({ type: 'secret', accepted, description, fallback: nothing, refuse: secretMistake });
}

function duration(fallbackMs: number, leastMs: number, mostMs: number, description: string): KeySpec<number> {
  return parsedText({
    type: 'duration',
    accepted: `a duration from ${formatDuration(leastMs)} to ${formatDuration(mostMs)}, such as 15s or 1m30s, or a number of seconds`,
    description,
    fallback: { value: fallbackMs, text: formatDuration(fallbackMs) },
    parse: (value) => {
      const ms = parseDuration(value);
      return ms !== null && ms >= leastMs && ms <= mostMs ? ms : null;
    },
  });
}

const authenticationKeys = {
  kind: choice(['none', 'basic', 'bearer'], {
    description: 'How the console proves who it is.',
    fallback: null,
  }),
  username: optionalSecret('a text, or a reference', 'The user of `basic`.'),
  password: optionalSecret(`a reference: ${acceptedReferences}`, 'The password of `basic`.'),
  token: optionalSecret(`a reference: ${acceptedReferences}`, 'The token of `bearer`.'),
} satisfies KeySpecs;

const tlsKeys = {
  caFile: optionalText('the path of a PEM file', 'Certificate authorities to trust beside the system’s own.'),
  certFile: optionalText('the path of a PEM file', 'The client certificate to show; needs `keyFile`.'),
  keyFile: optionalText('the path of a PEM file', 'The private key of `certFile`, not encrypted.'),
  pinnedSha256: text({
    type: 'fingerprint',
    accepted: '64 hex digits, with or without colons',
    description: 'The SHA-256 of the one server certificate to accept. Any other is refused.',
    fallback: nothing,
    refuse: (value) => (/^[0-9a-f]{64}$/i.test(value.replaceAll(':', '')) ? null : 'found something else'),
  }),
  serverName: optionalText(
    'a host name',
    'The name to expect in the certificate, where it is not the one in `url`.',
  ),
} satisfies KeySpecs;

const sourceKeys = {
  name: text({
    accepted: 'a text of 1 to 64 characters',
    description: 'What the screens call the source. Unique.',
    fallback: null,
    refuse: nameMistake,
  }),
  kind: choice(sourceKinds, { description: 'What answers there.', fallback: null }),
  url: text({
    type: 'address',
    accepted: 'an http or https address with its base path, such as https://prometheus.example/base/path',
    description: 'Where the server answers, with its base path and without credentials.',
    fallback: null,
    refuse: addressMistake,
  }),
  authentication: mapping(
    authenticationKeys,
    {
      accepted: 'kind: none, basic (with username and password) or bearer (with token)',
      description: 'Credentials, as references.',
      fallback: { value: { kind: 'none', username: '', password: '', token: '' }, text: 'kind: none' },
    },
    checkAuthentication,
  ),
  headers: namedTexts(
    {
      accepted: 'a map of header names and texts or references',
      description: 'Any further headers to send.',
      maxItems: maxHeaders,
    },
    checkHeader,
  ),
  tenant: text({
    type: 'text',
    accepted: 'a tenant, or a reference',
    description: 'Sent as `X-Scope-OrgID`, for Mimir, Cortex and Thanos.',
    fallback: nothing,
    refuse: secretMistake,
  }),
  tls: mapping(
    tlsKeys,
    {
      accepted: 'a map of caFile, certFile, keyFile, pinnedSha256, serverName',
      description: 'How the server’s certificate is checked, and which one the console shows.',
      fallback: {
        value: { caFile: '', certFile: '', keyFile: '', pinnedSha256: '', serverName: '' },
        text: 'none',
      },
    },
    checkTls,
  ),
  proxy: text({
    type: 'proxy',
    accepted: acceptedProxies,
    description:
      'How the server is reached. `system` asks the desktop, in a browser HTTPS_PROXY, HTTP_PROXY and NO_PROXY. Never for this machine itself.',
    fallback: { value: 'system', text: 'system' },
    refuse: proxyMistake,
  }),
  poll: duration(defaultPollMs, 1_000, 3_600_000, 'How often the source is asked.'),
  timeout: duration(defaultTimeoutMs, 1_000, 300_000, 'How long one answer may take.'),
  watchdog: mapping(
    {
      matchers: matchersKey('Which alert it is.'),
    },
    {
      accepted: 'a map with matchers',
      description:
        'An alert that always fires here. While the source answers without it, the console is blind; it is no incident.',
      fallback: { value: { matchers: null }, text: 'none' },
    },
    checkWatchdog,
  ),
} satisfies KeySpecs;

const incidentKeys = {
  groupBy: list(
    text({
      accepted: 'a label name',
      description: 'A label name.',
      fallback: null,
      refuse: labelNameMistake,
    }),
    {
      type: 'list of texts',
      accepted: 'a list of label names',
      description: 'Alerts that agree in these labels are one incident.',
      minItems: 1,
      maxItems: 16,
      fallback: { value: defaultGroupBy, text: '[alertname, service]' },
    },
    checkAlertGrouping,
  ),
  comeBackAfter: parsedText({
    type: 'duration',
    accepted: 'off, or a duration from 1m to 7d, such as 4h',
    description:
      'An acknowledgement to which nobody came back for so long is over: the incident asks for somebody again.',
    fallback: { value: defaultComeBackAfterMs, text: formatDuration(defaultComeBackAfterMs) },
    parse: (value) => {
      if (value === 'off') return 0;
      const ms = parseDuration(value);
      return ms !== null && ms >= minuteMs && ms <= 7 * dayMs ? ms : null;
    },
  }),
} satisfies KeySpecs;

const silenceKeys = {
  acknowledgement: duration(
    defaultSilenceMs,
    30 * secondMs,
    dayMs,
    'How long the silence of an acknowledgement lasts. It is renewed at half of that, and so outlives a console that is gone by no more.',
  ),
  remindBefore: parsedText({
    type: 'duration',
    accepted: 'off, or a duration from 30s to 1d, such as 15m',
    description: 'How long before its end you are reminded of a silence of yours that still hides something.',
    fallback: { value: defaultSilenceMs, text: formatDuration(defaultSilenceMs) },
    parse: (value) => {
      if (value === 'off') return 0;
      const ms = parseDuration(value);
      return ms !== null && ms >= 30 * secondMs && ms <= dayMs ? ms : null;
    },
  }),
} satisfies KeySpecs;

const nothingThere = { folder: '', source: '' };

const ruleKeys = {
  folder: optionalText(
    'the path of a folder',
    'The folder with the rule files: every `*.yml` and `*.yaml` in it.',
  ),
  source: optionalText(
    'the name of a source of kind prometheus',
    'The Prometheus that is asked; the first one where it is not written.',
  ),
} satisfies KeySpecs;

const runbookKeys = {
  folder: optionalText(
    'the path of a folder',
    'The folder with the runbooks: Markdown files, found by the path of an alert’s `runbook_url` or by its name.',
  ),
  hosts: list(
    text({
      accepted: 'a host, such as runbooks.example or runbooks.example:8443',
      description: 'A host, with its port where it is not the usual one.',
      fallback: null,
      refuse: hostMistake,
    }),
    {
      type: 'list of texts',
      accepted: 'a list of hosts',
      description:
        'Where a runbook that an alert links to may be fetched, as Markdown or plain text. Nothing is asked of any other host.',
      minItems: 0,
      maxItems: 50,
      fallback: { value: [], text: '[]' },
    },
  ),
} satisfies KeySpecs;

export const configurationKeys = {
  environment: text({
    accepted: 'a text of at most 64 characters',
    description: 'Shown in the top bar, so that nobody mistakes one console for another.',
    fallback: nothing,
    refuse: nameMistake,
  }),
  operator: text({
    accepted: 'a text of at most 64 characters',
    description: 'Who acknowledges: the name in the timeline.',
    fallback: { value: '', text: 'the system’s user' },
    refuse: nameMistake,
  }),
  incidents: mapping(incidentKeys, {
    accepted: 'a map with groupBy and comeBackAfter',
    description: 'How alerts become incidents, and how long somebody has them.',
    fallback: {
      value: { groupBy: defaultGroupBy, comeBackAfter: defaultComeBackAfterMs },
      text: 'the defaults below',
    },
  }),
  silences: mapping(silenceKeys, {
    accepted: 'a map with acknowledgement and remindBefore',
    description: 'Silences that the console looks after.',
    fallback: {
      value: { acknowledgement: defaultSilenceMs, remindBefore: defaultSilenceMs },
      text: 'the defaults below',
    },
  }),
  rules: mapping(ruleKeys, {
    accepted: 'a map with folder and source',
    description: 'Alerting rules that this console evaluates itself, in Prometheus’ own format.',
    fallback: { value: nothingThere, text: 'none' },
  }),
  runbooks: mapping(runbookKeys, {
    accepted: 'a map with folder and hosts',
    description: 'What to do about an alert, shown beside it.',
    fallback: { value: { folder: '', hosts: [] }, text: 'none' },
  }),
  notifications: mapping(
    notificationKeys,
    {
      accepted: 'a map with repeat, louderAfter, sound, zone, quietHours and policy',
      description: 'Of what a person is notified, when, how often and how loudly.',
      fallback: { value: noNotificationValues, text: 'the defaults below' },
    },
    checkQuietHours,
  ),
  sources: list(
    mapping(
      sourceKeys,
      { accepted: 'a map with name, kind and url', description: '', fallback: null },
      checkSource,
    ),
    {
      type: 'list of maps',
      accepted: 'a list of sources, each with name, kind and url',
      description: 'The servers to watch.',
      minItems: 0,
      maxItems: maxSources,
      fallback: { value: [], text: '[]' },
    },
    checkNames,
  ),
} satisfies KeySpecs;

export type SourceValues = ValuesOf<typeof sourceKeys>;

/** One row of the documentation of the configuration file. */
export interface KeyDescription {
  /** `sources[].tls.caFile` */
  readonly path: string;
  readonly type: string;
  /** What holds without the key; `required` where it must be written. */
  readonly fallback: string;
  readonly accepted: string;
  readonly description: string;
}

/** The whole table, in the order of the file, for the documentation. */
export function describeKeys(keys: KeySpecs = configurationKeys, parent = ''): readonly KeyDescription[] {
  return Object.entries(keys).flatMap(([key, spec]) => {
    const path = parent === '' ? key : `${parent}.${key}`;
    const { type, accepted, description } = spec;
    const row = { path, type, fallback: spec.fallback?.text ?? 'required', accepted, description };
    const below = type.startsWith('list') ? `${path}[]` : path;
    return [row, ...(spec.keys === null ? [] : describeKeys(spec.keys, below))];
  });
}
