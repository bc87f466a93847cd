import { plainText, type HttpRequest, type HttpResponse } from '../http-server.ts';
import { answerV1, type JaegerState } from './v1.ts';
import { answerV3 } from './v3.ts';

/** The HTTP API of the demo's Jaeger: what 2.19 has for searching and reading traces, in both of its dialects. */
export function createJaegerApi(state: JaegerState): (request: HttpRequest) => HttpResponse {
  return (request) => {
    if (request.method !== 'GET') return plainText(405, '');
    return answerV3(state, request) ?? answerV1(state, request) ?? plainText(404, '404 page not found\n');
  };
}
