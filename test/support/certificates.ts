import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';

/** Certificates for tests, made anew: an authority, and what it or nobody signed. Elliptic, so quick. */

export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

interface Wanted {
  readonly name?: string;
  /** Host names and addresses that the certificate is for. */
  readonly hosts?: readonly string[];
  readonly notAfter?: Date;
  readonly signedBy?: KeyPair;
  readonly authority?: boolean;
}

const dayMs = 86_400_000;

export async function makeCertificate(wanted: Wanted = {}): Promise<KeyPair> {
  const { name = 'opssight test', hosts = ['127.0.0.1'], signedBy, authority = false } = wanted;
  const notAfterDate = wanted.notAfter ?? new Date(Date.now() + dayMs);
  const made = await generate([{ name: 'commonName', value: name }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(Math.min(Date.now(), notAfterDate.getTime()) - dayMs),
    notAfterDate,
    extensions: [
      { name: 'basicConstraints', cA: authority, critical: true },
      ...(authority ? [{ name: 'keyUsage' as const, keyCertSign: true, cRLSign: true }] : []),
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          /^[\d.]+$/.test(host) ? { type: 7 as const, ip: host } : { type: 2 as const, value: host },
        ),
      },
    ],
    ...(signedBy === undefined ? {} : { ca: { key: signedBy.key, cert: signedBy.certificate } }),
  });
  return { certificate: made.cert, key: made.private };
}

/** SHA-256 of a certificate as a pin: 64 lower-case hex digits. */
export function pinOf({ certificate }: KeyPair): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase();
}
