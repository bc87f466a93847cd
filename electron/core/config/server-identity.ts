import { createHash } from 'node:crypto';
import type { SourceEntry } from './configuration.ts';

/**
 * Which server an entry of the configuration means: a name is a label that a person may move to another server.
 * Two entries have one identity where what is sent to one of them would reach the same place: address, tenant, the
 * account that signs in, other headers, and the way there. Passwords and tokens are left out, for a new one of them
 * is no other server; where a header refers to a secret, the reference counts.
 */
export function serverIdentity(
  { authentication, headers, kind, proxy, tenant, tls }: SourceEntry,
  url: string,
  read: (path: string) => string,
): string {
  const account = authentication.kind === 'basic' ? read('authentication.username') : '';
  const sent = new Map(headers.map(({ name, value }) => [name.toLowerCase(), value]));
  if (tenant !== '') sent.set('x-scope-orgid', read('tenant'));
  for (const name of credentialHeaders) sent.delete(name);
  const named = [...sent].toSorted(([left], [right]) => (left < right ? -1 : 1));
  const text = JSON.stringify([kind, url, account, named, tls.serverName, proxy]);
  return createHash('sha256').update(text).digest('hex');
}

const credentialHeaders = ['authorization', 'proxy-authorization', 'cookie'];
