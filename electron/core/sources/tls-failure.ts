import type { SourceFailure } from '#shared/failure.ts';
import { sourceFailure } from './source-failure.ts';

/**
 * Tells the ways in which TLS fails apart, by the code of the error that Node, OpenSSL or the connector
 * gives. Used by `failure-of.ts` only. Codes: Node's TLS documentation, "X509 certificate error codes".
 */

/** Codes of the connector's own, beside OpenSSL's. */
export const pinMismatch = 'OPSSIGHT_PIN_MISMATCH';
export const handshakeClosed = 'OPSSIGHT_HANDSHAKE_CLOSED';
export const unusableTlsFiles = 'OPSSIGHT_UNUSABLE_TLS_FILES';

const askTheOwner = 'Have the certificate renewed, or check the clocks of both machines.';
const trustIt =
  "Give the authority's certificate as the source's CA file, or pin the server's certificate by its SHA-256.";
const clientCertificate =
  'Give the client certificate and key that the server expects, issued by an authority that it trusts.';

const readings = new Map<string, readonly [says: string, nextStep: string]>([
  ['CERT_HAS_EXPIRED', ["the server's certificate has expired", askTheOwner]],
  ['CERT_NOT_YET_VALID', ["the server's certificate is not valid yet", askTheOwner]],
  ['CERT_REVOKED', ["the server's certificate has been revoked", askTheOwner]],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    [
      "the server's certificate is for another host",
      'Use the name that the certificate is for, or give it as the server name of the source.',
    ],
  ],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ["the server's certificate is self-signed", trustIt]],
  ['SELF_SIGNED_CERT_IN_CHAIN', ["the server's certificate is from an unknown authority", trustIt]],
  ['UNABLE_TO_GET_ISSUER_CERT', ["the server's certificate is from an unknown authority", trustIt]],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', ["the server's certificate is from an unknown authority", trustIt]],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', ["the server's certificate is from an unknown authority", trustIt]],
  [
    pinMismatch,
    [
      "the server's certificate is not the pinned one",
      'Find out why it changed; if the change is right, pin the new certificate.',
    ],
  ],
  [
    unusableTlsFiles,
    [
      'the certificate, key or CA file of the source cannot be used',
      'Check that the files are PEM and that the key belongs to the certificate.',
    ],
  ],
  [
    handshakeClosed,
    [
      'the server closed the connection during the TLS handshake',
      'Check that the port speaks TLS (https) and what the server asks of its clients.',
    ],
  ],
  [
    'ERR_SSL_WRONG_VERSION_NUMBER',
    [
      'the server does not speak TLS on this port',
      'Use http:// for this address, or the port that serves https.',
    ],
  ],
  [
    'ERR_SSL_PACKET_LENGTH_TOO_LONG',
    [
      'the server does not speak TLS on this port',
      'Use http:// for this address, or the port that serves https.',
    ],
  ],
]);

/** Alerts by which a server refuses the client's certificate, or asks for one. RFC 8446 section 6.2. */
const clientRefusals = [
  'ALERT_CERTIFICATE_REQUIRED',
  'ALERT_BAD_CERTIFICATE',
  'ALERT_UNKNOWN_CA',
  'ALERT_CERTIFICATE_UNKNOWN',
  'ALERT_CERTIFICATE_EXPIRED',
  'ALERT_CERTIFICATE_REVOKED',
  'ALERT_UNSUPPORTED_CERTIFICATE',
  'ALERT_ACCESS_DENIED',
  'ALERT_HANDSHAKE_FAILURE',
];

/**
 * @param code the error's code.
 * @param words the error's own message.
 * @returns null where the code is not one of TLS.
 */
export function tlsFailure(code: string, words: string, where: string): SourceFailure | null {
  const reading = readings.get(code) ?? refusalOfClient(code) ?? anyOther(code);
  if (reading === null) return null;
  const [says, nextStep] = reading;
  return sourceFailure('tls', `${where}: ${says} (${words}).`, nextStep);
}

/** Whether an error's code is one of TLS. */
export function isTlsCode(code: string): boolean {
  return tlsFailure(code, '', '') !== null;
}

function refusalOfClient(code: string): readonly [string, string] | null {
  if (!clientRefusals.some((alert) => code.endsWith(alert))) return null;
  return ['the server refused the client certificate, or the lack of one', clientCertificate];
}

function anyOther(code: string): readonly [string, string] | null {
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO') {
    return ['the TLS handshake failed', 'Check which TLS versions and certificates the server accepts.'];
  }
  const certificate =
    /^(CERT|CRL)_|_CERT(_|$)|^(INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_EXCEEDED)$/;
  return certificate.test(code) ? ["the server's certificate is not accepted", trustIt] : null;
}
