import type { SourceFailure } from '#shared/failure.ts';
import { failed, type Result } from '#shared/result.ts';
import { answers, binaryAnswers, textAnswers, type AnswerName } from './answers.ts';
import type { Listing } from './checked.ts';
import { failureOfNotJson } from './failure-of.ts';
import { malformed } from './source-failure.ts';

/**
 * Reads the body of a successful answer: text, JSON, check, model. Pure; the same function runs in the
 * core for small bodies and on the parsing thread for large ones.
 */
export function readAnswer(
  name: AnswerName,
  body: Uint8Array,
  mediaType: string,
): Result<Listing<unknown, unknown>, SourceFailure> {
  if (binaryAnswers.has(name)) return answers[name](body);
  const text = decoded(body);
  if (text === null) return failed(malformed('it is not valid UTF-8.'));
  if (textAnswers.has(name)) return answers[name](text);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return failed(failureOfNotJson(text, mediaType, error));
  }
  return answers[name](json);
}

function decoded(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return null;
  }
}
