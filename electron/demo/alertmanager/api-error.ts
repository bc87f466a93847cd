import { json, type HttpResponse } from '../http-server.ts';

/**
 * Alertmanager's two shapes of an error: what its handlers refuse is a JSON text, what its framework
 * (go-openapi) refuses is an object with a code of its own.
 */
export const frameworkCodes = { invalidType: 601, required: 602, tooFewItems: 612 } as const;

export function handlerError(status: 400 | 404 | 500, message: string): HttpResponse {
  return json(status, message);
}

export function frameworkError(status: number, code: number, message: string): HttpResponse {
  return json(status, { code, message });
}

/** An answer that says all with its status. */
export function emptyAnswer(status: 200 | 404): HttpResponse {
  return { status, contentType: 'application/json', body: '' };
}

/** A request that is not as the interface describes it. */
export function invalidRequest(code: number, message: string): HttpResponse {
  return frameworkError(422, code, message);
}
