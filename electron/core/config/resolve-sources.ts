import type { SourceSettings } from '#core/sources/source-settings.ts';
import type { ConfigurationProblem, SettingsView } from '#shared/model/settings.ts';
import { isAskedForAlerts, type SourceKind } from '#shared/model/source.ts';
import { nearestPosition, pathOf } from './configuration.ts';
import type { Configuration, SourceEntry } from './configuration.ts';
import { referencesIn } from './references.ts';
import { resolveProxy } from './proxy.ts';
import { pathIn, readReference, readSecrets } from './secrets.ts';
import type { SecretPlaces } from './secrets.ts';
import { serverIdentity } from './server-identity.ts';
import { draftOf } from './source-draft.ts';
import { readTlsFiles } from './tls-files.ts';

/**
 * Makes of the configured sources the settings that the clients use: every secret read, every header
 * built, every certificate checked. A source whose secret is missing is unusable and says so; the others
 * go on. Called by the store whenever the file, or a file that it names, has changed.
 */
export interface ResolvedSources {
  readonly sources: readonly SourceSettings[];
  readonly unusable: readonly UnusableSource[];
  /** The same sources for the settings screen. */
  readonly views: SettingsView['sources'];
  readonly problems: readonly ConfigurationProblem[];
}

/** A source that cannot be asked, and why: for the Sources view. */
export interface UnusableSource {
  readonly name: string;
  readonly kind: SourceKind;
  readonly url: string;
  readonly tellsAlerts: boolean;
  readonly problem: ConfigurationProblem;
}

/** One thing that keeps a source from being used; `path` is the key below the source. */
export interface SourceMistake {
  readonly path: string;
  readonly message: string;
  readonly accepted: string;
}

/** @param file what the problems call the file. */
export async function resolveSources(
  configuration: Configuration,
  file: string,
  places: SecretPlaces,
): Promise<ResolvedSources> {
  const sources: SourceSettings[] = [];
  const unusable: UnusableSource[] = [];
  const views: SettingsView['sources'] = [];
  const problems: ConfigurationProblem[] = [];
  // One that cannot be asked counts: a mistake in it must not change who tells alerts.
  const kinds = configuration.sources.map(({ kind }) => kind);
  // All at once: a keychain that waits for the person, or a slow proxy file, delays them together.
  const read = await Promise.all(
    configuration.sources.map(async (entry) => ({
      entry,
      resolved: await resolveSource(entry, places, isAskedForAlerts(entry.kind, kinds)),
      secrets: await secretsFound(entry, places),
    })),
  );
  for (const { entry, resolved, secrets } of read) {
    const found = resolved.mistakes.map(({ path, message, accepted }) => {
      const whole = `${entry.path}.${path}`;
      const at = nearestPosition(configuration.positions, whole);
      return {
        severity: 'error',
        file,
        ...at,
        path: whole,
        message,
        accepted,
      } satisfies ConfigurationProblem;
    });
    problems.push(...found);
    const [problem] = found;
    if (problem === undefined) sources.push(resolved.settings);
    else {
      const { name, kind, url, tellsAlerts } = resolved.settings;
      unusable.push({ name, kind, url, tellsAlerts, problem });
    }
    const { line } = nearestPosition(configuration.positions, entry.path);
    views.push({ draft: draftOf(entry), line, secrets });
  }
  return { sources, unusable, views, problems };
}

/** Reads one source; on trial it is asked for no alerts. The settings are to be used only where there is no mistake. */
export async function resolveSource(
  entry: SourceEntry,
  places: SecretPlaces,
  tellsAlerts = false,
): Promise<{ readonly settings: SourceSettings; readonly mistakes: readonly SourceMistake[] }> {
  const mistakes: SourceMistake[] = [];
  const read = new Map<string, string>();
  for (const [path, value] of referringTexts(entry)) {
    const secret = await readSecrets(value, places);
    if (secret.ok) read.set(path, secret.value);
    else mistakes.push({ path, message: secret.failure.message, accepted: secret.failure.accepted });
  }
  const headers = headersOf(entry, (path) => read.get(path) ?? '', mistakes);
  const { tls, problems } = await readTlsFiles(entry.tls, places);
  mistakes.push(...problems.map(({ key, ...problem }) => ({ path: `tls.${key}`, ...problem })));
  const proxy = await resolveProxy(entry.proxy, addressOf(entry), places);
  if (!proxy.ok) mistakes.push({ path: 'proxy', ...proxy.failure });
  const { name, kind, pollMs, timeoutMs } = entry;
  const url = addressOf(entry);
  const identity = serverIdentity(entry, url, (path) => read.get(path) ?? '');
  const settings = { name, kind, identity, url, headers, tls, pollMs, timeoutMs, tellsAlerts };
  return { settings: { ...settings, proxy: proxy.ok ? proxy.value : null }, mistakes };
}

/** Every file that a configuration names: when one changes, its sources are to be read again. */
export function referencedFiles(configuration: Configuration, places: SecretPlaces): readonly string[] {
  const paths = configuration.sources.flatMap((entry) => [
    ...[...referringTexts(entry).values(), entry.proxy]
      .flatMap(referencesIn)
      .filter(({ store }) => store === 'file')
      .map(({ name }) => name),
    ...[entry.tls.caFile, entry.tls.certFile, entry.tls.keyFile].filter((path) => path !== ''),
  ]);
  return [...new Set(paths.map((path) => pathIn(places, path)))];
}

/** The texts of a source in which references are read, by their key below the source. */
function referringTexts({ authentication, headers, tenant }: SourceEntry): ReadonlyMap<string, string> {
  const { kind: _kind, ...credentials } = authentication;
  return new Map([
    ...Object.entries(credentials).map(([key, value]) => [`authentication.${key}`, value] as const),
    ...headers.map(({ name, value }) => [pathOf('headers', name), value] as const),
    ['tenant', tenant],
  ]);
}

function headersOf(
  entry: SourceEntry,
  read: (path: string) => string,
  mistakes: SourceMistake[],
): Readonly<Record<string, string>> {
  const headers: [name: string, value: string, path: string][] = entry.headers.map(({ name }) => {
    const path = pathOf('headers', name);
    return [name, read(path), path];
  });
  if (entry.authentication.kind === 'basic') {
    const username = read('authentication.username');
    if (username.includes(':')) {
      const message = 'what is read for the user name has a colon';
      mistakes.push({ path: 'authentication.username', message, accepted: 'a user name without colons' });
    }
    const credentials = Buffer.from(`${username}:${read('authentication.password')}`).toString('base64');
    headers.push(['Authorization', `Basic ${credentials}`, 'authentication']);
  }
  if (entry.authentication.kind === 'bearer') {
    headers.push(['Authorization', `Bearer ${read('authentication.token')}`, 'authentication.token']);
  }
  if (entry.tenant !== '') headers.push(['X-Scope-OrgID', read('tenant'), 'tenant']);
  for (const [, value, path] of headers) {
    // Line breaks would end the header and begin another: the value is refused, never repaired.
    if (/^[\t\x20-\x7E\x80-\xFF]*$/.test(value)) continue;
    const message = 'what is read has a character that a header cannot carry';
    mistakes.push({ path, message, accepted: 'letters, digits and signs on one line' });
  }
  return Object.fromEntries(headers);
}

async function secretsFound(
  entry: SourceEntry,
  places: SecretPlaces,
): Promise<SettingsView['sources'][number]['secrets']> {
  const references = new Map(
    [...referringTexts(entry).values(), entry.proxy]
      .flatMap(referencesIn)
      .map((reference) => [reference.text, reference]),
  );
  return Promise.all(
    [...references.values()].map(async (reference) => ({
      reference: reference.text,
      found: (await readReference(reference, places)).ok,
    })),
  );
}

/** The base address in its normal form, without a slash at its end. */
function addressOf({ url }: SourceEntry): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, '');
}
