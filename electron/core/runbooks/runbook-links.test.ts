import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { failed, success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { RunbookLinks } from './runbook-links.ts';

/** Against a real server on this machine. */
const cleanup = new Cleanup();
let asked: string[];
let headers: IncomingMessage['headers'];
let answer: (response: ServerResponse) => void;
let host: string;
let allowed: string[];
let isKeptReadable: boolean;
let nowMs: number;
let proxies: () => ReturnType<RunbookLinksProxy>;
let links: RunbookLinks;
type RunbookLinksProxy = ConstructorParameters<typeof RunbookLinks>[0]['proxyFor'];

beforeEach(async () => {
  asked = [];
  nowMs = 1_000;
  answer = (response) => markdown(response, '# Disk full\n\n- [ ] Look');
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    headers = request.headers;
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve)));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  allowed = [host];
  isKeptReadable = true;
  proxies = async () => success(null);
  links = new RunbookLinks({
    hosts: () => allowed,
    proxyFor: () => proxies(),
    kept: {
      runbookAt: async (path) => {
        if (!isKeptReadable) throw new Error('the store has ended');
        return path.endsWith('/kept') ? { ...kept, path } : null;
      },
    },
    nowMs: () => nowMs,
  });
});
afterEach(() => cleanup.run());

const kept = { title: 'Kept', markdown: '# Kept', writtenAtMs: null, readAtMs: 5 };

function markdown(response: ServerResponse, text: string): void {
  response.setHeader('Content-Type', 'text/markdown; charset=utf-8').end(text);
}

test('what an allowed host answers is read, without credentials and without the part behind #', async () => {
  expect(await links.find(`http://${host}/books/disk?v=2#first`)).toEqual({
    trouble: '',
    askAgainAtMs: expect.any(Number),
    runbook: {
      title: 'Disk full',
      markdown: '# Disk full\n\n- [ ] Look',
      path: `http://${host}/books/disk?v=2`,
      writtenAtMs: null,
      readAtMs: 1_000,
    },
  });
  expect(asked).toEqual(['/books/disk?v=2']);
  expect(headers).not.toHaveProperty('authorization');
  expect(headers).not.toHaveProperty('cookie');
});

test.each([
  ['another host', () => `http://localhost:${host.split(':')[1]}/x`, 'does not name localhost'],
  ['the same host on another port', () => 'http://127.0.0.1/x', 'does not name 127.0.0.1'],
  ['a host that only begins so', () => `http://${host}.example/x`, 'it is no plain web address'],
  ['credentials', () => `http://a:b@${host}/x`, 'it is no plain web address'],
  ['a file', () => 'file:///etc/passwd', 'it is no plain web address'],
  ['a path', () => '/etc/passwd', 'it is no plain web address'],
  ['a turned-around slash', () => `http:\\\\${host}/x`, 'it is no plain web address'],
  ['nothing', () => '', 'it is no plain web address'],
])('nothing is asked for %s', async (_what, link, trouble) => {
  const found = await links.find(link());
  expect(found.runbook).toBeNull();
  expect(found.trouble).toContain(trouble);
  expect(asked).toEqual([]);
});

test.each<[what: string, answer: (response: ServerResponse) => void, trouble: RegExp]>([
  ['a page', (response) => response.setHeader('Content-Type', 'text/html').end('<h1>Wiki'), /web page/],
  ['a picture', (response) => response.setHeader('Content-Type', 'image/png').end('x'), /image\/png, not/],
  ['an error', (response) => response.writeHead(404).end(), /answered 404/],
  [
    'a way elsewhere',
    (response) => response.writeHead(302, { Location: 'http://169.254.169.254/latest' }).end(),
    /sends elsewhere, to http:\/\/169\.254\.169\.254, which is not followed/,
  ],
  ['too much', (response) => markdown(response, 'x'.repeat(256 * 1_024 + 1)), /stopped/],
  ['nothing', (response) => markdown(response, ' \n'), /no text/],
])('%s is no runbook', async (_what, given, trouble) => {
  answer = given;
  const found = await links.find(`http://${host}/x`);
  expect(found.runbook).toBeNull();
  expect(found.trouble).toMatch(trouble);
  expect(asked).toEqual(['/x']);
});

test('one that was read is not asked for again for a while, nor twice at once; then it is what it says now', async () => {
  const link = `http://${host}/x`;
  const [first, second] = await Promise.all([links.find(link), links.find(link)]);
  expect(first.runbook).toBe(second.runbook);
  nowMs += 4 * 60_000;
  await links.find(link);
  expect(asked).toHaveLength(1);
  answer = (response) => markdown(response, '# Mended');
  nowMs += 2 * 60_000;
  expect((await links.find(link)).runbook?.title).toBe('Mended');
  answer = (response) => response.writeHead(500).end();
  nowMs += 6 * 60_000;
  expect(await links.find(link)).toMatchObject({
    runbook: { title: 'Mended' },
    trouble: expect.stringMatching('500'),
  });
});

test('a host that does not answer is left alone for a while, and what an earlier core read is shown', async () => {
  answer = (response) => response.destroy();
  expect(await links.find(`http://${host}/kept`)).toMatchObject({ runbook: { title: 'Kept', readAtMs: 5 } });
  const questions = asked.length;
  expect((await links.find(`http://${host}/another`)).trouble).not.toBe('');
  expect(asked).toHaveLength(questions);
  answer = (response) => markdown(response, '# There');
  nowMs += 31_000;
  expect((await links.find(`http://${host}/third`)).runbook?.title).toBe('There');
});

test('a store that could not be read once does not keep a link away for good', async () => {
  isKeptReadable = false;
  answer = (response) => response.writeHead(500).end();
  await expect(links.find(`http://${host}/x`)).rejects.toThrow('the store has ended');
  answer = (response) => markdown(response, '# There');
  expect((await links.find(`http://${host}/x`)).runbook?.title).toBe('There');
});

test('a proxy that cannot be used is said, and nothing is asked past it', async () => {
  proxies = async () => failed({ message: 'the system’s proxy is a SOCKS proxy', accepted: '' });
  expect(await links.find(`http://${host}/x`)).toMatchObject({
    runbook: null,
    trouble: expect.stringMatching(/SOCKS/),
  });
  expect(asked).toEqual([]);
});
