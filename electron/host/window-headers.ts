import { randomBytes } from 'node:crypto';
import type { ServedFile } from './window-files.ts';

/**
 * The headers that every answer of either host carries, errors included. The policy is the one of the
 * design, for both hosts the same but for the browser host's own WebSocket. There are no CORS headers:
 * no other origin may read anything.
 */

const noncePlaceholder = '__CSP_NONCE__';

export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

function contentSecurityPolicy(nonce: string, sockets: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...sockets].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** @param sockets what the window may connect to beside its own origin. */
export function windowHeaders(nonce: string, sockets: readonly string[]): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(nonce, sockets),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    // Notifications and clipboard writing are the only powers the window uses; the former has no policy.
    'Permissions-Policy':
      'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), ' +
      'magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()',
  };
}

/** @returns the body as it is sent: a page is told the nonce of the policy that it comes with. */
export function bodyWithNonce(file: ServedFile, nonce: string): Buffer<ArrayBuffer> {
  if (!file.contentType.startsWith('text/html')) return file.body;
  return Buffer.from(file.body.toString('utf8').replaceAll(noncePlaceholder, nonce));
}
