import { randomBytes } from 'node:crypto';

/**
 * The headers that every answer of the browser host carries, errors included. The policy is the one of
 * the design, for both hosts the same but for the host's own WebSocket. There are no CORS headers: no
 * other origin may read anything.
 */

export function newNonce(): string {
  return randomBytes(16).toString('base64');
}

/** @param authority `127.0.0.1:PORT`. */
function contentSecurityPolicy(nonce: string, authority: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    `connect-src 'self' ws://${authority}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

export function securityHeaders(nonce: string, authority: string): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(nonce, authority),
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
