import { failed, success, type Result } from '#shared/result.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { frameworkCodes, invalidRequest } from './api-error.ts';
import { missing, readJsonBody, unreadable } from './json-body.ts';
import type { SilenceDraft, SilenceMatcher } from './silence-book.ts';

/** Reads the body of a posted silence, with the errors that Alertmanager's framework gives, in its order. */
export function readSilence(request: HttpRequest): Result<SilenceDraft, HttpResponse> {
  const body = readJsonBody(request, 'silence');
  if (!body.ok) return body;
  if (body.value !== null && !isRecord(body.value)) {
    return failed(unreadable('silence', 'json: cannot unmarshal the value into an object'));
  }
  const given = body.value ?? {};
  for (const name of ['comment', 'createdBy', 'endsAt', 'matchers', 'startsAt']) {
    if (given[name] === undefined || given[name] === null) return failed(missing(name));
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

function readMatcher(matcher: unknown, index: number): Result<SilenceMatcher, HttpResponse> {
  const given = isRecord(matcher) ? matcher : {};
  for (const name of ['isRegex', 'name', 'value']) {
    if (given[name] === undefined || given[name] === null)
      return failed(missing(`matchers.${index}.${name}`));
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
