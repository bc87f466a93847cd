import tls from 'node:tls';
import type { buildConnector } from 'undici';
import { afterEach, expect, test } from 'vitest';
import { makeCertificate } from '#support/certificates.ts';
import { Cleanup } from '#support/cleanup.ts';
import { startFaultyServer } from '#support/faulty-server.ts';
import { plainTls, sourceSettings } from '#support/source-settings.ts';
import { authoritiesWith, systemAuthorities, type ReadAuthorities } from './authorities.ts';
import { SourceConnector } from './connector.ts';

const each = new Cleanup();
afterEach(() => each.run());

/** Connects with a system store of the test's own. @returns the error's code, or `connected`. */
async function connectWith(readStore: ReadAuthorities, ca: string | null = null): Promise<string> {
  const authority = await makeCertificate({ name: 'company', authority: true });
  stored = authority.certificate;
  const certificate = await makeCertificate({ signedBy: authority });
  const server = await startFaultyServer({ kind: 'prometheus', tls: certificate }, each);
  const settings = sourceSettings({
    kind: 'prometheus',
    url: server.url,
    tls: plainTls({ ca: ca === 'stored' ? stored : ca }),
  });
  const connector = new SourceConnector(settings, {
    authorities: () => authoritiesWith(readStore, (reason) => unread.push(reason)),
  });
  const { hostname, protocol, port } = new URL(server.url);
  const options: buildConnector.Options = { hostname, protocol, port };
  return new Promise((resolve) => {
    connector.connect(options, (error, socket) => {
      socket?.destroy();
      resolve(error === null ? 'connected' : String('code' in error ? error.code : error.message));
    });
  });
}

let stored = '';
const unread: string[] = [];

test('an authority of the system is trusted', async () => {
  expect(await connectWith(() => Promise.resolve([stored]))).toBe('connected');
});

test('an authority that nobody put there is not', async () => {
  expect(await connectWith(() => Promise.resolve([]))).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
});

test('a store that cannot be read costs its own authorities only', async () => {
  const broken: ReadAuthorities = () => Promise.reject(new Error('the keychain is locked'));
  expect(await connectWith(broken)).toBe('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  expect(await connectWith(broken, 'stored')).toBe('connected');
  expect(await authoritiesWith(broken, () => undefined)).toEqual(tls.getCACertificates('bundled'));
  expect(unread).toEqual(['the keychain is locked', 'the keychain is locked']);
});

test('the store of this machine is read once, away from this thread', async () => {
  const first = systemAuthorities();
  expect(systemAuthorities()).toBe(first);
  expect(await first).toEqual(expect.arrayContaining(tls.getCACertificates('system')));
});
