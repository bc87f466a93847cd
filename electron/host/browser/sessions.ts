import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { hourMs, minuteMs } from '#shared/time.ts';

/**
 * Who may use this host: whoever has seen the launch token, which is in the address that the host printed
 * and nowhere else. It is exchanged for a session, whose secret lives in a cookie. Sessions are bounded,
 * end when idle, and end with the host. Nothing here knows HTTP beyond the cookie's text.
 */

export interface Session {
  /** What the first frame of a link carries: a cookie alone opens no link. */
  readonly linkToken: string;
  lastUsedAtMs: number;
  /** A session with open links is not idle. */
  links: number;
}

export type Exchange =
  | { readonly kind: 'accepted'; readonly secret: string }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'locked'; readonly retryAfterMs: number };

const idleMs = 12 * hourMs;
const maxSessions = 32;
const wrongTokensUntilLockout = 20;
const lockoutMs = minuteMs;

export class Sessions {
  readonly launchToken = newSecret();
  readonly #nowMs: () => number;
  /** By a digest of the secret: looking one up takes a time that says nothing about it. */
  readonly #sessions = new Map<string, Session>();
  #wrongTokens = 0;
  #lockedUntilMs = 0;

  constructor(nowMs: () => number = Date.now) {
    this.#nowMs = nowMs;
  }

  /** Gives a session for the launch token. A second browser may do the same; too many wrong ones may not. */
  exchange(token: string): Exchange {
    const nowMs = this.#nowMs();
    if (nowMs < this.#lockedUntilMs) return { kind: 'locked', retryAfterMs: this.#lockedUntilMs - nowMs };
    if (!sameSecret(token, this.launchToken)) return this.#countWrong(nowMs);
    this.#wrongTokens = 0;
    const secret = newSecret();
    this.#makeRoom();
    this.#sessions.set(digest(secret), { linkToken: newSecret(), lastUsedAtMs: nowMs, links: 0 });
    return { kind: 'accepted', secret };
  }

  /** The session of a cookie's secret, which counts as used now; undefined where there is none. */
  find(secret: string | undefined): Session | undefined {
    if (secret === undefined) return undefined;
    const nowMs = this.#nowMs();
    const key = digest(secret);
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    if (session.links === 0 && nowMs - session.lastUsedAtMs > idleMs) {
      this.#sessions.delete(key);
      return undefined;
    }
    session.lastUsedAtMs = nowMs;
    return session;
  }

  #countWrong(nowMs: number): Exchange {
    this.#wrongTokens++;
    if (this.#wrongTokens >= wrongTokensUntilLockout) {
      this.#wrongTokens = 0;
      this.#lockedUntilMs = nowMs + lockoutMs;
    }
    return { kind: 'wrong' };
  }

  /** The one unused for longest goes, those with open links last. */
  #makeRoom(): void {
    if (this.#sessions.size < maxSessions) return;
    const [oldest] = [...this.#sessions].sort(
      ([, left], [, right]) =>
        Math.sign(left.links) - Math.sign(right.links) || left.lastUsedAtMs - right.lastUsedAtMs,
    );
    if (oldest !== undefined) this.#sessions.delete(oldest[0]);
  }
}

/** Whether two secrets are equal, in a time that does not depend on where they differ. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(given), sha256(expected));
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function digest(secret: string): string {
  return sha256(secret).toString('base64');
}
