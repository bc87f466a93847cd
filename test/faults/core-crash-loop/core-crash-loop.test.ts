import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import * as v from 'valibot';
import { linkGreeting, linkProtocol, sessionAnswerSchema } from '#shared/browser-link.ts';
import type { HostToWindow, WindowToHost } from '#shared/host-window.ts';
import { decodeWire, encodeWire } from '#shared/wire.ts';
import { startBrowserHost, type BrowserHost } from '#host/browser/browser-host.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/** The host with a real core process that keeps dying: the window stays, and is told what it can do. */

const coreEntry = join(import.meta.dirname, 'crashing-core.ts');
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

test('five crashes within a minute: the link survives, one notification, safe mode is offered and works', async () => {
  const host = await startHost('crash');
  const window = await openWindow(host);
  window.say({ kind: 'notification-permission', permission: 'granted' });

  const offer = await window.coreState((state) => state.safeModeOffered);
  expect(offer).toMatchObject({ state: 'stopped', crashes: 5, nextStartAtMs: null });
  expect(offer.message).toContain('code 7');
  expect(window.states().map(({ state }) => state)).toEqual([
    ...Array.from({ length: 4 }, () => ['running', 'restarting', 'restarting']).flat(),
    'running',
    'stopped',
  ]);
  expect(window.notified()).toEqual(['incident-1']);
  expect(window.core).toEqual(Array.from({ length: 5 }, () => ({ safeMode: false })));

  window.say({ kind: 'start-core', safeMode: true });
  await window.coreState(({ state, message }) => state === 'running' && message.includes('safe mode'));
  window.socket.send(encodeWire('core', { from: 'window' }));
  await eventually('the core in safe mode answers', () =>
    window.core.some((message) => JSON.stringify(message).includes('echo')) ? true : undefined,
  );
  expect(window.core.slice(5)).toEqual([{ safeMode: true }, { echo: { from: 'window' } }]);
  expect(window.notified()).toEqual(['incident-1']);
  expect(window.socket.readyState).toBe(WebSocket.OPEN);
}, 30_000);

test('a core that refuses is not started again, and the window hears why', async () => {
  const host = await startHost('refuse');
  const window = await openWindow(host);
  const stopped = await window.coreState(({ state }) => state === 'stopped');
  expect(stopped).toMatchObject({ crashes: 0, safeModeOffered: false });
  expect(stopped.message).toBe('The journal is newer. Update OpsSight.');
});

test('a bug in the core is one line in its log and an exit that is not 0', async () => {
  const child = fork(coreEntry, [], { serialization: 'advanced', stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  cleanup.add(() => child.kill('SIGKILL'));
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = new Promise((resolve) => child.once('close', resolve));
  child.send({ kind: 'start', start: { configurationPath: 'bug' } });
  expect(await exited).toBe(1);
  expect(log.trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(log)).toMatchObject({ level: 'error', event: 'core.crashed' });
});

test.each(['stop', 'disconnect'])('a core ends by itself on %s', async (how) => {
  const child = fork(coreEntry, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  cleanup.add(() => child.kill('SIGKILL'));
  const ready = new Promise((resolve) => child.once('message', resolve));
  child.send({ kind: 'start', start: { configurationPath: 'crash' } });
  await ready;
  const exited = new Promise((resolve) => child.once('exit', resolve));
  if (how === 'stop') child.send({ kind: 'stop' });
  else child.disconnect();
  expect(await exited).toBe(0);
});

async function startHost(behaviour: string): Promise<BrowserHost> {
  const windowDirectory = temporaryFolder(cleanup);
  writeFileSync(join(windowDirectory, 'index.html'), '<p>the console</p>');
  const started = await startBrowserHost({
    coreStart: { dataDirectory: windowDirectory, configurationPath: behaviour, demo: null, discovery: [] },
    windowDirectory,
    port: 0,
    coreEntry,
  });
  if (!started.ok) throw new Error(started.failure);
  cleanup.add(() => started.value.close());
  return started.value;
}

/** A window of the browser host that shows every notification that it is given. */
async function openWindow(host: BrowserHost) {
  const { socket, greeting } = await openSocket(new URL(host.address));
  const heard: HostToWindow[] = [];
  const core: unknown[] = [];
  const say = (message: WindowToHost): void => socket.send(encodeWire('host', message));
  socket.on('message', (data: Buffer, isBinary) => {
    const wire = decodeWire(isBinary ? new Uint8Array(data) : data.toString());
    if (wire?.channel === 'core') return void core.push(wire.message);
    const message = wire?.message as HostToWindow;
    heard.push(message);
    if (message.kind === 'notify')
      say({ kind: 'notification-outcome', id: message.notification.id, outcome: 'shown' });
  });
  socket.send(greeting);
  // The window misses how the first core came up: what it hears first is how the core is now.
  const states = () =>
    heard.filter((message) => message.kind === 'core-state').filter(({ state }) => state !== 'starting');
  return {
    socket,
    core,
    say,
    states,
    notified: () => heard.flatMap((message) => (message.kind === 'notify' ? [message.notification.id] : [])),
    coreState: (wanted: (state: ReturnType<typeof states>[number]) => boolean) =>
      eventually('the core is as wanted', () => states().find(wanted)),
  };
}

/** An open socket that has not greeted yet: nothing comes before its owner listens. */
async function openSocket(address: URL) {
  const token = new URLSearchParams(address.hash.slice(1)).get('token');
  const entered = await post(address, { token }, {});
  const cookie = entered.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  const session = await post(address, {}, { cookie });
  const { linkToken } = v.parse(sessionAnswerSchema, await session.json());
  const socket = new WebSocket(`ws://${address.host}/link`, [linkProtocol], {
    headers: { cookie, origin: address.origin },
  });
  cleanup.add(() => socket.terminate());
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return { socket, greeting: linkGreeting(linkToken) };
}

function post(address: URL, body: unknown, headers: Record<string, string>): Promise<Response> {
  return fetch(new URL('/session', address), {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}
