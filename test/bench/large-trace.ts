import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from '#support/cleanup.ts';

/** A trace of very many spans as Jaeger's v1 API sends it, and a loopback server that has only this one. */

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
export const rootService = 'service-0';
const services = 40;
const operations = 200;

/** Each span has some 720 bytes: 50,000 of them are 36 MB. */
export function largeTrace(spans: number, startMs: number): Buffer {
  const list = Array.from({ length: spans }, (_none, index) => spanOnWire(index, spans, startMs * 1_000));
  const processes = Object.fromEntries(
    Array.from({ length: services }, (_none, index) => [
      `p${index}`,
      { serviceName: `service-${index}`, tags: [tag('host.name', `node-${index % 12}`)] },
    ]),
  );
  const trace = { traceID: traceId, spans: list, processes, warnings: null };
  return Buffer.from(JSON.stringify({ data: [trace], total: 0, limit: 0, offset: 0, errors: null }));
}

/** Every span but the root lies below an earlier one, within its time; one in five hundred has an error. */
function spanOnWire(index: number, spans: number, startUs: number): unknown {
  const parent = parentOf(index);
  const request = scatter(index).toString(16).padStart(8, '0');
  const error = index % 500 === 499;
  return {
    traceID: traceId,
    spanID: idOf(index),
    flags: 1,
    operationName: `GET /api/v1/resource-${index % operations}`,
    references: parent === null ? [] : [{ refType: 'CHILD_OF', traceID: traceId, spanID: idOf(parent) }],
    startTime: startUs + index * 20,
    duration: index === 0 ? spans * 20 + 5_000 : 200 + (scatter(index) % 4_000),
    tags: [
      tag('span.kind', index % 2 === 0 ? 'server' : 'client'),
      tag('http.request.method', 'GET'),
      tag(
        'url.full',
        `http://service-${index % services}.internal:8080/api/v1/resource-${index % operations}`,
      ),
      { key: 'http.response.status_code', type: 'int64', value: error ? 500 : 200 },
      tag('request.id', request.repeat(8)),
      ...(error ? [{ key: 'error', type: 'bool', value: true }] : []),
    ],
    logs: [],
    processID: `p${index % services}`,
    warnings: null,
  };
}

/** Chains of four below groups that are a tree: wide as well as deep. */
function parentOf(index: number): number | null {
  if (index === 0) return null;
  return index % 4 === 1 ? Math.floor(index / 40) : index - 1;
}

function idOf(index: number): string {
  return (index + 1).toString(16).padStart(16, '0');
}

function scatter(index: number): number {
  return (index * 2_654_435_761) % 2 ** 32;
}

function tag(key: string, value: string): unknown {
  return { key, type: 'string', value };
}

/** Speaks as Jaeger 2.19 does: names and summaries over v3, whole traces over v1. @returns its address. */
export async function startTraceServer(
  trace: Buffer,
  spans: number,
  startMs: number,
  cleanup: Cleanup,
): Promise<string> {
  const bodies = new Map<string, Buffer>([
    ['/api/v3/services', json({ services: [rootService] })],
    ['/api/v3/operations', json({ operations: [] })],
    ['/api/v3/trace-summaries', json({ summaries: [summary(spans, startMs)] })],
    [`/api/traces/${traceId}`, trace],
  ]);
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const body = bodies.get((request.url ?? '').split('?', 1)[0] ?? '');
    if (body === undefined) response.writeHead(404).end('404 page not found\n');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function summary(spans: number, startMs: number): unknown {
  return {
    traceId,
    rootServiceName: rootService,
    rootOperationName: 'GET /api/v1/resource-0',
    minStartTimeUnixNano: `${startMs}000000`,
    maxEndTimeUnixNano: `${startMs + Math.ceil(spans / 50) + 5}000000`,
    spanCount: spans,
    errorSpanCount: Math.floor(spans / 500),
    services: [{ name: rootService, spanCount: spans }],
  };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}
