import { expect, test } from 'vitest';
import { failureOfError, failureOfNotJson, failureOfStatus } from './failure-of.ts';
import type { HttpAnswer } from './http-message.ts';

function coded(code: string, message = 'the words of the cause', cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

test.each([
  ['ECONNREFUSED', 'refused'],
  ['EHOSTUNREACH', 'refused'],
  ['ENETUNREACH', 'refused'],
  ['ENOTFOUND', 'unknown-host'],
  ['EAI_AGAIN', 'unknown-host'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'server-error'],
  ['UND_ERR_SOCKET', 'server-error'],
  ['HPE_INVALID_CONSTANT', 'not-this-api'],
  ['UND_ERR_HEADERS_OVERFLOW', 'not-this-api'],
  ['UND_ERR_INVALID_ARG', 'unauthorised'],
  ['Z_DATA_ERROR', 'malformed'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['CERT_NOT_YET_VALID', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['CERT_SIGNATURE_FAILURE', 'tls'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'tls'],
  ['EPROTO', 'tls'],
  ['NEVER_HEARD_OF', 'server-error'],
])('%s is %s, in the words of the cause and with a next step', (code, expected) => {
  const failure = failureOfError(coded(code), 'prometheus:9090');
  expect(failure.code).toBe(expected);
  expect(failure.message).toContain('the words of the cause');
  expect(failure.nextStep).toMatch(/\.$/);
});

test('the cause is found inside what wraps it', () => {
  const inner = coded('ENOTFOUND', 'getaddrinfo ENOTFOUND nope');
  expect(failureOfError(new TypeError('fetch failed', { cause: inner }), 'nope').code).toBe('unknown-host');
  const tried = new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')], 'all failed');
  expect(failureOfError(tried, 'localhost').code).toBe('refused');
  expect(failureOfError('a thrown text', 'x').code).toBe('server-error');
});

test('an endless chain of causes ends', () => {
  const error = new Error('round');
  error.cause = error;
  expect(failureOfError(error, 'x').code).toBe('server-error');
});

function answer(status: number, body = '', more: Partial<HttpAnswer> = {}): HttpAnswer {
  const bytes = new TextEncoder().encode(body);
  return { status, mediaType: 'text/plain', retryAfterMs: null, redirectOrigin: null, body: bytes, ...more };
}

test.each([
  [301, 'not-this-api'],
  [304, 'not-this-api'],
  [400, 'bad-query'],
  [401, 'unauthorised'],
  [403, 'unauthorised'],
  [404, 'not-this-api'],
  [405, 'not-this-api'],
  [407, 'unauthorised'],
  [408, 'timeout'],
  [410, 'not-this-api'],
  [413, 'too-large'],
  [414, 'too-large'],
  [418, 'not-this-api'],
  [422, 'bad-query'],
  [429, 'rate-limited'],
  [500, 'server-error'],
  [502, 'server-error'],
  [503, 'server-error'],
  [504, 'server-error'],
])('%i is %s', (status, code) => {
  expect(failureOfStatus(answer(status, 'why'))).toMatchObject({ code, status });
});

test('a success is no failure', () => {
  expect(failureOfStatus(answer(200))).toBeNull();
});

test('a page in place of an answer is told by its title, and a 400 page is no bad query', () => {
  const page = answer(400, '<html><title>Bad Gateway Config</title></html>', { mediaType: 'text/html' });
  expect(failureOfStatus(page)).toMatchObject({
    code: 'not-this-api',
    message: 'The server answered 400 with a web page, “Bad Gateway Config”.',
  });
});

test.each([
  ['<!DOCTYPE html><title>Hi</title>', 'text/html', 'not-this-api', /“Hi”/],
  ['<html></html>', '', 'not-this-api', /web page/],
  ['{"status":"succ', 'application/json', 'malformed', /not whole JSON \(eof\)/],
  ['[1,', 'text/plain', 'malformed', /not whole JSON/],
  ['OK', 'text/plain', 'not-this-api', /“OK”/],
  ['', 'text/plain', 'not-this-api', /nothing/],
])('a body of %o (%s) is %s', (text, mediaType, code, says) => {
  expect(failureOfNotJson(text, mediaType, new Error('eof'))).toMatchObject({
    code,
    message: expect.stringMatching(says),
  });
});
