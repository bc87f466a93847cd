import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { buildConnector } from 'undici';
import type { SourceFailure } from '#shared/failure.ts';
import { sourceKinds, type SourceKind } from '#shared/model/source.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { secondMs } from '#shared/time.ts';
import { SourceConnector } from './connector.ts';
import { failureOfError } from './failure-of.ts';
import type { HttpAnswer } from './http-message.ts';
import { openSourceHttp, type SourceHttp } from './http.ts';
import { askIntroduction, kindTitles, readIntroduction } from './introduction.ts';
import { proxyOf } from './proxy.ts';
import { sourceFailure } from './source-failure.ts';
import type { SourceSettings } from './source-settings.ts';

/**
 * Tries connections that are not configured yet: one step by step for a person who sets it up, and many
 * quickly for the banner that offers what runs on this machine. Keeps nothing, closes what it opens.
 */

export interface ConnectionStep {
  readonly name: string;
  /** What was found; empty for a step that failed. */
  readonly detail: string;
  readonly tookMs: number;
  readonly failure: SourceFailure | null;
}

/** Resolves, connects, asks and reads, one step after the other, up to the first that fails. */
export async function testConnection(
  settings: SourceSettings,
  signal: AbortSignal,
): Promise<readonly ConnectionStep[]> {
  const http = openSourceHttp(settings);
  const steps = new Steps();
  try {
    const url = new URL(settings.url);
    if (
      !(await steps.take(
        'Address',
        () => resolveHost(url, settings.proxy, signal),
        (detail) => detail,
      ))
    )
      return steps.taken;
    if (
      !(await steps.take(
        'Connection',
        () => openConnection(settings, url, signal),
        (detail) => detail,
      ))
    ) {
      return steps.taken;
    }
    const answer = await steps.take(
      'Answer',
      () => introduce(http, settings.kind, signal),
      () => 'answered and let us in',
    );
    if (answer === null) return steps.taken;
    await steps.take(
      kindTitles[settings.kind],
      () => readVersion(http, settings.kind, answer, signal),
      (version) => (version === '' ? 'speaks the API, without a version' : `version ${version}`),
    );
    return steps.taken;
  } finally {
    await http.close();
  }
}

class Steps {
  readonly taken: ConnectionStep[] = [];

  /** @returns the step's value, or null where it failed and the test ends. */
  async take<Value>(
    name: string,
    work: () => Promise<Result<Value, SourceFailure>>,
    detail: (value: Value) => string,
  ): Promise<Value | null> {
    const startedAtMs = performance.now();
    const result = await work();
    const tookMs = Math.round(performance.now() - startedAtMs);
    this.taken.push({
      name,
      detail: result.ok ? detail(result.value) : '',
      tookMs,
      failure: result.ok ? null : result.failure,
    });
    return result.ok ? result.value : null;
  }
}

async function resolveHost(
  url: URL,
  proxy: string | null,
  signal: AbortSignal,
): Promise<Result<string, SourceFailure>> {
  // The proxy knows the names then; this machine may not.
  if (proxy !== null) return success(`through the proxy ${proxyOf(proxy).name}`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(host) !== 0) return success(`${host} is an address`);
  try {
    const addresses = await lookup(host, { all: true });
    if (signal.aborted) return failed(cancelled());
    return success(`${host} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return failed(failureOfError(error, url.host));
  }
}

async function openConnection(
  settings: SourceSettings,
  url: URL,
  signal: AbortSignal,
): Promise<Result<string, SourceFailure>> {
  const connector = new SourceConnector(settings);
  const options: buildConnector.Options = {
    hostname: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    protocol: url.protocol,
    port: url.port,
  };
  const abort = (): void => connector.destroy();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await new Promise((resolve) => {
      connector.connect(options, (error, socket) => {
        if (error !== null) {
          resolve(failed(signal.aborted ? cancelled() : failureOfError(error, url.host)));
          return;
        }
        const protocol = 'getProtocol' in socket ? ` with ${socket.getProtocol() ?? 'TLS'}` : '';
        socket.destroy();
        resolve(success(`connected to ${url.host}${protocol}`));
      });
    });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** Asks who the server is; what answers as something else is told apart by asking the other way. */
async function introduce(
  http: SourceHttp,
  kind: SourceKind,
  signal: AbortSignal,
): Promise<Result<HttpAnswer, SourceFailure>> {
  const answer = await askIntroduction(http, kind, signal);
  return answer.ok ? answer : failed(await namingTheOther(http, kind, answer.failure, signal));
}

async function readVersion(
  http: SourceHttp,
  kind: SourceKind,
  answer: HttpAnswer,
  signal: AbortSignal,
): Promise<Result<string, SourceFailure>> {
  const version = await readIntroduction(http, kind, answer, signal);
  return version.ok ? version : failed(await namingTheOther(http, kind, version.failure, signal));
}

/** The commonest slip is the right address under the wrong kind: it is named where it is the case. */
async function namingTheOther(
  http: SourceHttp,
  kind: SourceKind,
  failure: SourceFailure,
  signal: AbortSignal,
): Promise<SourceFailure> {
  if (failure.code !== 'not-this-api' && failure.code !== 'malformed') return failure;
  for (const other of sourceKinds.filter((one) => one !== kind)) {
    const answer = await askIntroduction(http, other, signal);
    if (!answer.ok || !(await readIntroduction(http, other, answer.value, signal)).ok) continue;
    const nextStep = `A server of another kind answers here: make it a source of kind ${kindTitles[other]}.`;
    return { ...failure, nextStep };
  }
  return failure;
}

function cancelled(): SourceFailure {
  return sourceFailure('cancelled', 'The test was cancelled.', 'Test again.');
}

export interface DiscoverCandidate {
  readonly kind: SourceKind;
  readonly url: string;
}

export interface DiscoveredSource extends DiscoverCandidate {
  readonly version: string;
}

const discoveryTimeoutMs = secondMs;

/** Asks all candidates at once, a second at most, and names those that answer as what they should be. */
export async function discover(
  candidates: readonly DiscoverCandidate[],
  signal: AbortSignal,
): Promise<readonly DiscoveredSource[]> {
  const found = await Promise.all(candidates.map(async (candidate) => discoverOne(candidate, signal)));
  return found.filter((source) => source !== null);
}

async function discoverOne(
  { kind, url }: DiscoverCandidate,
  signal: AbortSignal,
): Promise<DiscoveredSource | null> {
  const http = openSourceHttp({
    name: url,
    kind,
    identity: url,
    url,
    headers: {},
    tls: { ca: null, certificate: null, key: null, pinnedSha256: null, serverName: null },
    proxy: null,
    pollMs: discoveryTimeoutMs,
    timeoutMs: discoveryTimeoutMs,
    tellsAlerts: false,
  });
  try {
    const answer = await askIntroduction(http, kind, signal);
    if (!answer.ok) return null;
    const version = await readIntroduction(http, kind, answer.value, signal);
    return version.ok ? { kind, url, version: version.value } : null;
  } finally {
    await http.close();
  }
}
