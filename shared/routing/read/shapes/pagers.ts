import { entryOf, isNull, isOn, itemsOf, textOf } from '../node.ts';
import { atMostOneOf, exactlyOneOf, isGiven, needs, needsAnyOf, ruleOf } from '../rules.ts';
import {
  address,
  duration,
  flag,
  goDuration,
  goDurationText,
  naturalNumber,
  oneOf,
  templateUrl,
  text,
  url,
} from '../scalars.ts';
import { anything, each, fields, list, mapOf, type Shape } from '../shape.ts';
import { httpShape, tlsShape } from './http.ts';

/** The receivers that call people, write mail or make tickets. Source: prometheus/alertmanager 0.33. */
const common = { send_resolved: flag, http_config: httpShape };

const email = fields(
  {
    ...each(
      text,
      'auth_identity auth_password auth_password_file auth_secret auth_secret_file auth_username',
    ),
    ...each(text, 'from hello html text to'),
    ...each(flag, 'force_implicit_tls require_tls send_resolved'),
    smarthost: address,
    tls_config: tlsShape,
    headers: mapOf(text, (map) => {
      const isTwice = (key: string, index: number): boolean =>
        map.entries.findIndex((entry) => entry.key.toLowerCase() === key.toLowerCase()) < index;
      const second = map.entries.find(({ key }, index) => isTwice(key, index));
      const message = 'this header stands here twice';
      return second === undefined ? null : { key: second.key, message, accepted: 'each header once' };
    }),
    threading: fields({ enabled: flag, thread_by_date: text }, (map) => {
      const by = entryOf(map, 'thread_by_date');
      const isWrong = isOn(entryOf(map, 'enabled')) && !['none', 'daily'].includes(textOf(by));
      return isWrong
        ? { key: 'thread_by_date', message: 'this is not known here', accepted: 'none, daily' }
        : null;
    }),
  },
  needs('to'),
);

const pagerduty = fields(
  {
    ...common,
    ...each(text, 'class client client_url component description group routing_key routing_key_file'),
    ...each(text, 'service_key service_key_file severity source'),
    details: mapOf(anything),
    images: list(fields(each(text, 'alt href src'))),
    links: list(fields(each(text, 'href text'))),
    timeout: goDuration,
    url,
  },
  needsAnyOf('service_key', 'service_key_file', 'routing_key', 'routing_key_file'),
  atMostOneOf('routing_key', 'routing_key_file'),
  atMostOneOf('service_key', 'service_key_file'),
);

const responderTypes = ['team', 'teams', 'user', 'escalation', 'schedule'];
const opsgenie = fields(
  {
    ...common,
    ...each(text, 'actions api_key api_key_file description entity message note priority source tags'),
    api_url: url,
    details: mapOf(text),
    update_alerts: flag,
    responders: list(
      fields(
        each(text, 'id name type username'),
        needsAnyOf('id', 'name', 'username'),
        ruleOf(
          'type',
          (map) => {
            const type = textOf(entryOf(map, 'type'));
            return !type.includes('{{') && !responderTypes.includes(type.toLowerCase());
          },
          'this kind of responder is not known',
          responderTypes.join(', '),
        ),
      ),
    ),
  },
  atMostOneOf('api_key', 'api_key_file'),
  ruleOf(
    'responders',
    (map) => itemsOf(entryOf(map, 'responders')).some(isNull),
    'one of them is nothing',
    'responders with an id, a name or a username',
  ),
);

const pushover = fields(
  {
    ...common,
    ...each(
      text,
      'device message priority sound title token token_file url url_title user_key user_key_file',
    ),
    ...each(goDurationText, 'expire retry ttl'),
    ...each(flag, 'html monospace'),
  },
  ...exactlyOneOf('user_key', 'user_key_file'),
  ...exactlyOneOf('token', 'token_file'),
  (map) =>
    isOn(entryOf(map, 'html')) && isOn(entryOf(map, 'monospace'))
      ? { key: 'monospace', message: 'html is on too', accepted: 'html or monospace' }
      : null,
);

const fixedFields = [
  'routing_key',
  'message_type',
  'state_message',
  'entity_display_name',
  'monitoring_tool',
  'entity_id',
  'entity_state',
];
const victorops = fields(
  {
    ...common,
    ...each(text, 'api_key api_key_file entity_display_name message_type monitoring_tool routing_key'),
    state_message: text,
    api_url: url,
    custom_fields: mapOf(text, (map) => {
      const fixed = map.entries.find(({ key }) => fixedFields.includes(key));
      const message = 'this name is one of the fields that are always sent';
      return fixed === undefined ? null : { key: fixed.key, message, accepted: 'another name' };
    }),
  },
  needs('routing_key'),
  atMostOneOf('api_key', 'api_key_file'),
);

const updatable: Shape = { kind: 'scalar-or-fields', fields: { template: text, enable_update: flag } };
const jira = fields(
  {
    ...common,
    ...each(text, 'issue_type priority project reopen_transition resolve_transition wont_fix_resolution'),
    ...each(updatable, 'description summary'),
    api_url: url,
    api_type: oneOf('auto', 'cloud', 'datacenter'),
    fields: mapOf(anything),
    labels: list(text),
    reopen_duration: duration,
  },
  needs('project'),
  needs('issue_type'),
);

const sns = fields(
  {
    ...common,
    ...each(text, 'api_url message phone_number subject target_arn topic_arn'),
    attributes: mapOf(text),
    use_aws_http_client: flag,
    sigv4: fields(
      {
        ...each(text, 'access_key external_id profile region role_arn secret_key service_name'),
        use_fips_sts_endpoint: flag,
      },
      (map) =>
        isGiven(map, 'access_key') === isGiven(map, 'secret_key')
          ? null
          : { key: null, message: 'access_key and secret_key belong together', accepted: 'both, or neither' },
      ruleOf(
        'external_id',
        (map) => isGiven(map, 'external_id') && !isGiven(map, 'role_arn'),
        'this belongs to a role_arn',
        'external_id beside role_arn',
      ),
    ),
  },
  (map) => {
    // One of them, or all three: what the server asks is whether their number is odd.
    const given = ['target_arn', 'topic_arn', 'phone_number'].filter((key) => isGiven(map, key));
    const accepted = 'one of target_arn, topic_arn, phone_number';
    return given.length % 2 === 1 ? null : { key: null, message: 'it does not say where to', accepted };
  },
);

const webhook = fields(
  {
    ...common,
    url_file: text,
    url: templateUrl,
    max_alerts: naturalNumber,
    timeout: goDuration,
    payload: anything,
  },
  ...exactlyOneOf('url', 'url_file'),
);

const tokens = ['alert_source_token', 'alert_source_token_file'];
const incidentio = fields(
  {
    ...common,
    ...each(text, 'alert_source_token alert_source_token_file url_file'),
    url,
    max_alerts: naturalNumber,
    timeout: goDuration,
  },
  ...exactlyOneOf('url', 'url_file'),
  atMostOneOf(...tokens),
  ruleOf(
    'http_config',
    (map) =>
      tokens.some((token) => isGiven(map, token)) &&
      entryOf(entryOf(map, 'http_config'), 'authorization') !== undefined,
    'the token is the authorization',
    'a token, or http_config.authorization',
  ),
);

export const pagerShapes = {
  email_configs: email,
  incidentio_configs: incidentio,
  jira_configs: jira,
  opsgenie_configs: opsgenie,
  pagerduty_configs: pagerduty,
  pushover_configs: pushover,
  sns_configs: sns,
  victorops_configs: victorops,
  webhook_configs: webhook,
} as const satisfies Record<string, Shape>;
