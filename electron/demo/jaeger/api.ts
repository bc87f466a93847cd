import { json, plainText, type HttpRequest, type HttpResponse } from '../http-server.ts';

/** The HTTP API of the demo's Jaeger: what 2.19 has for searching and reading traces. */
export function createJaegerApi(): (request: HttpRequest) => HttpResponse {
  const services = ['backend', 'frontend', 'pipeline', 'postgres', 'redis'];
  return ({ path }) => {
    if (path === '/api/v3/services') return json(200, { services });
    if (path === '/api/services')
      return json(200, { data: services, total: services.length, limit: 0, offset: 0, errors: null });
    return plainText(404, '404 page not found\n');
  };
}
