import { failed, messageOf, success, type Result } from '#shared/result.ts';
import type { HttpRequest, HttpResponse } from '../http-server.ts';
import { frameworkCodes, frameworkError, invalidRequest } from './api-error.ts';

/** Reads a JSON body, or answers as Alertmanager's framework does where it cannot be read. */
export function readJsonBody(request: HttpRequest, what: string): Result<unknown, HttpResponse> {
  if (request.contentType !== 'application/json') {
    const message = `unsupported media type ${JSON.stringify(request.contentType)}, only [application/json] are allowed`;
    return failed(frameworkError(415, 415, message));
  }
  if (request.body === '') return failed(missing(what));
  try {
    return success(JSON.parse(request.body) as unknown);
  } catch (error) {
    return failed(unreadable(what, messageOf(error)));
  }
}

export function missing(name: string): HttpResponse {
  return invalidRequest(frameworkCodes.required, `${name} in body is required`);
}

export function unreadable(what: string, cause: string): HttpResponse {
  return frameworkError(400, 400, `parsing ${what} body from "" failed, because ${cause}`);
}
