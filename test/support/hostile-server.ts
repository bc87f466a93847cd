import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Cleanup } from './cleanup.ts';
import { hostileKeys, hostileText } from './scripted-hostile.ts';

/** A Loki and a Jaeger in one that give hostile text wherever a server may give any. */

const megabyte = 'x'.repeat(1_048_576);
export const hostileTraceId = '4bf92f3577b34da6a3ce929d0e0e4736';

export async function startHostileServer(cleanup: Cleanup): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hostile');
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = new URLSearchParams(Buffer.concat(chunks).toString());
      const answer = answerOf(pathname, form.get('query') ?? searchParams.get('query') ?? '');
      response.writeHead(answer === undefined ? 404 : 200, { 'Content-Type': 'application/json' });
      response.end(answer === undefined ? '404 page not found\n' : JSON.stringify(answer));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answerOf(path: string, query: string): unknown {
  switch (path) {
    case '/loki/api/v1/status/buildinfo':
      return { version: hostileText, revision: hostileText };
    case '/loki/api/v1/labels':
      return { status: 'success', data: ['service', 'pod'] };
    case '/loki/api/v1/query_range':
      return { status: 'success', data: query.includes('count_over_time') ? volume() : lines() };
    case '/loki/api/v1/patterns':
      return { status: 'success', data: [{ pattern: hostileText, samples: [[nowSeconds() - 60, 40]] }] };
    case '/api/services':
      return { data: [hostileText, 'backend'], errors: null };
    case '/api/operations':
      return { data: [{ name: hostileText, spanKind: 'server' }], errors: null };
    case '/api/traces':
    case `/api/traces/${hostileTraceId}`:
      return { data: [trace()], errors: null };
    case '/api/dependencies':
      return { data: [{ parent: hostileText, child: `${hostileText} too`, callCount: 3 }], errors: null };
  }
  const values = /^\/loki\/api\/v1\/label\/[a-z]+\/values$/.test(path);
  return values ? { status: 'success', data: [hostileText, 'backend'] } : undefined;
}

/** Fields that are markup and turn the text around, so many that a line with them is still whole. */
const shortKeys = (count: number): object =>
  Object.fromEntries(Array.from({ length: count }, (_none, index) => [`<b>${index}`, '\u202E<i>']));

const nowSeconds = (): number => Math.floor(Date.now() / 1_000);

function lines(): unknown {
  const at = (secondsAgo: number): string => `${nowSeconds() - secondsAgo}000000000`;
  const labels = { service: 'backend', pod: hostileText };
  const wellFormed = (text: string): string => text.toWellFormed();
  const values = [
    [at(20), `${hostileText} first`, {}],
    [at(10), hostileText + megabyte, { structuredMetadata: hostileKeys(200) }],
    [
      at(5),
      JSON.stringify({ level: 'error', message: hostileText, trace_id: hostileTraceId, ...shortKeys(1_000) }),
      {},
    ],
  ].map(([time, text, more]) => [time, typeof text === 'string' ? wellFormed(text) : text, more]);
  return {
    resultType: 'streams',
    encodingFlags: ['categorize-labels'],
    result: [{ stream: labels, values: values.toReversed() }],
    stats: {},
  };
}

function volume(): unknown {
  const metric = { detected_level: hostileText, level: hostileText };
  return { resultType: 'matrix', result: [{ metric, values: [[nowSeconds() - 30, '3']] }], stats: {} };
}

function trace(): unknown {
  const startTime = (nowSeconds() - 30) * 1_000_000;
  const tags = (count: number): unknown =>
    Array.from({ length: count }, (_none, index) => ({
      key: `${index}${hostileText}`,
      type: 'string',
      value: hostileText,
    }));
  const span = (spanID: string, references: unknown): unknown => ({
    traceID: hostileTraceId,
    spanID,
    operationName: hostileText,
    references,
    startTime,
    duration: 42_000,
    tags: [
      { key: 'error', type: 'bool', value: true },
      { key: 'url', type: 'string', value: 'javascript:window.wasHostile=1' },
      ...(tags(10_000) as unknown[]),
      { key: 'long', type: 'string', value: megabyte },
    ],
    logs: [{ timestamp: startTime, fields: tags(300) }],
    processID: 'p1',
    warnings: [hostileText],
  });
  const refers = [{ refType: 'CHILD_OF', traceID: hostileTraceId, spanID: '0000000000000001' }];
  return {
    traceID: hostileTraceId,
    spans: [span('0000000000000001', []), span('0000000000000002', refers)],
    processes: { p1: { serviceName: hostileText, tags: tags(300) } },
    warnings: [hostileText],
  };
}
