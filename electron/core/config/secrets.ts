import { isAbsolute, join, resolve } from 'node:path';
import { failed, success } from '#shared/result.ts';
import type { Result } from '#shared/result.ts';
import type { HostServices } from '#host/port.ts';
import { readBoundedFile } from './bounded-file.ts';
import { acceptedReferences, referencesIn, replaceReferences } from './references.ts';
import type { SecretReference } from './references.ts';

/**
 * Reads what secret references stand for, when the configuration is loaded. What is read stays in the
 * settings of its source; a failure names the reference and never a value.
 */

/** Where references and relative paths are looked up. */
export interface SecretPlaces {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder of the configuration file: relative paths start there. */
  readonly folder: string;
  /** What `~` stands for. */
  readonly home: string;
  /** The host, which alone reaches the system's keychain and knows its proxy; null where there is none. */
  readonly host: HostServices | null;
}

export interface SecretFailure {
  readonly reference: string;
  readonly message: string;
  readonly accepted: string;
}

const maxSecretBytes = 65_536;

/** The text with every reference read, or the first that cannot be read. */
export async function readSecrets(
  value: string,
  places: SecretPlaces,
): Promise<Result<string, SecretFailure>> {
  const read = new Map<string, string>();
  for (const reference of referencesIn(value)) {
    if (read.has(reference.text)) continue;
    const secret = await readReference(reference, places);
    if (!secret.ok) return secret;
    read.set(reference.text, secret.value);
  }
  return success(replaceReferences(value, read));
}

/** What one reference stands for: never empty, without a trailing line break. */
export async function readReference(
  reference: SecretReference,
  places: SecretPlaces,
): Promise<Result<string, SecretFailure>> {
  switch (reference.store) {
    case 'env':
      return readVariable(reference, places);
    case 'file':
      return readSecretFile(reference, places);
    case 'keychain':
      return readKeychain(reference, places);
    default:
      return refuse(reference, 'is no reference', acceptedReferences);
  }
}

function readVariable(reference: SecretReference, places: SecretPlaces): Result<string, SecretFailure> {
  const { environment } = places;
  const value = Object.hasOwn(environment, reference.name) ? environment[reference.name] : undefined;
  if (value === undefined) {
    return refuse(reference, 'is not set', 'a variable of the environment that the console was started in');
  }
  return checked(reference, value);
}

async function readKeychain(
  reference: SecretReference,
  { host }: SecretPlaces,
): Promise<Result<string, SecretFailure>> {
  if (host === null) return refuse(reference, 'needs the desktop app', '${env:NAME} or ${file:PATH}');
  const secret = await host.secret(reference.name);
  if (!secret.ok) return refuse(reference, secret.failure.message, secret.failure.accepted);
  return checked(reference, secret.value.reveal());
}

async function readSecretFile(
  reference: SecretReference,
  places: SecretPlaces,
): Promise<Result<string, SecretFailure>> {
  const file = await readBoundedFile(pathIn(places, reference.name), maxSecretBytes);
  if (!file.ok)
    return refuse(reference, `cannot be read: ${file.failure.message}`, 'a readable file of at most 64 KiB');
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(file.value);
  } catch {
    return refuse(reference, 'is not text', 'a file of UTF-8 text');
  }
  return checked(reference, text.replace(/\r?\n$/, ''));
}

function checked(reference: SecretReference, value: string): Result<string, SecretFailure> {
  if (value === '') return refuse(reference, 'is empty', 'a value');
  if (/[\r\n\0]/.test(value)) return refuse(reference, 'has a line break inside', 'a value on one line');
  return success(value);
}

function refuse(reference: SecretReference, message: string, accepted: string): Result<never, SecretFailure> {
  return failed({ reference: reference.text, message: `${reference.text} ${message}`, accepted });
}

/** A path of the configuration made absolute: `~` is the home folder, else it starts at the file's folder. */
export function pathIn(places: SecretPlaces, path: string): string {
  if (path === '~') return places.home;
  if (path.startsWith('~/') || path.startsWith('~\\')) return join(places.home, path.slice(2));
  return isAbsolute(path) ? path : resolve(places.folder, path);
}
