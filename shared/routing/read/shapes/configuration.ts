import { entryOf, isOn, itemsOf, textOf } from '../node.ts';
import { atMostOneOf, atMostOnePresent, isGiven, needs, ruleOf } from '../rules.ts';
import { address, decimal, duration, flag, oneOf, secretUrl, text, url, wholeNumber } from '../scalars.ts';
import { each, fields, list, mapOf, type Shape } from '../shape.ts';
import { chatShapes } from './chats.ts';
import { headersShape, httpShape, tlsShape } from './http.ts';
import { pagerShapes } from './pagers.ts';

/** A whole configuration as Alertmanager 0.33 takes it, but for what its own readers look at. */
export const integrationShapes = { ...chatShapes, ...pagerShapes };
export type IntegrationKey = keyof typeof integrationShapes;

const routeFields: Record<string, Shape> = {
  ...each(list(text), 'active_time_intervals group_by matchers mute_time_intervals'),
  ...each(mapOf(text), 'match match_re'),
  ...each(duration, 'group_interval group_wait repeat_interval'),
  continue: flag,
  receiver: text,
};
const routeShape = fields(routeFields);
routeFields['routes'] = list(routeShape);

const interval = fields({
  ...each(list(text), 'days_of_month months weekdays years'),
  location: text,
  times: list(fields(each(text, 'start_time end_time'))),
});
const namedInterval = fields({ name: text, time_intervals: list(interval) }, needs('name'));

const inhibitRule = fields({
  ...each(list(text), 'equal source_matchers target_matchers'),
  ...each(mapOf(text), 'source_match source_match_re target_match target_match_re'),
  name: text,
});

const receiver = fields(
  {
    name: text,
    labels: mapOf(text),
    ...Object.fromEntries(Object.entries(integrationShapes).map(([key, shape]) => [key, list(shape)])),
  },
  needs('name'),
);

const withFiles = [
  'slack_api_url',
  'slack_app_token',
  'opsgenie_api_key',
  'victorops_api_key',
  'wechat_api_secret',
  'smtp_auth_password',
  'smtp_auth_secret',
  'telegram_bot_token',
  'mattermost_webhook_url',
];

const global = fields(
  {
    ...each(
      url,
      'jira_api_url opsgenie_api_url pagerduty_url rocketchat_api_url slack_app_url telegram_api_url',
    ),
    ...each(url, 'victorops_api_url webex_api_url wechat_api_url'),
    ...each(secretUrl, 'slack_api_url mattermost_webhook_url'),
    ...each(text, withFiles.map((key) => `${key}_file`).join(' ')),
    ...each(text, 'opsgenie_api_key rocketchat_token rocketchat_token_file rocketchat_token_id'),
    ...each(text, 'rocketchat_token_id_file slack_app_token smtp_auth_identity smtp_auth_password'),
    ...each(text, 'smtp_auth_secret smtp_auth_username smtp_from smtp_hello telegram_bot_token'),
    ...each(text, 'victorops_api_key wechat_api_corp_id wechat_api_secret'),
    ...each(flag, 'smtp_force_implicit_tls smtp_require_tls'),
    http_config: httpShape,
    resolve_timeout: duration,
    smtp_smarthost: address,
    smtp_tls_config: tlsShape,
  },
  ...withFiles.map((key) => atMostOneOf(key, `${key}_file`)),
  atMostOnePresent('rocketchat_token', 'rocketchat_token_file'),
  atMostOnePresent('rocketchat_token_id', 'rocketchat_token_id_file'),
  ruleOf(
    'slack_app_token',
    (map) =>
      (isGiven(map, 'slack_api_url') || isGiven(map, 'slack_api_url_file')) &&
      (isGiven(map, 'slack_app_token') || isGiven(map, 'slack_app_token_file')),
    'a URL and a token cannot both say where to',
    'slack_api_url or slack_api_url_file, or slack_app_token or slack_app_token_file',
  ),
);

const tracing = fields(
  {
    ...each(text, 'endpoint'),
    client_type: oneOf('http', 'grpc'),
    compression: oneOf('gzip', ''),
    headers: headersShape,
    insecure: flag,
    sampling_fraction: decimal,
    timeout: duration,
    tls_config: tlsShape,
  },
  needs('endpoint'),
);

const eventRecorder = fields({
  file_outputs: list(fields({ path: text }, needs('path'))),
  webhook_outputs: list(
    fields(
      {
        http_config: httpShape,
        ...each(wholeNumber, 'max_retries workers'),
        ...each(duration, 'retry_backoff timeout'),
        url,
      },
      needs('url'),
    ),
  ),
  kafka_outputs: list(
    fields({
      ...each(text, 'acks client_id compression format topic'),
      brokers: list(text),
      buffer_size: wholeNumber,
      tls_config: tlsShape,
    }),
  ),
});

export const configurationShape = fields(
  {
    global,
    route: routeShape,
    inhibit_rules: list(inhibitRule),
    receivers: list(receiver),
    templates: list(text),
    mute_time_intervals: list(namedInterval),
    time_intervals: list(namedInterval),
    tracing,
    event_recorder: eventRecorder,
  },
  ruleOf(
    'templates',
    (map) => itemsOf(entryOf(map, 'templates')).some((item) => !isPathPattern(textOf(item))),
    'a path with a [ that is not closed, or a \\ at its end',
    'paths, with * and ? and [ ]',
  ),
  ruleOf(
    'route',
    (map) => isOn(entryOf(entryOf(map, 'route'), 'continue')),
    'the root route cannot continue: it has no siblings',
    'a root route without continue',
  ),
);

/** As Go's filepath.Match has it. */
function isPathPattern(path: string): boolean {
  return /^(?:[^[\\]|\\[^]|\[\^?(?:[^\]\\-]|\\[^])(?:-?(?:[^\]\\-]|\\[^]))*\])*$/.test(path);
}
