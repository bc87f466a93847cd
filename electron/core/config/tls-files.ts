import { X509Certificate, createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { SourceSettings } from '#core/sources/source-settings.ts';
import { readBoundedFile } from './bounded-file.ts';
import type { TlsEntry } from './configuration.ts';
import { pathIn } from './secrets.ts';
import type { SecretPlaces } from './secrets.ts';

/**
 * Reads the PEM files of a source and checks that they are what they should be, so that a wrong file is
 * named here, by its key, and not by a handshake that fails later.
 */
export interface TlsProblem {
  /** The key below `tls`. */
  readonly key: 'caFile' | 'certFile' | 'keyFile';
  readonly message: string;
  readonly accepted: string;
}

const maxPemBytes = 1_048_576;

export async function readTlsFiles(
  tls: TlsEntry,
  places: SecretPlaces,
): Promise<{ readonly tls: SourceSettings['tls']; readonly problems: readonly TlsProblem[] }> {
  const problems: TlsProblem[] = [];
  const read = async (
    key: TlsProblem['key'],
    check: (pem: string) => unknown,
    accepted: string,
  ): Promise<string | null> => {
    if (tls[key] === '') return null;
    const file = await readBoundedFile(pathIn(places, tls[key]), maxPemBytes);
    const pem = file.ok ? file.value.toString('latin1') : '';
    const wrong = file.ok ? pemMistake(pem, check) : `cannot be read: ${file.failure.message}`;
    if (wrong === null) return pem;
    problems.push({ key, message: `${tls[key]} ${wrong}`, accepted });
    return null;
  };
  const certificates = 'a PEM file with "BEGIN CERTIFICATE"';
  const ca = await read('caFile', checkCertificates, certificates);
  const certificate = await read('certFile', checkCertificates, certificates);
  const key = await read('keyFile', readKey, 'a PEM file with "BEGIN PRIVATE KEY", not encrypted');
  if (certificate !== null && key !== null && !readCertificate(certificate).checkPrivateKey(readKey(key))) {
    problems.push({
      key: 'keyFile',
      message: `${tls.keyFile} is not the key of certFile`,
      accepted: 'the key of certFile',
    });
  }
  const pinnedSha256 = tls.pinnedSha256 === '' ? null : tls.pinnedSha256;
  const serverName = tls.serverName === '' ? null : tls.serverName;
  return { tls: { ca, certificate, key, pinnedSha256, serverName }, problems };
}

function pemMistake(pem: string, check: (pem: string) => unknown): string | null {
  try {
    check(pem);
    return null;
  } catch {
    // The words of the cryptographic library help nobody, and might quote what it was given.
    return pem.includes('ENCRYPTED') ? 'is encrypted' : 'is not what it should be';
  }
}

const certificatePattern = /-----BEGIN CERTIFICATE-----[^-]{1,100000}-----END CERTIFICATE-----/g;

function checkCertificates(pem: string): void {
  const certificates = pem.match(certificatePattern) ?? [];
  if (certificates.length === 0) throw new Error('no certificate');
  certificates.forEach(readCertificate);
}

function readCertificate(pem: string): X509Certificate {
  return new X509Certificate(pem);
}

function readKey(pem: string): KeyObject {
  return createPrivateKey(pem);
}
