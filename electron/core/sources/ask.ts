import type { SourceFailure } from '#shared/failure.ts';
import { failed, type Result } from '#shared/result.ts';
import type { AnswerName, ListingOf } from './answers.ts';
import type { AskOptions, HttpAnswer, HttpRequest } from './http-message.ts';
import type { SourceHttp } from './http.ts';

/**
 * One question to one API, whole: request, status, body, model. Used by the clients of the APIs.
 * @param failureOf what an answer other than a success means to the API.
 */
export async function ask<Name extends AnswerName>(
  http: SourceHttp,
  name: Name,
  request: HttpRequest,
  failureOf: (answer: HttpAnswer) => SourceFailure | null,
  options: AskOptions,
): Promise<Result<ListingOf<Name>, SourceFailure>> {
  const answer = await http.request(request, options);
  if (!answer.ok) return answer;
  const failure = failureOf(answer.value);
  if (failure !== null) return failed(http.redacted(failure));
  const read = await http.reader.read(name, answer.value, options.signal);
  return read.ok ? read : failed(http.redacted(read.failure));
}
