import { entryOf, isOn, textOf, type MapNode } from '../node.ts';
import { atMostOneOf, isGiven, needs, ruleOf } from '../rules.ts';
import { flag, looseUrl, oneOf, text } from '../scalars.ts';
import { anything, each, fields, list, mapOf, type Rule } from '../shape.ts';

/** How a server is reached: the same everywhere in a configuration. Source: prometheus/common config. */
const certificate = ['cert', 'cert_file', 'cert_ref'];
const key = ['key', 'key_file', 'key_ref'];

export const tlsShape = fields(
  {
    ...each(text, 'ca ca_file ca_ref cert cert_file cert_ref key key_file key_ref server_name'),
    ...each(oneOf('TLS10', 'TLS11', 'TLS12', 'TLS13'), 'min_version max_version'),
    insecure_skip_verify: flag,
  },
  atMostOneOf('ca', 'ca_file', 'ca_ref'),
  atMostOneOf(...certificate),
  atMostOneOf(...key),
  (map) =>
    anyGiven(map, certificate) === anyGiven(map, key)
      ? null
      : { key: null, message: 'a certificate and its key belong together', accepted: 'both, or neither' },
);

const header = fields({ ...each(list(text), 'values secrets files') });
/** What the client itself sets. */
const ownHeaders = new Set([
  'accept-encoding',
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'user-agent',
  'x-prometheus-remote-write-version',
  'x-prometheus-scrape-timeout-seconds',
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'www-authenticate',
]);
export const headersShape = mapOf(header, (map) => {
  const own = map.entries.find((entry) => ownHeaders.has(entry.key.toLowerCase()));
  return own === undefined
    ? null
    : { key: own.key, message: 'this header cannot be set', accepted: 'any other header' };
});

const proxyFields = {
  proxy_url: looseUrl,
  no_proxy: text,
  proxy_from_environment: flag,
  proxy_connect_header: mapOf(list(text)),
};
const proxyRules: readonly Rule[] = [
  ruleOf(
    'proxy_url',
    (map) => fromEnvironment(map) && isGiven(map, 'proxy_url'),
    'the environment says which proxy',
    'proxy_from_environment, or proxy_url',
  ),
  ruleOf(
    'no_proxy',
    (map) => isGiven(map, 'no_proxy') && (fromEnvironment(map) || !isGiven(map, 'proxy_url')),
    'this belongs to a proxy_url',
    'no_proxy beside proxy_url',
  ),
  ruleOf(
    'proxy_connect_header',
    (map) => hasEntries(map, 'proxy_connect_header') && !fromEnvironment(map) && !isGiven(map, 'proxy_url'),
    'this belongs to a proxy',
    'proxy_connect_header beside proxy_url or proxy_from_environment',
  ),
];

const signedGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const isSigned = (map: MapNode): boolean => textOf(entryOf(map, 'grant_type')) === signedGrant;
const certificateKeys = atMostOneOf(
  'client_certificate_key',
  'client_certificate_key_file',
  'client_certificate_key_ref',
);
const clientSecrets = atMostOneOf('client_secret', 'client_secret_file', 'client_secret_ref');

const oauth2 = fields(
  {
    ...each(text, 'audience client_certificate_key client_certificate_key_file client_certificate_key_id'),
    ...each(text, 'client_certificate_key_ref client_id client_secret client_secret_file client_secret_ref'),
    ...each(text, 'grant_type iss signature_algorithm token_url'),
    claims: mapOf(anything),
    endpoint_params: mapOf(text),
    scopes: list(text),
    tls_config: tlsShape,
    ...proxyFields,
  },
  needs('client_id'),
  needs('token_url'),
  (map) => (isSigned(map) ? certificateKeys(map) : clientSecrets(map)),
  ruleOf(
    'signature_algorithm',
    (map) =>
      isSigned(map) && !['', 'RS256', 'RS384', 'RS512'].includes(textOf(entryOf(map, 'signature_algorithm'))),
    'this algorithm is not known',
    'RS256, RS384, RS512',
  ),
  ...proxyRules,
);

const bearer = ['bearer_token', 'bearer_token_file'];

export const httpShape = fields(
  {
    authorization: fields(
      each(text, 'type credentials credentials_file credentials_ref'),
      atMostOneOf('credentials', 'credentials_file', 'credentials_ref'),
      ruleOf(
        'type',
        (map) => textOf(entryOf(map, 'type')).trim().toLowerCase() === 'basic',
        'basic has a field of its own',
        'another type, or basic_auth',
      ),
    ),
    basic_auth: fields(
      each(text, 'username username_file username_ref password password_file password_ref'),
      atMostOneOf('username', 'username_file', 'username_ref'),
      atMostOneOf('password', 'password_file', 'password_ref'),
    ),
    oauth2,
    ...each(text, bearer.join(' ')),
    ...each(flag, 'follow_redirects enable_http2'),
    http_headers: headersShape,
    tls_config: tlsShape,
    ...proxyFields,
  },
  (map) =>
    anyGiven(map, bearer) ? atMostOneOf(...bearer, 'basic_auth', 'oauth2', 'authorization')(map) : null,
  atMostOneOf('basic_auth', 'oauth2', 'authorization'),
  ...proxyRules,
);

function fromEnvironment(map: MapNode): boolean {
  return isOn(entryOf(map, 'proxy_from_environment'));
}

function hasEntries(map: MapNode, name: string): boolean {
  const value = entryOf(map, name);
  return value?.kind === 'map' && value.entries.length > 0;
}

function anyGiven(map: MapNode, names: readonly string[]): boolean {
  return names.some((name) => isGiven(map, name));
}
