import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { healthyAnswer, type FakeKind } from './healthy-answers.ts';

/** The ways in which a server can misbehave once it has a request, each as what it does with one. */

export type Fault = (request: IncomingMessage, response: ServerResponse, kind: FakeKind) => void;

const json = { 'content-type': 'application/json' };
const html = { 'content-type': 'text/html; charset=utf-8' };
const loginPage =
  '<!doctype html><html><head><title>Sign in · Example SSO</title></head><body><form></form></body></html>';

function healthyText(request: IncomingMessage, kind: FakeKind): string {
  return JSON.stringify(healthyAnswer(kind, pathOf(request)) ?? {});
}

function pathOf(request: IncomingMessage): string {
  return new URL(request.url ?? '/', 'http://server').pathname;
}

/** Answers as a server of its kind does. */
export const healthy: Fault = (request, response, kind) => {
  const answer = healthyAnswer(kind, pathOf(request));
  if (answer === undefined)
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
  else response.writeHead(200, json).end(JSON.stringify(answer));
};

export const hangsBeforeAnswer: Fault = () => undefined;

export const hangsInBody: Fault = (request, response, kind) => {
  const text = healthyText(request, kind);
  response.writeHead(200, { ...json, 'content-length': text.length });
  response.write(text.slice(0, text.length / 2));
};

/** One byte every 50 ms: never idle for long, never done. */
export const dripsBody: Fault = (_request, response) => {
  response.writeHead(200, json);
  const drip = setInterval(() => response.write(' '), 50);
  response.once('close', () => clearInterval(drip));
};

export const resetsBeforeAnswer: Fault = (request) => {
  request.socket.resetAndDestroy();
};

export const resetsInBody: Fault = (request, response, kind) => {
  hangsInBody(request, response, kind);
  setTimeout(() => request.socket.resetAndDestroy(), 20);
};

/** Any status with a body; the header values may come from the caller. */
export function answers(status: number, headers: Record<string, string>, body: string): Fault {
  return (_request, response) => {
    response.writeHead(status, headers).end(body);
  };
}

export const unauthorised = answers(401, { 'www-authenticate': 'Basic' }, 'Unauthorized\n');
export const forbidden = answers(403, { 'content-type': 'text/plain' }, 'no access for this tenant\n');
export const failsInside = answers(500, json, '"boom"');
export const unavailablePage = answers(
  503,
  { ...html, 'retry-after': '2' },
  '<html><head><title>503 Service Temporarily Unavailable</title></head><body>nginx</body></html>',
);
export const showsLoginPage = answers(200, html, loginPage);
export const speaksAnotherApi = answers(200, json, '{"hello":"world"}');
export const answersEmpty = answers(200, json, '');

export const truncatesJson: Fault = (request, response, kind) => {
  response.writeHead(200, json).end(healthyText(request, kind).slice(0, -7));
};

export const sendsBadUtf8: Fault = (request, response, kind) => {
  const text = Buffer.from(healthyText(request, kind));
  text[text.indexOf(':') + 2] = 0xff;
  response.writeHead(200, json).end(text);
};

const wrongShapes: Readonly<Record<FakeKind, unknown>> = {
  prometheus: { status: 'success', data: { version: 35 } },
  alertmanager: { uptime: 'yesterday', versionInfo: { version: '0.33.0' }, cluster: { status: 'ready' } },
  loki: { version: 35 },
  jaeger: { services: 35 },
};

/** The right envelope around values of the wrong types. */
export const breaksSchema: Fault = (request, response, kind) => {
  if (request.url?.endsWith('/alerts') === true) return void response.writeHead(200, json).end('[]');
  response.writeHead(200, json).end(JSON.stringify(wrongShapes[kind]));
};

/** Good JSON that never ends. */
export const neverEnds: Fault = (_request, response) => {
  const chunk = Buffer.alloc(64 * 1_024, '1,');
  const more = (): void => {
    while (!response.destroyed && response.write(chunk));
  };
  response.writeHead(200, json);
  response.on('drain', more);
  response.write('{"status":"success","data":[');
  more();
};

const bomb = gzipSync(Buffer.alloc(256 * 1_048_576, 0x20), { level: 9 });
/** A quarter of a megabyte that decompresses to 256 MiB. */
export const sendsGzipBomb: Fault = (_request, response) => {
  response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(bomb);
};

export const truncatesGzip: Fault = (request, response, kind) => {
  const packed = gzipSync(healthyText(request, kind));
  response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(packed.subarray(0, -12));
};

export const encodesUnasked = answers(200, { ...json, 'content-encoding': 'br' }, 'whatever');

/** Answers in a protocol of its own. */
export const speaksAnotherProtocol: Fault = (request) => {
  request.socket.end('SSH-2.0-OpenSSH_9.2\r\n');
};

export const sendsEndlessHeaders: Fault = (request) => {
  request.socket.end(`HTTP/1.1 200 OK\r\nx-long: ${'a'.repeat(100_000)}\r\n\r\n`);
};
