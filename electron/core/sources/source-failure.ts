import type { SourceFailure, SourceFailureCode } from '#shared/failure.ts';
import { plainText } from './plain-text.ts';

/** Makes the named failures of sources: the one place where the text of a cause becomes a message. */
export function sourceFailure(
  code: SourceFailureCode,
  message: string,
  nextStep: string,
  http: { readonly status?: number; readonly retryAfterMs?: number | null } = {},
): SourceFailure {
  return {
    code,
    message: plainText(message, 400),
    nextStep,
    retryAfterMs: http.retryAfterMs ?? null,
    status: http.status ?? null,
  };
}

/** The answer is of this API, yet not what it promises; `what` says where and how. */
export function malformed(what: string): SourceFailure {
  return sourceFailure(
    'malformed',
    `The answer is damaged: ${what}`,
    'Ask the server directly to see its answer; a proxy in between or an unusual version may change it.',
  );
}

/** Whatever answered does not speak the API that was asked for; `what` says what it spoke instead. */
export function notThisApi(what: string, status?: number): SourceFailure {
  return sourceFailure(
    'not-this-api',
    what,
    'Check the address and its base path, and that it leads to the server itself and not to a login page.',
    status === undefined ? {} : { status },
  );
}
