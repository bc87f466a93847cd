import { canTellAlerts, type SourceKind } from '#shared/model/source.ts';
import { pathOf } from './configuration.ts';
import type { HeaderEntry, TlsEntry } from './configuration.ts';
import { error, report, warning } from './key-readers.ts';
import type { Place } from './key-readers.ts';
import { quoted } from './problem-text.ts';
import { acceptedReferences, isLiteralSecret, replaceReferences } from './references.ts';
import { secretMistake } from './value-checks.ts';

/**
 * What can be wrong between the keys of a source, and between sources, where each key alone is right.
 * Called by the table of keys. No problem says a value that may be a secret.
 */

interface AuthenticationValues {
  readonly kind: 'none' | 'basic' | 'bearer';
  readonly username: string;
  readonly password: string;
  readonly token: string;
}

const credentialKeys = { none: [], basic: ['username', 'password'], bearer: ['token'] } as const;

export function checkAuthentication(values: AuthenticationValues, place: Place): void {
  const { kind } = values;
  const wanted: readonly string[] = credentialKeys[kind];
  for (const key of ['username', 'password', 'token'] as const) {
    const below = { ...place, path: `${place.path}.${key}` };
    if (wanted.includes(key) && values[key] === '')
      error(below, `missing, and ${kind} needs it`, acceptedFor(key));
    if (!wanted.includes(key) && values[key] !== '') {
      error(
        below,
        `does not belong to kind ${kind}`,
        wanted.length === 0 ? 'kind alone' : `kind, ${wanted.join(', ')}`,
      );
    }
    if (key !== 'username') warnOfLiteral(values[key], below);
  }
  if (replaceReferences(values.username, new Map()).includes(':')) {
    error(
      { ...place, path: `${place.path}.username` },
      'found a colon in the user name',
      'a user name without colons',
    );
  }
}

function acceptedFor(key: string): string {
  return key === 'username' ? 'a text, or a reference' : acceptedReferences;
}

function warnOfLiteral(value: string, place: Place): void {
  if (isLiteralSecret(value))
    warning(place, 'a secret stands in the file itself', `a reference: ${acceptedReferences}`);
}

/** Headers that the connection itself sets. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const credentialHeader = /auth|cookie|key|passw|secret|token/i;

export function checkHeader(name: string, value: string, place: Place): void {
  const mistake = secretMistake(value);
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/.test(name)) {
    error(place, `found the header name ${quoted(name)}`, 'letters, digits and hyphens');
  } else if (ownHeaders.has(name.toLowerCase())) {
    error(place, `the console sets ${name} itself`, 'any other header');
  }
  if (mistake !== null) error(place, mistake, `a text on one line, or ${acceptedReferences}`);
  else if (credentialHeader.test(name)) warnOfLiteral(value, place);
}

export function checkTls(tls: TlsEntry, place: Place): void {
  if ((tls.certFile === '') === (tls.keyFile === '')) return;
  const [missing, written] = tls.certFile === '' ? ['certFile', 'keyFile'] : ['keyFile', 'certFile'];
  error(
    { ...place, path: `${place.path}.${missing}` },
    `missing, and ${written} needs it`,
    'the path of a PEM file',
  );
}

export function checkWatchdog({ matchers }: { readonly matchers: unknown }, place: Place): void {
  if (matchers !== null) return;
  error({ ...place, path: `${place.path}.matchers` }, 'missing', 'matchers, such as alertname="Watchdog"');
}

interface SourceValuesToCheck {
  readonly kind: SourceKind;
  readonly watchdog: { readonly matchers: unknown };
  readonly url: string;
  readonly authentication: AuthenticationValues;
  readonly headers: readonly HeaderEntry[];
  readonly tenant: string;
  readonly tls: TlsEntry;
}

export function checkSource(source: SourceValuesToCheck, place: Place): void {
  if (source.watchdog.matchers !== null && !canTellAlerts(source.kind)) {
    const message = `no alerts come from a source of kind ${source.kind}`;
    error(
      { ...place, path: `${place.path}.watchdog` },
      message,
      'a source of kind alertmanager or prometheus',
    );
  }
  const names = new Set<string>();
  for (const { name } of source.headers) {
    const path = pathOf(`${place.path}.headers`, name);
    const lower = name.toLowerCase();
    if (names.has(lower))
      error({ ...place, path }, `found the header ${name} a second time`, 'each header once');
    if (lower === 'authorization' && source.authentication.kind !== 'none') {
      error(
        { ...place, path },
        `also set by authentication: ${source.authentication.kind}`,
        'one of the two',
      );
    }
    if (lower === 'x-scope-orgid' && source.tenant !== '') {
      error({ ...place, path }, 'also set by tenant', 'one of the two');
    }
    names.add(lower);
  }
  if (Object.values(source.tls).some((value) => value !== '') && /^http:/i.test(source.url)) {
    warning(
      { ...place, path: `${place.path}.tls` },
      'has no effect: the address is http',
      'an https address',
    );
  }
}

export function checkNames(
  sources: readonly { readonly value: { readonly name: string }; readonly place: Place }[],
): void {
  const first = new Map<string, Place>();
  for (const { value, place } of sources) {
    const path = `${place.path}.name`;
    const before = first.get(value.name);
    if (before === undefined) first.set(value.name, place);
    else
      report(
        place.reading,
        'error',
        path,
        `found ${quoted(value.name)} a second time, first at ${before.path}`,
        'a name of its own',
      );
  }
}

export function checkAlertGrouping(
  labels: readonly { readonly value: string; readonly place: Place }[],
): void {
  labels.forEach(({ value, place }, index) => {
    if (labels.findIndex((label) => label.value === value) < index)
      error(place, `found ${quoted(value)} a second time`, 'each label once');
  });
}
