import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '#support/eventually.ts';
import type { HostToWindow } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';
import type { ConnectionState } from './connection.ts';
import { openDesktopConnection, type PortWindow } from './desktop-link.ts';

const origin = 'app://opssight';
const opened = new Set<MessagePort>();
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
  for (const port of opened) port.close();
  opened.clear();
});

function channel(): MessageChannel {
  const made = new MessageChannel();
  opened.add(made.port1).add(made.port2);
  return made;
}

const running: HostToWindow = {
  kind: 'core-state',
  state: 'running',
  crashes: 0,
  nextStartAtMs: null,
  safeModeOffered: false,
  message: '',
};

function world() {
  let listener: ((event: MessageEvent) => void) | undefined;
  const page: PortWindow = {
    location: { origin },
    addEventListener: (_type, given) => (listener = given),
  };
  let asked = 0;
  const connection = openDesktopConnection({ connect: () => asked++ }, page);
  const cores: { readonly link: Link; readonly heard: unknown[]; ended: string | undefined }[] = [];
  const states: ConnectionState[] = [];
  const fromHost: HostToWindow[] = [];
  connection.onCore((link) => {
    const core = { link, heard: [] as unknown[], ended: undefined as string | undefined };
    link.onMessage((message) => void core.heard.push(message));
    link.onClose((reason) => (core.ended = reason));
    cores.push(core);
  });
  connection.onState((state) => void states.push(state));
  connection.host.onMessage((message) => void fromHost.push(message));
  connection.open();
  /** Posts what the preload would, or somebody else. */
  const post = (data: unknown, ports: readonly MessagePort[], from: object = page, of = origin): void =>
    listener?.({ data, ports, source: from, origin: of } as unknown as MessageEvent);
  /** The host's and the core's ends of a link that was just made. */
  const link = (generation = 1) => {
    const host = channel();
    const core = channel();
    const heard: unknown[] = [];
    host.port1.addEventListener('message', (event) => void heard.push(event.data));
    host.port1.start();
    post({ kind: 'opssight:ports', generation }, [host.port2, core.port2]);
    return { host: host.port1, core: core.port1, heard };
  };
  return { connection, cores, states, fromHost, post, link, asked: () => asked };
}

describe('the desktop’s connection', () => {
  it('asks once, and is open with the ports; both ways, columns as they are', async () => {
    const { connection, cores, states, fromHost, link, asked } = world();
    expect([asked(), states]).toEqual([1, []]);
    const { host, core, heard } = link();
    expect(states).toEqual([{ kind: 'open' }]);
    host.postMessage(running);
    core.postMessage({ frame: 'hello', column: new Float64Array([1, NaN]) });
    await eventually('both arrive', () => (fromHost.length > 0 && cores[0]?.heard.length === 1) || undefined);
    expect(fromHost).toEqual([running]);
    expect(cores[0]?.heard).toEqual([{ frame: 'hello', column: new Float64Array([1, NaN]) }]);
    connection.host.send({ kind: 'start-core', safeMode: true });
    const got = new Promise((resolve) => core.addEventListener('message', (event) => resolve(event.data)));
    core.start();
    cores[0]?.link.send({ ask: 1 });
    expect(await got).toEqual({ ask: 1 });
    await eventually('the host hears', () => heard[0]);
    expect(heard).toEqual([{ kind: 'start-core', safeMode: true }]);
  });

  it.each<[string, unknown, object | undefined, string]>([
    ['another window', { kind: 'opssight:ports', generation: 1 }, {}, origin],
    ['another origin', { kind: 'opssight:ports', generation: 1 }, undefined, 'https://evil.example'],
    [
      'an origin that begins alike',
      { kind: 'opssight:ports', generation: 1 },
      undefined,
      `${origin}.example`,
    ],
    ['an opaque origin', { kind: 'opssight:ports', generation: 1 }, undefined, 'null'],
    ['nobody who says what it is', 'opssight:ports', undefined, origin],
    ['another program', { kind: 'other:ports', generation: 1 }, undefined, origin],
    ['a message without a generation', { kind: 'opssight:ports' }, undefined, origin],
  ])('takes no ports from %s', (_who, data, from, of) => {
    const { post, states, cores } = world();
    const { port2 } = channel();
    if (from === undefined) post(data, [port2], undefined, of);
    else post(data, [port2], from, of);
    post({ kind: 'opssight:ports', generation: 1 }, []);
    expect([states, cores]).toEqual([[], []]);
  });

  it('takes a new core’s port of its own generation only', async () => {
    const { cores, post, link } = world();
    link(2);
    const stale = channel();
    post({ kind: 'opssight:core-port', generation: 1 }, [stale.port2]);
    expect(cores.length).toBe(1);
    const fresh = channel();
    post({ kind: 'opssight:core-port', generation: 2 }, [fresh.port2]);
    expect([cores.length, cores[0]?.ended]).toEqual([2, 'the core was started again']);
    fresh.port1.postMessage('greeting');
    await eventually('it speaks', () => cores[1]?.heard[0]);
  });

  it('ends the core’s link when the host says that it does not run, or its port closes', async () => {
    const { cores, link, post } = world();
    const { host } = link();
    host.postMessage({ ...running, state: 'restarting', message: 'It was ended.' });
    await eventually('it ends', () => cores[0]?.ended);
    expect(cores[0]?.ended).toBe('It was ended.');
    const next = channel();
    post({ kind: 'opssight:core-port', generation: 1 }, [next.port2]);
    next.port1.close();
    await eventually('it ends', () => cores[1]?.ended);
    expect(cores[1]?.ended).toBe('the core is gone');
  });

  it('tries again after the host ended the link, later or at once, and tells the reason', async () => {
    const { connection, cores, states, link, asked } = world();
    link().host.close();
    await eventually('it is lost', () => states[1]);
    expect(states[1]).toMatchObject({ kind: 'lost', reason: 'the app ended the link' });
    expect(cores[0]?.ended).toBe('the app ended the link');
    expect(asked()).toBe(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked()).toBe(2);
    link(2).host.close();
    await eventually('it is lost again', () => states[3]);
    connection.retry();
    expect(asked()).toBe(3);
    link(3);
    expect(states.at(-1)).toEqual({ kind: 'open' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(3);
  });

  it('asks again where the host is silent', async () => {
    const { states, asked } = world();
    await vi.advanceTimersByTimeAsync(4_999);
    expect([asked(), states]).toEqual([1, []]);
    await vi.advanceTimersByTimeAsync(5_001);
    expect(states[0]).toMatchObject({ kind: 'lost', reason: 'the app does not answer' });
    expect(asked()).toBeGreaterThan(1);
  });

  it('does not hear what the host does not say', async () => {
    const { fromHost, link } = world();
    const { host } = link();
    for (const message of [null, 'x', { kind: 'quit' }, { kind: 'open-incident', incidentId: '1' }])
      host.postMessage(message);
    host.postMessage({ kind: 'open-incident', incidentId: 1 });
    await eventually('the last arrives', () => fromHost[0]);
    expect(fromHost).toEqual([{ kind: 'open-incident', incidentId: 1 }]);
  });
});
