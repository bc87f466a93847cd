import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { frameworkCodes, frameworkError, invalidRequest } from './api-error.ts';
import type { SilenceDraft, SilenceMatcher } from './silence-book.ts';

/** Reads the body of a posted silence, with the errors that Alertmanager's framework gives, in its order. */
export function readSilence(request: HttpRequest): Result<SilenceDraft, HttpResponse> {
  const body = readJsonBody(request, 'silence');
  if (!body.ok) return body;
  const given = body.value;
  for (const name of ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt']) {
    if (given[name] === undefined || given[name] === null) return missing(name);
  }
  const { comment, createdBy, matchers } = given;
  const startsAtMs = Date.parse(String(given['startsAt']));
  const endsAtMs = Date.parse(String(given['endsAt']));
  const id = given['id'] ?? '';
  if (
    typeof comment !== 'string' ||
    typeof createdBy !== 'string' ||
    typeof id !== 'string' ||
    !Array.isArray(matchers) ||
    Number.isNaN(startsAtMs) ||
    Number.isNaN(endsAtMs)
  ) {
    return failed(unreadable('silence', 'a value has the wrong type'));
  }
  if (matchers.length === 0) {
    return failed(
      invalidRequest(frameworkCodes.tooFewItems, 'matchers in body should have at least 1 items'),
    );
  }
  const read: SilenceMatcher[] = [];
  for (const [index, matcher] of matchers.entries()) {
    const one = readMatcher(matcher as unknown, index);
    if (!one.ok) return one;
    read.push(one.value);
  }
  return success({ id, comment, createdBy, startsAtMs, endsAtMs, matchers: read });
}

/** A JSON object from a request that says it carries one. */
export function readJsonBody(
  request: HttpRequest,
  what: string,
): Result<Record<string, unknown>, HttpResponse> {
  if (request.contentType !== 'application/json') {
    const message = `unsupported media type ${JSON.stringify(request.contentType)}, only [application/json] are allowed`;
    return failed(frameworkError(415, 415, message));
  }
  if (request.body === '') return missing(what);
  try {
    const value: unknown = JSON.parse(request.body);
    if (value === null) return missing(what);
    if (isRecord(value)) return success(value);
    return failed(unreadable(what, 'json: cannot unmarshal the value into an object'));
  } catch (error) {
    return failed(unreadable(what, messageOf(error)));
  }
}

function readMatcher(matcher: unknown, index: number): Result<SilenceMatcher, HttpResponse> {
  const given = isRecord(matcher) ? matcher : {};
  for (const name of ['isRegex', 'name', 'value']) {
    if (given[name] === undefined || given[name] === null) return missing(`matchers.${index}.${name}`);
  }
  const { name, value, isRegex, isEqual = true } = given;
  if (
    typeof name !== 'string' ||
    typeof value !== 'string' ||
    typeof isRegex !== 'boolean' ||
    typeof isEqual !== 'boolean'
  ) {
    return failed(unreadable('silence', 'a matcher has the wrong type'));
  }
  return success({ name, value, isRegex, isEqual });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function missing(name: string): Result<never, HttpResponse> {
  return failed(invalidRequest(frameworkCodes.required, `${name} in body is required`));
}

function unreadable(what: string, cause: string): HttpResponse {
  return frameworkError(400, 400, `parsing ${what} body from "" failed, because ${cause}`);
}
