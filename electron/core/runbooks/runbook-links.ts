import { openSourceHttp } from '#core/sources/http.ts';
import type { HttpAnswer } from '#core/sources/http-message.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import type { Result } from '#shared/result.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { titleOf } from './runbook-title.ts';

/**
 * Fetches the runbooks that alerts link to, from the hosts that the configuration names and from no other:
 * whoever can write an annotation would else choose what this machine asks inside of its network. No
 * credential goes along, no redirect is followed, and what comes is small text or nothing.
 */
const maxBytes = 256 * 1_024;
const timeoutMs = 5 * secondMs;
/** One that was read is asked again after so long, and one that was not. */
const freshMs = 5 * minuteMs;
const retryMs = minuteMs;
/** A host that did not answer is left alone for so long, whatever else is linked there. */
const hostPauseMs = 30 * secondMs;
const maxRemembered = 500;
const textTypes = new Set(['text/markdown', 'text/x-markdown', 'text/plain']);

export interface RunbookLinksOptions {
  /** Hosts that may be asked, lower-case, with their port where it is not the scheme's own. */
  readonly hosts: () => readonly string[];
  /** The proxy on the way to an address; null for none. */
  readonly proxyFor: (url: string) => Promise<Result<string | null, { readonly message: string }>>;
  /** What an earlier core read at an address. */
  readonly kept: { runbookAt(path: string): Promise<Runbook | null> };
  readonly nowMs: () => number;
}

export interface LinkedRunbook {
  /** As it was read last; null where it never was. */
  readonly runbook: Runbook | null;
  /** Why it was not read now; empty where it was. */
  readonly trouble: string;
}

interface Remembered extends LinkedRunbook {
  readonly askAgainAtMs: number;
}

export class RunbookLinks {
  readonly #options: RunbookLinksOptions;
  /** By address; the one asked longest ago first. */
  readonly #remembered = new Map<string, Remembered>();
  readonly #asking = new Map<string, Promise<LinkedRunbook>>();
  /** Hosts that did not answer: until when they are left alone, and what was wrong. */
  readonly #paused = new Map<string, { readonly untilMs: number; readonly trouble: string }>();

  constructor(options: RunbookLinksOptions) {
    this.#options = options;
  }

  /** @param link the text of an annotation. */
  async find(link: string): Promise<LinkedRunbook> {
    const url = webAddress(link);
    if (url === null) return { runbook: null, trouble: 'it is no plain web address' };
    if (!this.#options.hosts().includes(url.host)) {
      return { runbook: null, trouble: `runbooks.hosts of the configuration does not name ${url.host}` };
    }
    const known = this.#remembered.get(url.href);
    if (known !== undefined && this.#options.nowMs() < known.askAgainAtMs) return known;
    const underway = this.#asking.get(url.href);
    if (underway !== undefined) return underway;
    const asking = this.#ask(url, known?.runbook ?? null).finally(() => this.#asking.delete(url.href));
    this.#asking.set(url.href, asking);
    return asking;
  }

  async #ask(url: URL, before: Runbook | null): Promise<LinkedRunbook> {
    const read = await this.#read(url);
    const nowMs = this.#options.nowMs();
    const found: Remembered =
      typeof read === 'string'
        ? {
            runbook: before ?? (await this.#options.kept.runbookAt(url.href)),
            trouble: read,
            askAgainAtMs: nowMs + retryMs,
          }
        : { runbook: read, trouble: '', askAgainAtMs: nowMs + freshMs };
    this.#remembered.delete(url.href);
    this.#remembered.set(url.href, found);
    const [oldest] = this.#remembered.keys();
    if (this.#remembered.size > maxRemembered && oldest !== undefined) this.#remembered.delete(oldest);
    return found;
  }

  /** @returns the runbook, or what is in the way of it. */
  async #read(url: URL): Promise<Runbook | string> {
    const { nowMs, proxyFor } = this.#options;
    const paused = this.#paused.get(url.host);
    if (paused !== undefined && nowMs() < paused.untilMs) return paused.trouble;
    const proxy = await proxyFor(url.href);
    if (!proxy.ok) return proxy.failure.message;
    const http = openSourceHttp({
      name: 'runbooks',
      // The client asks alike whatever the kind is.
      kind: 'prometheus',
      identity: url.origin,
      url: url.origin,
      headers: {},
      tls: { ca: null, certificate: null, key: null, pinnedSha256: null, serverName: null },
      proxy: proxy.value,
      pollMs: freshMs,
      timeoutMs,
      tellsAlerts: false,
    });
    try {
      const accept = 'text/markdown, text/plain;q=0.9';
      const path = `${url.pathname}${url.search}` as `/${string}`;
      const answer = await http.request({ path, headers: { accept }, capBytes: maxBytes });
      if (answer.ok) return runbookOf(url, answer.value, nowMs());
      const trouble = answer.failure.message;
      if (answer.failure.code !== 'too-large')
        this.#paused.set(url.host, { untilMs: nowMs() + hostPauseMs, trouble });
      return trouble;
    } finally {
      await http.close();
    }
  }
}

/** What may be asked at all: an absolute address of the web without credentials, as a person can read it. */
function webAddress(link: string): URL | null {
  if (link.length > 2_048 || /[\p{Cc}\p{Cf}\s\\]/u.test(link) || !/^https?:\/\/[^/?#]/i.test(link))
    return null;
  const url = URL.parse(link);
  if (url === null || url.username !== '' || url.password !== '') return null;
  // The part behind it names a place in the text, and is not sent.
  url.hash = '';
  return url;
}

function runbookOf(url: URL, { status, mediaType, redirectOrigin, body }: HttpAnswer, atMs: number) {
  if (redirectOrigin !== null && status >= 300 && status < 400)
    return `${url.host} sends elsewhere, to ${redirectOrigin}, which is not followed`;
  if (status !== 200) return `${url.host} answered ${status}`;
  if (mediaType === 'text/html') return 'it is a web page and no Markdown';
  if (!textTypes.has(mediaType))
    return `it is ${mediaType === '' ? 'of no named type' : mediaType}, not text`;
  const markdown = new TextDecoder().decode(body);
  if (markdown.trim() === '' || markdown.includes('\0')) return 'it has no text';
  const title = titleOf(markdown) || url.pathname;
  return { title, markdown, path: url.href, writtenAtMs: null, readAtMs: atMs };
}
