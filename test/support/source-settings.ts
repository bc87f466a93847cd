import type { SourceSettings } from '#core/sources/source-settings.ts';

/** Settings of a source for tests: no credentials, no TLS, impatient. */
export function sourceSettings(
  settings: Pick<SourceSettings, 'kind' | 'url'> & Partial<SourceSettings>,
): SourceSettings {
  return {
    name: 'under-test',
    identity: settings.url,
    headers: {},
    tls: plainTls(),
    proxy: null,
    pollMs: 1_000,
    timeoutMs: 2_000,
    tellsAlerts: settings.kind === 'alertmanager',
    ...settings,
  };
}

export function plainTls(tls: Partial<SourceSettings['tls']> = {}): SourceSettings['tls'] {
  return { ca: null, certificate: null, key: null, pinnedSha256: null, serverName: null, ...tls };
}
