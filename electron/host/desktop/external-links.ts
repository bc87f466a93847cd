import type { Dialog } from 'electron';
import * as v from 'valibot';
import { readExternalAddress, type ExternalAddress } from '../safe-external.ts';
import type { DesktopShell } from './desktop-parts.ts';
import { readJsonFile, writeJsonFile } from './json-file.ts';

/**
 * Opens a web address in the person's browser. The first time for a host it asks, showing the host as it
 * is; the hosts that may be opened are remembered. One question at a time: a page that asks for more while
 * one is open is not heard.
 */

export interface ExternalLinksOptions {
  /** Where the hosts are remembered. */
  readonly file: string;
  readonly ask: (address: ExternalAddress) => Promise<'open' | 'always' | 'cancel'>;
  readonly open: (url: string) => Promise<void>;
  readonly log: DesktopShell['log'];
}

const maxHosts = 200;
/** Between two that are opened without a question: nobody clicks faster, and a page must not flood. */
const pauseMs = 500;
const fileSchema = v.object({
  hosts: v.pipe(v.array(v.pipe(v.string(), v.maxLength(300))), v.maxLength(maxHosts)),
});

export class ExternalLinks {
  readonly #options: ExternalLinksOptions;
  readonly #hosts: Set<string>;
  #asking = false;
  #openedAtMs = -Infinity;

  constructor(options: ExternalLinksOptions) {
    this.#options = options;
    this.#hosts = new Set(readJsonFile(options.file, fileSchema)?.hosts);
  }

  /** Resolves when it was opened, or was not; never rejects. */
  async open(text: unknown): Promise<void> {
    const { ask, log } = this.#options;
    const address = readExternalAddress(text);
    if (!address.ok) return log('link.refused', { reason: address.failure });
    const { host } = address.value;
    if (this.#hosts.has(host)) return await this.#openNow(address.value);
    if (this.#asking) return log('link.refused', { reason: 'a question is open' });
    this.#asking = true;
    try {
      const answer = await ask(address.value);
      if (answer === 'cancel') return;
      if (answer === 'always') this.#remember(host);
      await this.#openNow(address.value);
    } finally {
      this.#asking = false;
    }
  }

  async #openNow({ url, host }: ExternalAddress): Promise<void> {
    const nowMs = performance.now();
    if (nowMs - this.#openedAtMs < pauseMs) return this.#options.log('link.refused', { reason: 'too many' });
    this.#openedAtMs = nowMs;
    try {
      await this.#options.open(url);
    } catch {
      // No browser, or none that the system knows: there is nothing that this app could do instead.
      this.#options.log('link.failed', { host });
    }
  }

  #remember(host: string): void {
    this.#hosts.add(host);
    const [oldest] = this.#hosts;
    if (this.#hosts.size > maxHosts && oldest !== undefined) this.#hosts.delete(oldest);
    const written = writeJsonFile(this.#options.file, { hosts: [...this.#hosts] });
    if (!written.ok) this.#options.log('link.not-remembered', { reason: written.failure });
  }
}

/** The question, with the host as it is; the address below it, because a path may tell more. */
export async function askAboutHost(
  dialog: Pick<Dialog, 'showMessageBox'>,
  { host, url }: ExternalAddress,
): Promise<'open' | 'always' | 'cancel'> {
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `Open ${host} in your browser?`,
    detail: url.length > shownCharacters ? `${url.slice(0, shownCharacters)}…` : url,
    buttons: ['Open', `Always open ${host}`, 'Cancel'],
    defaultId: 0,
    cancelId: 2,
    noLink: true,
  });
  return answers[response] ?? 'cancel';
}

const answers = ['open', 'always', 'cancel'] as const;
const shownCharacters = 300;
