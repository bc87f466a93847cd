import { ensureDesktop, ensureRenderer } from '../build.ts';
import { provideChromium } from '../provide/chromium.ts';
import { provideServers } from '../provide/servers.ts';
import type { Progress } from '../provide/provision.ts';
import type { Need } from './suite.ts';

/** Provides what suites need, each at most once a run, when the first suite asks for it. */
export class Needs {
  readonly #progress: Progress;
  readonly #missing = new Map<Need, Promise<string | undefined>>();

  constructor(progress: Progress) {
    this.#progress = progress;
  }

  /** @returns why the suite cannot run, or undefined when everything is there. */
  async reasonAgainst(needs: readonly Need[]): Promise<string | undefined> {
    for (const need of needs) {
      const missing = this.#missing.get(need) ?? this.#provide(need);
      this.#missing.set(need, missing);
      const reason = await missing;
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  async #provide(need: Need): Promise<string | undefined> {
    switch (need) {
      case 'chromium': {
        const chromium = await provideChromium(this.#progress);
        return chromium.status === 'ready' ? undefined : chromium.reason;
      }
      case 'servers':
        await provideServers(this.#progress);
        return undefined;
      case 'renderer':
        await ensureRenderer();
        return undefined;
      case 'desktop':
        await ensureDesktop();
        return undefined;
    }
  }
}
