import type { Receiver } from '../model.ts';
import { pathOf, quotedName, type ProblemList } from './check-shape.ts';
import { entryOf, isNull, itemsOf, textOf, type ConfigNode, type MapNode } from './node.ts';
import { isGiven } from './rules.ts';
import { integrationShapes, type IntegrationKey } from './shapes/configuration.ts';

/** The receivers by name, with how each tells people; and what each needs of `global`. */
export function readReceivers(configuration: MapNode, problems: ProblemList): readonly Receiver[] {
  const receivers: Receiver[] = [];
  const names = new Set<string>();
  const global = entryOf(configuration, 'global');
  for (const [index, node] of itemsOf(entryOf(configuration, 'receivers')).entries()) {
    if (node.kind !== 'map') continue;
    const field = `receivers[${index}]`;
    const name = textOf(entryOf(node, 'name'));
    if (names.has(name)) {
      const message = `there is another receiver ${quotedName(name)}`;
      problems.report(entryOf(node, 'name')?.at ?? node.at, pathOf(field, 'name'), message, 'each name once');
    }
    names.add(name);
    const integrations: string[] = [];
    for (const { key, value } of node.entries) {
      if (!isIntegration(key) || entryOf(node, key) !== value) continue;
      for (const [place, integration] of itemsOf(value).entries()) {
        const path = `${pathOf(field, key)}[${place}]`;
        if (isNull(integration)) {
          problems.report(integration.at, path, 'nothing stands here', 'a map');
          continue;
        }
        integrations.push(key.replace(/_configs$/, ''));
        checkDefaults(key, integration, global, path, problems);
      }
    }
    receivers.push({ name, line: node.at.line, integrations });
  }
  return receivers;
}

function isIntegration(key: string): key is IntegrationKey {
  return Object.hasOwn(integrationShapes, key);
}

/** What has to be given here or in `global`: by any of the first names, or any of the second. */
const needed: Readonly<Partial<Record<IntegrationKey, readonly Need[]>>> = {
  email_configs: [
    { own: ['smarthost'], global: ['smtp_smarthost'] },
    { own: ['from'], global: ['smtp_from'] },
  ],
  slack_configs: [
    {
      own: ['api_url', 'api_url_file', 'app_token', 'app_token_file'],
      global: ['slack_api_url', 'slack_api_url_file', 'slack_app_token', 'slack_app_token_file'],
    },
  ],
  opsgenie_configs: [
    { own: ['api_key', 'api_key_file'], global: ['opsgenie_api_key', 'opsgenie_api_key_file'] },
  ],
  victorops_configs: [
    { own: ['api_key', 'api_key_file'], global: ['victorops_api_key', 'victorops_api_key_file'] },
  ],
  wechat_configs: [
    { own: ['api_secret', 'api_secret_file'], global: ['wechat_api_secret', 'wechat_api_secret_file'] },
    { own: ['corp_id'], global: ['wechat_api_corp_id'] },
  ],
  jira_configs: [{ own: ['api_url'], global: ['jira_api_url'] }],
  telegram_configs: [
    { own: ['bot_token', 'bot_token_file'], global: ['telegram_bot_token', 'telegram_bot_token_file'] },
  ],
  mattermost_configs: [
    {
      own: ['webhook_url', 'webhook_url_file'],
      global: ['mattermost_webhook_url', 'mattermost_webhook_url_file'],
    },
  ],
  rocketchat_configs: [
    { own: ['token_id', 'token_id_file'], global: ['rocketchat_token_id', 'rocketchat_token_id_file'] },
    { own: ['token', 'token_file'], global: ['rocketchat_token', 'rocketchat_token_file'] },
  ],
};

interface Need {
  readonly own: readonly string[];
  readonly global: readonly string[];
}

function checkDefaults(
  key: IntegrationKey,
  node: ConfigNode,
  global: ConfigNode | undefined,
  field: string,
  problems: ProblemList,
): void {
  for (const need of needed[key] ?? []) {
    if (hasAny(node, need.own, key) || hasAny(global, need.global, key)) continue;
    const [own, inGlobal] = [need.own.join(', '), need.global.join(', ')];
    problems.report(node.at, field, `${own} is missing`, `one of ${own} here, or of ${inGlobal} in global`);
  }
  if (key === 'slack_configs') checkSlackToken(node, global, field, problems);
}

/** The token of an app is its authorization. */
function checkSlackToken(
  node: ConfigNode,
  global: ConfigNode | undefined,
  field: string,
  problems: ProblemList,
): void {
  const usesUrl = hasAny(node, ['api_url', 'api_url_file'], 'slack_configs');
  const usesToken =
    hasAny(node, ['app_token', 'app_token_file'], 'slack_configs') ||
    (!usesUrl && hasAny(global, ['slack_app_token', 'slack_app_token_file'], 'slack_configs'));
  const http = entryOf(node, 'http_config') ?? entryOf(global, 'http_config');
  if (usesToken && entryOf(http, 'authorization') !== undefined) {
    const message = 'an app token cannot be used with an authorization in http_config';
    problems.report(node.at, field, message, 'an app token, or http_config.authorization');
  }
}

/** Rocket.Chat's tokens may be empty; whatever else is given has to say something. */
function hasAny(node: ConfigNode | undefined, names: readonly string[], key: IntegrationKey): boolean {
  if (node?.kind !== 'map') return false;
  const isThere = key === 'rocketchat_configs' ? isPresent : isGiven;
  return names.some((name) => isThere(node, name));
}

function isPresent(node: MapNode, name: string): boolean {
  return entryOf(node, name) !== undefined;
}
