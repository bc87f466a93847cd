import * as v from 'valibot';
import { sourceDraftSchema, type Authentication, type SourceDraft } from '#shared/model/settings.ts';
import { failed, success, type Result } from '#shared/result.ts';

/** The source form as data: its text fields, where each lies in the file, and how a draft is checked. */

export interface TextField {
  readonly label: string;
  /** The key in the configuration file, below the source. */
  readonly path: string;
  readonly hint: string;
  readonly read: (draft: SourceDraft) => string;
  readonly write: (draft: SourceDraft, value: string) => SourceDraft;
}

function tlsField(key: keyof SourceDraft['tls'], label: string, hint: string): TextField {
  return {
    label,
    path: `tls.${key}`,
    hint,
    read: (draft) => draft.tls[key],
    write: (draft, value) => ({ ...draft, tls: { ...draft.tls, [key]: value.trim() } }),
  };
}

export const addressFields: readonly TextField[] = [
  {
    label: 'Name',
    path: 'name',
    hint: 'prometheus-eu',
    read: (draft) => draft.name,
    write: (draft, name) => ({ ...draft, name }),
  },
  {
    label: 'Address',
    path: 'url',
    hint: 'https://prometheus.example/base/path',
    read: (draft) => draft.url,
    write: (draft, url) => ({ ...draft, url: url.trim() }),
  },
];

export const tenantField: TextField = {
  label: 'Tenant',
  path: 'tenant',
  hint: 'sent as X-Scope-OrgID',
  read: (draft) => draft.tenant,
  write: (draft, tenant) => ({ ...draft, tenant }),
};

export const proxyField: TextField = {
  label: 'Proxy',
  path: 'proxy',
  hint: 'system, none, or http://proxy.example:3128',
  read: (draft) => draft.proxy,
  write: (draft, proxy) => ({ ...draft, proxy: proxy.trim() }),
};

export const tlsFields: readonly TextField[] = [
  tlsField('caFile', 'Authority', 'path of a PEM file; empty for the system’s own'),
  tlsField('certFile', 'Client certificate', 'path of a PEM file'),
  tlsField('keyFile', 'Client key', 'path of a PEM file'),
  tlsField('pinnedSha256', 'Pinned certificate', 'SHA-256, 64 hex digits; any other is refused'),
  tlsField('serverName', 'Certificate’s name', 'where it is not the one in the address'),
];

export interface NumberField {
  readonly label: string;
  readonly path: string;
  readonly key: 'pollSeconds' | 'timeoutSeconds';
  readonly max: number;
}

export const numberFields: readonly NumberField[] = [
  { label: 'Ask every, seconds', path: 'poll', key: 'pollSeconds', max: 3_600 },
  { label: 'Give up after, seconds', path: 'timeout', key: 'timeoutSeconds', max: 300 },
];

export function authenticationOf(kind: string): Authentication {
  switch (kind) {
    case 'basic':
      return { kind: 'basic', username: '', password: '' };
    case 'bearer':
      return { kind: 'bearer', token: '' };
    default:
      return { kind: 'none' };
  }
}

/** What is wrong with a field, by its path in the draft. */
export type FieldProblems = ReadonlyMap<string, string>;

const words = new Map<string, string>([
  ['name', 'A name of 1 to 64 characters.'],
  ['url', 'An http or https address.'],
  ['proxy', 'system, none, or the address of a proxy.'],
  ['pollSeconds', 'From 1 to 3600 seconds.'],
  ['timeoutSeconds', 'From 1 to 300 seconds.'],
]);

/** Checks what the form can know; the core checks the rest when it writes the file. */
export function checkDraft(draft: SourceDraft): Result<SourceDraft, FieldProblems> {
  const headers = draft.headers.filter((header) => header.name !== '' || header.value !== '');
  const parsed = v.safeParse(sourceDraftSchema, { ...draft, name: draft.name.trim(), headers });
  const problems = new Map<string, string>();
  for (const issue of parsed.issues ?? []) {
    const path = v.getDotPath(issue) ?? '';
    problems.set(path, words.get(path) ?? issue.message);
  }
  if (!/^https?:\/\/[^\s/]/i.test(draft.url)) problems.set('url', words.get('url') ?? '');
  return parsed.success && problems.size === 0 ? success(parsed.output) : failed(problems);
}
