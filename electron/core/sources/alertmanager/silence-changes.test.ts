import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { resetsBeforeAnswer, type Fault } from '#support/faults.ts';
import { startFaultyServer, type FaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import { openSourceHttp } from '../http.ts';
import { AlertmanagerClient } from './client.ts';
import type { SilencePost } from './model.ts';

/** The words are those of 0.25 and 0.33, as they were measured. */

const each = new Cleanup();
afterEach(() => each.run());

const id = '0d589c71-794e-4232-ae97-5047d3a7b453';
const startsAtMs = Date.parse('2026-11-21T22:00:00.123Z');
const draft: SilencePost = {
  id: null,
  matchers: [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }],
  startsAtMs,
  endsAtMs: startsAtMs + 60_000,
  createdBy: 'anna',
  comment: 'the disk is changed',
  annotations: {},
};

async function opened(fault: Fault): Promise<{ server: FaultyServer; client: AlertmanagerClient }> {
  const server = await startFaultyServer({ kind: 'alertmanager', fault }, each);
  const http = openSourceHttp(sourceSettings({ kind: 'alertmanager', url: `${server.url}/prefix` }));
  each.add(() => http.close());
  return { server, client: new AlertmanagerClient(http) };
}

/** Answers with a JSON value, or without a body where there is none. */
function says(status: number, json?: unknown): Fault {
  return (_request, response) => {
    if (json === undefined) response.writeHead(status).end();
    else response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };
}

test('a silence is posted as the interface wants it, and the returned id is the answer', async () => {
  let body = '';
  const { server, client } = await opened((request, response, kind) => {
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => says(200, { silenceID: 'another' })(request, response, kind));
  });
  const answer = await client.putSilence({ ...draft, id, annotations: { ticket: '1' } });
  expect(answer).toEqual({ ok: true, value: 'another' });
  expect(server.requests).toMatchObject([{ method: 'POST', path: '/prefix/api/v2/silences' }]);
  expect(server.requests[0]?.headers['content-type']).toBe('application/json');
  expect(JSON.parse(body)).toEqual({
    id,
    matchers: draft.matchers,
    startsAt: '2026-11-21T22:00:00.123Z',
    endsAt: '2026-11-21T22:01:00.123Z',
    createdBy: 'anna',
    comment: 'the disk is changed',
    annotations: { ticket: '1' },
  });
});

test('a silence is expired by its id, which cannot lead to another path', async () => {
  const { server, client } = await opened(says(200));
  expect(await client.expireSilence(id)).toEqual({ ok: true, value: undefined });
  await client.expireSilence('../alerts?x');
  expect(server.requests).toMatchObject([
    { method: 'DELETE', path: `/prefix/api/v2/silence/${id}` },
    { method: 'DELETE', path: '/prefix/api/v2/silence/..%2Falerts%3Fx' },
  ]);
});

test('one silence is read, and one that is not there is null', async () => {
  const time = '2026-11-21T22:00:00.123Z';
  const onWire = { ...draft, id, status: { state: 'active' }, startsAt: time, endsAt: time, updatedAt: time };
  const { client } = await opened(says(200, onWire));
  expect(await client.silence(id)).toMatchObject({ value: { id, state: 'active', updatedAtMs: startsAtMs } });
  const none = await opened(says(404));
  expect(await none.client.silence(id)).toEqual({ ok: true, value: null });
});

const posted = (client: AlertmanagerClient) => client.putSilence(draft);
const expired = (client: AlertmanagerClient) => client.expireSilence(id);

test.each([
  ['415', 415, { code: 415, message: 'unsupported media type' }, posted, 'refused', /Content-Type/],
  ['601', 422, { code: 601, message: 'must be of type uuid' }, expired, 'refused', /kind of the value/],
  ['602', 422, { code: 602, message: 'comment in body is required' }, posted, 'refused', /Fill in/],
  ['612', 422, { code: 612, message: 'at least 1 items' }, posted, 'refused', /at least one matcher/],
  ['a name', 400, 'silence invalid: invalid label name "a.b"', posted, 'refused', /0\.27/],
  ['a pattern', 400, 'invalid regular expression "(?=x)"', posted, 'refused', /RE2/],
  [
    'nothing',
    400,
    'at least one matcher must not match the empty string',
    posted,
    'refused',
    /Add a matcher/,
  ],
  ['a limit', 400, 'exceeded maximum number of silences: 5 (limit: 5)', posted, 'refused', /limit/],
  ['an end', 400, "Failed to create silence: end time can't be in the past", posted, 'refused', /end of/],
  ['gone', 404, 'silence not found', posted, 'unknown', /removed/],
  ['gone since 0.26', 404, undefined, expired, 'unknown', /removed/],
  ['gone in 0.25', 500, 'silence not found', expired, 'unknown', /removed/],
  ['broken', 500, 'disk full', posted, 'uncertain', /./],
  ['in between', 502, undefined, posted, 'uncertain', /./],
  ['too often', 429, undefined, posted, 'unsent', /./],
  ['another server', 404, { code: 404, message: 'no path' }, posted, 'refused', /address/],
  ['no rights', 403, undefined, posted, 'refused', /credentials/],
] as const)(
  '%s: %i is told by name with a next step',
  async (_name, status, json, change, kind, nextStep) => {
    const { client } = await opened(says(status, json));
    expect(await change(client)).toMatchObject({
      ok: false,
      failure: { kind, failure: { status, nextStep: expect.stringMatching(nextStep) } },
    });
  },
);

test('a server that is away got nothing, and one that hung up may have got it', async () => {
  const { server, client } = await opened(resetsBeforeAnswer);
  expect(await posted(client)).toMatchObject({ failure: { kind: 'uncertain' } });
  expect(server.requests).toHaveLength(1);
  await each.run();
  expect(await posted(client)).toMatchObject({
    failure: { kind: 'uncertain', failure: { code: 'cancelled' } },
  });
});

test('a change is never repeated by itself, on a kept connection neither', async () => {
  let isFirst = true;
  const { server, client } = await opened((request, response, kind) => {
    if (!isFirst) return void request.socket.destroy();
    isFirst = false;
    says(200)(request, response, kind);
  });
  await expired(client);
  expect(await posted(client)).toMatchObject({ failure: { kind: 'uncertain' } });
  expect(server.requests).toHaveLength(2);
});

test('an answer without an id is no answer: what was posted may be in force', async () => {
  const { client } = await opened(says(200, {}));
  expect(await posted(client)).toMatchObject({ failure: { kind: 'uncertain' } });
});
