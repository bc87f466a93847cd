import type { SourceDraft } from '#shared/model/settings.ts';
import { defaultPollMs, defaultTimeoutMs } from './configuration-keys.ts';
import { formatDuration } from './duration.ts';
import type { FileValues } from './yaml-edits.ts';

/**
 * A draft as the keys of the configuration file, what is default left out. The editor writes it, and a
 * draft is checked by writing it and reading it back.
 */
export function fileValuesOf(draft: SourceDraft): FileValues {
  const { name, kind, url, authentication, tenant, tls } = draft;
  const pollMs = Math.round(draft.pollSeconds * 1_000);
  const timeoutMs = Math.round(draft.timeoutSeconds * 1_000);
  return new Map<string, string | ReadonlyMap<string, string>>([
    ['name', name],
    ['kind', kind],
    ['url', url],
    ...below('authentication', authentication.kind === 'none' ? [] : Object.entries(authentication)),
    ...below(
      'headers',
      draft.headers.map((header) => [header.name, header.value] as const),
    ),
    ...(tenant === '' ? [] : [['tenant', tenant] as const]),
    ...below(
      'tls',
      Object.entries(tls).filter(([, value]) => value !== ''),
    ),
    ...(draft.proxy === 'system' ? [] : [['proxy', draft.proxy] as const]),
    ...(pollMs === defaultPollMs ? [] : [['poll', formatDuration(pollMs)] as const]),
    ...(timeoutMs === defaultTimeoutMs ? [] : [['timeout', formatDuration(timeoutMs)] as const]),
  ]);
}

function below(
  key: string,
  entries: readonly (readonly [string, string])[],
): (readonly [string, ReadonlyMap<string, string>])[] {
  return entries.length === 0 ? [] : [[key, new Map(entries)]];
}
