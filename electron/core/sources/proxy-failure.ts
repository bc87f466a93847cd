import type { SourceFailure } from '#shared/failure.ts';
import { sourceFailure } from './source-failure.ts';

/** What goes wrong between the console and the proxy before a server; the server itself is not to blame. */

export type ProxyTrouble = 'unreachable' | 'timeout' | 'tls' | 'authentication' | 'denied' | 'wrong-answer';

/** Has no cause: an error of the network inside would be read as one of the server. */
export class ProxyFailed extends Error {
  readonly trouble: ProxyTrouble;
  readonly status: number | null;

  /** @param proxy host and port, without credentials. */
  constructor(trouble: ProxyTrouble, proxy: string, words: string, status: number | null = null) {
    super(`the proxy ${proxy} ${words}`);
    this.trouble = trouble;
    this.status = status;
  }
}

export const proxyCredentials =
  "Write the credentials into the source's `proxy` as references: http://${env:USER}:${env:PASSWORD}@host:port.";
const checkProxy = 'Check the proxy, give another as the source’s `proxy`, or write `proxy: none`.';

const readings = {
  unreachable: ['refused', checkProxy],
  timeout: ['timeout', checkProxy],
  tls: ['tls', "Give the proxy's authority as the source's CA file, or check the proxy."],
  authentication: ['unauthorised', proxyCredentials],
  denied: ['refused', 'Have the proxy allow this address, or write `proxy: none` for the source.'],
  'wrong-answer': ['not-this-api', checkProxy],
} as const;

export function proxyFailure(error: unknown, where: string): SourceFailure | null {
  if (!(error instanceof ProxyFailed)) return null;
  const [code, nextStep] = readings[error.trouble];
  const http = error.status === null ? {} : { status: error.status };
  return sourceFailure(code, `${where}: ${error.message}.`, nextStep, http);
}
