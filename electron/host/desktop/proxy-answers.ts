import { drop, messageOf } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import type { DesktopShell } from './desktop-parts.ts';

/**
 * Asks the system which proxy leads to a server, and looks again now and then: a laptop changes networks
 * without saying so.
 */
export interface ProxyAnswersOptions {
  /** Chromium's `resolveProxy`. */
  readonly resolve: (url: string) => Promise<string>;
  readonly onChanged: () => void;
  readonly log: DesktopShell['log'];
}

const lookMs = minuteMs;
const maxServers = 100;
const maxAnswerCharacters = 4_096;

export class ProxyAnswers {
  readonly #options: ProxyAnswersOptions;
  readonly #known = new Map<string, string>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: ProxyAnswersOptions) {
    this.#options = options;
    this.#timer = setInterval(() => drop(this.#look(), 'it never rejects'), lookMs);
    this.#timer.unref();
  }

  /** @returns the system's answer; direct where it has none. Never rejects. */
  async ask(url: string): Promise<string> {
    const { origin } = new URL(url);
    const proxy = await this.#resolve(origin);
    this.#known.delete(origin);
    this.#known.set(origin, proxy);
    for (const oldest of this.#known.keys()) if (this.#known.size > maxServers) this.#known.delete(oldest);
    return proxy;
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    let changed = false;
    for (const [origin, before] of this.#known) {
      const now = await this.#resolve(origin);
      if (now === before) continue;
      this.#known.set(origin, now);
      changed = true;
    }
    if (changed) this.#options.onChanged();
  }

  async #resolve(origin: string): Promise<string> {
    try {
      // SECURITY: a proxy file is a program of somebody's; of an address it is told the server alone.
      return (await this.#options.resolve(`${origin}/`)).slice(0, maxAnswerCharacters);
    } catch (error) {
      this.#options.log('proxy.not-resolved', { reason: messageOf(error) });
      return 'DIRECT';
    }
  }
}
