import type { IncomingHttpHeaders } from 'node:http';
import { Pool } from 'undici';
import type { SourceFailure } from '#shared/failure.ts';
import { drop, failed, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { sharedAnswerReader, type AnswerReader } from './answer-reader.ts';
import { BodyRefused, readBody } from './body.ts';
import { SourceConnector } from './connector.ts';
import { failureOfError } from './failure-of.ts';
import {
  headerOf,
  redirectOriginOf,
  requestMessage,
  type AskOptions,
  type HttpAnswer,
  type HttpRequest,
} from './http-message.ts';
import { Lane } from './lane.ts';
import { plainText, secretsOf, withoutSecrets } from './plain-text.ts';
import { proxyOf } from './proxy.ts';
import { retryAfterMs } from './retry-after.ts';
import { malformed, sourceFailure } from './source-failure.ts';
import type { SourceSettings } from './source-settings.ts';

/**
 * The HTTP client of one source: its own connections, lanes, deadlines and caps. It repeats no change, it
 * follows no redirect, and it sends the source's headers to the source's own address and nowhere else.
 * Used by the API clients of this folder; what an answer means is theirs to say.
 */

/** No answer is held beyond this, raw or decompressed: 500,000 samples take some 18 MiB. */
const answerCapBytes = 24 * 1_048_576;
const quotedBytes = 64 * 1_024;
const pollConnections = 2;
const queryConnections = 4;
const maxWaitingQueries = 64;
/** Kept open between polls; shorter than the idle time of the usual proxies. */
const keepAliveMs = 30_000;

type Phase = 'waiting' | 'asking' | 'reading';

/** Why a request was aborted; an error, for streams are destroyed with it. */
class Stopped extends Error {
  readonly by: 'deadline' | 'cancelled' | 'renewed';

  constructor(by: Stopped['by']) {
    super(`stopped: ${by}`);
    this.by = by;
  }
}

export class SourceHttp {
  readonly settings: SourceSettings;
  readonly reader: AnswerReader;
  readonly #base: URL;
  readonly #basePath: string;
  /** The source's headers, and the proxy's where it reads the requests. */
  readonly #headers: Readonly<Record<string, string>>;
  readonly #secrets: readonly string[];
  #connector: SourceConnector;
  #pool: Pool;
  readonly #lanes = {
    poll: new Lane(pollConnections, maxWaitingQueries),
    query: new Lane(queryConnections, maxWaitingQueries),
  };
  readonly #inFlight = new Set<AbortController>();
  #closed = false;
  #clockSkewMs: number | null = null;

  constructor(settings: SourceSettings, reader: AnswerReader) {
    this.settings = settings;
    this.reader = reader;
    this.#base = new URL(settings.url);
    const proxy = settings.proxy === null ? null : proxyOf(settings.proxy);
    const forwards = proxy !== null && this.#base.protocol === 'http:';
    // A proxy takes requests for http with the whole address (RFC 9112 3.2.2); https goes through a tunnel.
    this.#basePath = (forwards ? this.#base.origin : '') + this.#base.pathname.replace(/\/+$/, '');
    const forProxy = proxy?.authorization == null ? {} : { 'Proxy-Authorization': proxy.authorization };
    this.#headers = forwards ? { ...settings.headers, ...forProxy } : settings.headers;
    this.#secrets = secretsOf({ ...settings.headers, ...forProxy });
    this.#connector = new SourceConnector(settings);
    this.#pool = this.#openPool();
  }

  /** The server's clock minus ours by its last answer, to about a second; null where it did not tell. */
  get clockSkewMs(): number | null {
    return this.#clockSkewMs;
  }

  /**
   * Asks once. An answer of any status is a value; everything else is a named failure: connection, TLS,
   * deadline, cancellation, size.
   */
  async request(
    request: HttpRequest,
    options: AskOptions = {},
    isAgain = false,
  ): Promise<Result<HttpAnswer, SourceFailure>> {
    const stop = new AbortController();
    const timeoutMs = Math.min(options.timeoutMs ?? Infinity, this.settings.timeoutMs);
    const cancel = (): void => stop.abort(new Stopped('cancelled'));
    const deadline = setTimeout(() => stop.abort(new Stopped('deadline')), timeoutMs);
    const progress: { phase: Phase } = { phase: 'waiting' };
    if (this.#closed || options.signal?.aborted === true) cancel();
    options.signal?.addEventListener('abort', cancel, { once: true });
    this.#inFlight.add(stop);
    try {
      return await this.#inLane(request, options.lane ?? 'query', stop.signal, progress);
    } catch (error) {
      const { reason } = stop.signal;
      const wasRenewed = reason instanceof Stopped && reason.by === 'renewed';
      if (wasRenewed && !isAgain && request.changes === undefined)
        return await this.request(request, options, true);
      const failure = stop.signal.aborted
        ? this.#stopped(stop.signal, progress.phase, timeoutMs)
        : this.#failureOf(error);
      return failed(this.redacted(failure));
    } finally {
      clearTimeout(deadline);
      options.signal?.removeEventListener('abort', cancel);
      this.#inFlight.delete(stop);
    }
  }

  /** The failure without any credential of ours that the server may have echoed in its words. */
  redacted(failure: SourceFailure): SourceFailure {
    return { ...failure, message: withoutSecrets(failure.message, this.#secrets) };
  }

  /**
   * Goes on over new connections: the old ones may be dead without a word. What is in flight is asked once
   * more, but for changes and for what its asker gave up.
   */
  renew(): void {
    if (this.#closed) return;
    const pool = this.#pool;
    const connector = this.#connector;
    this.#connector = new SourceConnector(this.settings);
    this.#pool = this.#openPool();
    for (const stop of this.#inFlight) stop.abort(new Stopped('renewed'));
    connector.destroy();
    drop(pool.destroy(), 'nobody waits for sockets that are given up');
  }

  /** Aborts what is in flight at once and gives every socket back. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#inFlight) stop.abort(new Stopped('cancelled'));
    this.#connector.destroy();
    await this.#pool.destroy();
  }

  #openPool(): Pool {
    const { timeoutMs } = this.settings;
    return new Pool(this.#base.origin, {
      connections: pollConnections + queryConnections,
      connect: this.#connector.connect,
      allowH2: false,
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // Behind the deadline of each request, which is the one that is told.
      headersTimeout: timeoutMs + secondMs,
      bodyTimeout: timeoutMs + secondMs,
    });
  }

  async #inLane(
    request: HttpRequest,
    laneName: 'poll' | 'query',
    signal: AbortSignal,
    progress: { phase: Phase },
  ): Promise<Result<HttpAnswer, SourceFailure>> {
    const lane = this.#lanes[laneName];
    const entry = await lane.enter(signal);
    if (entry === 'full') return failed(tooManyQuestions(this.#base.host));
    if (entry === 'aborted') throw new Error('aborted while waiting');
    try {
      const opened = this.#connector.opened;
      return success(
        await this.#exchange(request, signal, progress).catch((error: unknown) => {
          const onUsedConnection = opened === this.#connector.opened && progress.phase === 'asking';
          // A kept connection may have been closed just as it was used again: that says nothing of the
          // server, and what only reads is asked once more.
          const mayAsk = onUsedConnection && request.changes === undefined && !signal.aborted;
          if (!mayAsk || !isBrokenConnection(error)) throw error;
          return this.#exchange(request, signal, progress);
        }),
      );
    } finally {
      lane.leave();
    }
  }

  async #exchange(
    request: HttpRequest,
    signal: AbortSignal,
    progress: { phase: Phase },
  ): Promise<HttpAnswer> {
    progress.phase = 'asking';
    const startedAtMs = Date.now();
    const response = await this.#pool.request({
      ...requestMessage(request, this.#basePath, this.#headers),
      signal,
    });
    progress.phase = 'reading';
    const { statusCode: status, headers } = response;
    this.#learnClock(headers, startedAtMs, Date.now());
    const mediaType = (headerOf(headers, 'content-type').split(';')[0] ?? '').trim().toLowerCase();
    const wanted = status >= 200 && status < 300 && mediaType !== 'text/html';
    const body = await readBody(response.body, headerOf(headers, 'content-encoding'), {
      capBytes: wanted ? (request.capBytes ?? answerCapBytes) : quotedBytes,
      packedUpToBytes: wanted ? request.packedUpToBytes : undefined,
      past: wanted ? 'refuse' : 'cut',
      unopenedEncoding: request.unopenedEncoding,
    });
    signal.throwIfAborted();
    return {
      status,
      mediaType,
      retryAfterMs: retryAfterMs(headerOf(headers, 'retry-after') || null, Date.now()),
      redirectOrigin: redirectOriginOf(headerOf(headers, 'location'), this.#base.href),
      body: body.bytes,
      isPacked: body.isPacked,
    };
  }

  #learnClock(headers: IncomingHttpHeaders, startedAtMs: number, answeredAtMs: number): void {
    const date = headerOf(headers, 'date');
    const serverMs = date === '' ? Number.NaN : Date.parse(date);
    // The header is cut to the second: half of one is the middle of what it may mean.
    const skewMs = Math.round(serverMs + 500 - (startedAtMs + answeredAtMs) / 2);
    this.#clockSkewMs = Number.isNaN(skewMs) ? null : skewMs;
  }

  #stopped(signal: AbortSignal, phase: Phase, timeoutMs: number): SourceFailure {
    if (!(signal.reason instanceof Stopped) || signal.reason.by !== 'deadline') {
      return sourceFailure('cancelled', 'The request was cancelled.', 'Ask again if it is still wanted.');
    }
    const says = {
      waiting: 'earlier requests to the server were still running',
      asking: 'no answer came',
      reading: 'the answer did not end',
    }[phase];
    return sourceFailure(
      'timeout',
      `${this.#base.host}: ${says} within ${timeoutMs} ms.`,
      'The server hangs or is overloaded: check it, or give the source a longer timeout.',
    );
  }

  #failureOf(error: unknown): SourceFailure {
    if (!(error instanceof BodyRefused)) {
      const cause = isBrokenConnection(error) ? (this.#connector.refusal ?? error) : error;
      return failureOfError(cause, this.#base.host);
    }
    if (error.reason === 'unknown-encoding') return malformed(`${plainText(error.message)}.`);
    return sourceFailure(
      'too-large',
      `${this.#base.host}: the answer was stopped, ${error.message}.`,
      'Ask for less: fewer series, a shorter range or a coarser step.',
    );
  }
}

/** Opens the client of one source. No connection is made before the first request. */
export function openSourceHttp(settings: SourceSettings): SourceHttp {
  return new SourceHttp(settings, sharedAnswerReader);
}

function tooManyQuestions(host: string): SourceFailure {
  return sourceFailure(
    'rate-limited',
    `${maxWaitingQueries} requests to ${host} are already waiting for their turn.`,
    'Wait until the server has answered some of them.',
  );
}

function isBrokenConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE';
}
