import { json, type HttpRequest, type HttpResponse } from '../http-server.ts';
import type { LabelMatcher } from '../label-matcher.ts';
import { emptyAnswer, frameworkCodes, handlerError, invalidRequest } from './api-error.ts';
import { parseMatcher } from './matcher-text.ts';
import { readSilence } from './silence-body.ts';
import { stateOf, type Silence, type SilenceBook, type SilenceMatcher } from './silence-book.ts';

/** `/api/v2/silences` and `/api/v2/silence/{silenceID}`. */

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** @param query `filter` matches a silence's own matchers, not alerts. */
export function answerSilences(silences: SilenceBook, query: URLSearchParams, nowMs: number): HttpResponse {
  const wanted: LabelMatcher[] = [];
  for (const text of query.getAll('filter')) {
    const matcher = parseMatcher(text);
    if (!matcher.ok) return handlerError(400, matcher.failure);
    wanted.push(matcher.value);
  }
  const listed = silences
    .list(nowMs)
    .filter(({ matchers }) =>
      wanted.every(({ name, operator, value }) =>
        matchers.some((own) => own.name === name && own.value === value && operatorOf(own) === operator),
      ),
    );
  return json(
    200,
    listed.map((silence) => silenceData(silence, nowMs)),
  );
}

export function postSilence(silences: SilenceBook, request: HttpRequest, nowMs: number): HttpResponse {
  const draft = readSilence(request);
  if (!draft.ok) return draft.failure;
  const { startsAtMs, endsAtMs } = draft.value;
  if (startsAtMs >= endsAtMs) {
    return handlerError(400, 'Failed to create silence: start time must be before end time');
  }
  if (endsAtMs < nowMs) return handlerError(400, "Failed to create silence: end time can't be in the past");
  const set = silences.set(draft.value, nowMs);
  if (!set.ok) return handlerError(set.failure.status, set.failure.message);
  return json(200, { silenceID: set.value });
}

export function answerSilence(silences: SilenceBook, id: string, nowMs: number): HttpResponse {
  if (!uuid.test(id)) return notAnId(id);
  const silence = silences.get(id);
  return silence === undefined ? emptyAnswer(404) : json(200, silenceData(silence, nowMs));
}

export function deleteSilence(silences: SilenceBook, id: string, nowMs: number): HttpResponse {
  if (!uuid.test(id)) return notAnId(id);
  return emptyAnswer(silences.expire(id, nowMs) ? 200 : 404);
}

function silenceData(silence: Silence, nowMs: number): unknown {
  return {
    id: silence.id,
    status: { state: stateOf(silence, nowMs) },
    updatedAt: new Date(silence.updatedAtMs).toISOString(),
    comment: silence.comment,
    createdBy: silence.createdBy,
    endsAt: new Date(silence.endsAtMs).toISOString(),
    matchers: silence.matchers.map(({ isEqual, isRegex, name, value }) => ({
      isEqual,
      isRegex,
      name,
      value,
    })),
    startsAt: new Date(silence.startsAtMs).toISOString(),
  };
}

function operatorOf({ isRegex, isEqual }: SilenceMatcher): string {
  if (isRegex) return isEqual ? '=~' : '!~';
  return isEqual ? '=' : '!=';
}

function notAnId(id: string): HttpResponse {
  const message = `silenceID in path must be of type uuid: ${JSON.stringify(id)}`;
  return invalidRequest(frameworkCodes.invalidType, message);
}
