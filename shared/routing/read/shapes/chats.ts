import { entryOf, isOn, textOf, type MapNode } from '../node.ts';
import { atMostOneOf, atMostOnePresent, exactlyOneOf, isGiven, needs, needsAnyOf, ruleOf } from '../rules.ts';
import { wholeNumberOf } from '../scalar-type.ts';
import { flag, goDuration, oneOf, secretUrl, text, url, wholeNumber } from '../scalars.ts';
import { each, fields, list, type Shape } from '../shape.ts';
import { httpShape } from './http.ts';

/** The receivers that write into a chat. Source: prometheus/alertmanager 0.33, notify and config. */
const common = { send_resolved: flag, http_config: httpShape };

const field = fields({ ...each(text, 'title value'), short: flag });
const completeField = fields({ ...each(text, 'title value'), short: flag }, needs('title'), needs('value'));
const attachment = {
  ...each(text, 'author_icon author_link author_name color fallback footer footer_icon image_url pretext'),
  ...each(text, 'text thumb_url title title_link'),
  fields: list(completeField),
};

const slackAction = fields(
  {
    ...each(text, 'name style text type url value'),
    confirm: fields(each(text, 'dismiss_text ok_text text title'), needs('text')),
  },
  needs('type'),
  needs('text'),
  needsAnyOf('url', 'name'),
);

/** The only place where Slack changes a message that it has. */
const updatableUrl = 'https://slack.com/api/chat.postMessage';

const slack = fields(
  {
    ...common,
    ...each(
      text,
      'api_url_file app_token app_token_file callback_id channel color fallback footer icon_emoji',
    ),
    ...each(text, 'icon_url image_url message_text pretext text thumb_url title title_link username'),
    ...each(flag, 'link_names short_fields update_message'),
    api_url: secretUrl,
    app_url: url,
    actions: list(slackAction),
    fields: list(completeField),
    mrkdwn_in: list(text),
    timeout: goDuration,
  },
  atMostOneOf('api_url', 'api_url_file'),
  atMostOneOf('app_token', 'app_token_file'),
  ruleOf(
    'app_token',
    (map) =>
      (isGiven(map, 'api_url') || isGiven(map, 'api_url_file')) &&
      (isGiven(map, 'app_token') || isGiven(map, 'app_token_file')),
    'a URL and a token cannot both say where to',
    'api_url or api_url_file, or app_token or app_token_file',
  ),
  ruleOf(
    'update_message',
    (map) => isOn(entryOf(map, 'update_message')) && textOf(entryOf(map, 'api_url')) !== updatableUrl,
    'messages can be updated by one URL only',
    `update_message with the api_url ${updatableUrl}`,
  ),
);

const webhookUrls = exactlyOneOf('webhook_url', 'webhook_url_file');

const discord = fields(
  {
    ...common,
    ...each(text, 'avatar_url content message title username webhook_url_file'),
    webhook_url: secretUrl,
  },
  ...webhookUrls,
);

const mattermost = fields(
  {
    ...common,
    ...attachment,
    ...each(text, 'channel icon_emoji icon_url type username webhook_url_file'),
    webhook_url: secretUrl,
    attachments: list(fields(attachment)),
    priority: fields({ priority: text, ...each(flag, 'persistent_notifications requested_ack') }),
    props: fields({ card: text }),
  },
  atMostOneOf('webhook_url', 'webhook_url_file'),
);

const msteams = fields(
  { ...common, ...each(text, 'summary text title webhook_url_file'), webhook_url: secretUrl },
  ...webhookUrls,
);
const msteamsv2 = fields(
  { ...common, ...each(text, 'text title webhook_url_file'), webhook_url: secretUrl },
  ...webhookUrls,
);

const rocketchat = fields(
  {
    ...common,
    ...each(text, 'channel color emoji icon_url image_url text thumb_url title title_link'),
    ...each(text, 'token token_file token_id token_id_file'),
    ...each(flag, 'link_names short_fields'),
    api_url: url,
    fields: list(field),
    actions: list(
      fields({
        ...each(text, 'imageurl msg msgprocessingtype text type url webviewheightratio'),
        ...each(flag, 'iswebview msginchatwindow'),
      }),
    ),
  },
  atMostOnePresent('token', 'token_file'),
  atMostOnePresent('token_id', 'token_id_file'),
);

function hasChatId(map: MapNode): boolean {
  const id = entryOf(map, 'chat_id');
  return id?.kind === 'scalar' && (wholeNumberOf(id, 'signed') ?? 0n) !== 0n;
}

const telegram = fields(
  {
    ...common,
    ...each(text, 'bot_token bot_token_file chat_id_file message'),
    ...each(wholeNumber, 'chat_id message_thread_id'),
    api_url: url,
    disable_notifications: flag,
    parse_mode: oneOf('Markdown', 'MarkdownV2', 'HTML', ''),
  },
  atMostOneOf('bot_token', 'bot_token_file'),
  (map) =>
    isGiven(map, 'chat_id_file') || hasChatId(map)
      ? null
      : { key: null, message: 'chat_id or chat_id_file is missing', accepted: 'a chat_id that is not 0' },
  (map) =>
    isGiven(map, 'chat_id_file') && hasChatId(map)
      ? { key: 'chat_id_file', message: 'chat_id is given too', accepted: 'chat_id, or chat_id_file' }
      : null,
);

const webex = fields(
  { ...common, ...each(text, 'message room_id'), api_url: url },
  needs('room_id'),
  (map) => {
    const http = entryOf(map, 'http_config');
    const isAuthorized = ['authorization', 'bearer_token', 'bearer_token_file'].some(
      (key) => entryOf(http, key) !== undefined,
    );
    const message = 'http_config.authorization is missing';
    return isAuthorized
      ? null
      : { key: 'http_config', message, accepted: 'an http_config with authorization' };
  },
);

const wechat = fields(
  {
    ...common,
    ...each(text, 'agent_id api_secret api_secret_file corp_id message to_party to_tag to_user'),
    api_url: url,
    message_type: oneOf('text', 'markdown', ''),
  },
  atMostOneOf('api_secret', 'api_secret_file'),
);

export const chatShapes = {
  discord_configs: discord,
  mattermost_configs: mattermost,
  msteams_configs: msteams,
  msteamsv2_configs: msteamsv2,
  rocketchat_configs: rocketchat,
  slack_configs: slack,
  telegram_configs: telegram,
  webex_configs: webex,
  wechat_configs: wechat,
} as const satisfies Record<string, Shape>;
