import { json, plainText, type HttpRequest, type HttpResponse } from '../http-server.ts';

/** The HTTP API of the demo's Loki: the part of 3.4 that a console reads. */
export function createLokiApi(): (request: HttpRequest) => HttpResponse {
  return ({ path }) => {
    if (path === '/ready') return plainText(200, 'ready\n');
    if (path === '/loki/api/v1/status/buildinfo')
      return json(200, { version: '3.4.6', revision: '', branch: '' });
    return plainText(404, '404 page not found\n');
  };
}
