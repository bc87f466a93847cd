import * as v from 'valibot';
import type { SourceFailure } from '#shared/failure.ts';
import { failureOfStatus } from '../failure-of.ts';
import type { HttpAnswer } from '../http-message.ts';
import { sourceFailure } from '../source-failure.ts';
import { v1ErrorSchema, v3ErrorSchema } from './schemas.ts';

/**
 * What an answer other than a success means. Jaeger's errors are JSON that says it is plain text; a 404
 * in its own words means that there is no such trace, any other 404 that this server has no such path.
 * Source: jaegertracing/jaeger cmd/jaeger/internal/extension/jaegerquery, 1.76 to 2.20.
 */
export function failureOfJaeger(answer: HttpAnswer): SourceFailure | null {
  const byStatus = failureOfStatus(answer);
  if (byStatus === null) return null;
  const { status } = answer;
  // A proxy with the same shape still means what its status says.
  if (status === 401 || status === 403 || status === 429) return byStatus;
  const words = ownWordsOf(answer.body);
  if (words === null) return byStatus;
  const says = `Jaeger says: ${words}.`;
  if (status === 404) {
    return sourceFailure('bad-query', says, 'Look for it in another range, or at another source.', {
      status,
    });
  }
  if (status >= 500) {
    const nextStep = 'Look into the log of the server, and whether its storage answers.';
    return sourceFailure('server-error', says, nextStep, { status, retryAfterMs: answer.retryAfterMs });
  }
  return sourceFailure('bad-query', says, "Correct the search; the message is the server's own.", { status });
}

/** The server knows the question and has nothing to answer. */
export function isNothing(failure: SourceFailure): boolean {
  return failure.code === 'bad-query' && failure.status === 404;
}

/** The server does not know the question: it speaks another dialect, or answers its web page to it. */
export function isUnknownPath(failure: SourceFailure): boolean {
  return (failure.code === 'not-this-api' && !isRedirect(failure)) || failure.status === 501;
}

function isRedirect({ status }: SourceFailure): boolean {
  return status !== null && status >= 300 && status < 400;
}

function ownWordsOf(body: Uint8Array): string | null {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(body));
  } catch {
    return null;
  }
  const v1 = v.safeParse(v1ErrorSchema, json);
  if (v1.success) return v1.output.errors[0]?.msg ?? null;
  const v3 = v.safeParse(v3ErrorSchema, json);
  return v3.success ? v3.output.error.message : null;
}
