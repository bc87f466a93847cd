import { plainText, type HttpRequest, type HttpResponse } from '../http-server.ts';
import { answerV1, type JaegerState } from './v1.ts';
import { answerV3 } from './v3.ts';

/** As much of Jaeger's own page as says which version it is of: the API does not. */
const page: HttpResponse = {
  status: 200,
  contentType: 'text/html; charset=utf-8',
  body: `<!doctype html>
<title>Jaeger UI</title>
<script>const JAEGER_VERSION = {"gitCommit":"","gitVersion":"v2.19.0","buildDate":""};</script>
`,
};

/** The HTTP API of the demo's Jaeger: what 2.19 has for searching and reading traces, in both of its dialects. */
export function createJaegerApi(state: JaegerState): (request: HttpRequest) => HttpResponse {
  return (request) => {
    if (request.method !== 'GET') return plainText(405, '');
    if (request.path === '/') return page;
    return answerV3(state, request) ?? answerV1(state, request) ?? plainText(404, '404 page not found\n');
  };
}
