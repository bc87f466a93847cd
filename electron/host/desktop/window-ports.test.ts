import { EventEmitter } from 'node:events';
import type { MessagePortMain, WebContents } from 'electron';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from '#support/eventually.ts';
import type { CoreState } from '../supervisor.ts';
import { WindowPorts } from './window-ports.ts';

/** A port as Electron has it, over one of Node's. */
class TestPort extends EventEmitter {
  readonly port: MessagePort;
  constructor(port: MessagePort) {
    super();
    this.port = port;
    port.addEventListener('message', ({ data, ports }) => this.emit('message', { data, ports }));
    port.addEventListener('close', () => this.emit('close'));
    opened.add(port);
  }
  start(): void {
    this.port.start();
  }
  postMessage(message: unknown): void {
    this.port.postMessage(message);
  }
  close(): void {
    this.port.close();
  }
}

const opened = new Set<MessagePort>();
afterEach(() => {
  for (const port of opened) port.close();
  opened.clear();
});

interface Posted {
  readonly channel: string;
  readonly generation: number;
  readonly ports: readonly TestPort[];
}

function world(initial: CoreState['state'] = 'running') {
  let state: CoreState = {
    kind: 'core-state',
    state: initial,
    crashes: 0,
    nextStartAtMs: null,
    safeModeOffered: false,
    message: '',
  };
  const said: unknown[] = [];
  const posted: Posted[] = [];
  const atCore: MessagePortMain[] = [];
  const logged: unknown[] = [];
  let linkedCount = 0;
  const ports = new WindowPorts({
    makeChannel: () => {
      const { port1, port2 } = new MessageChannel();
      return { port1: new TestPort(port1), port2: new TestPort(port2) };
    },
    handToCore: (port) => atCore.push(port) > 0,
    coreState: () => state,
    onMessage: (message) => void said.push(message),
    onLinked: () => linkedCount++,
    log: (_event, detail) => void logged.push(detail['reason']),
  });
  const contents = {
    isDestroyed: () => false,
    postMessage: (channel: string, { generation }: { generation: number }, sent: TestPort[]) =>
      void posted.push({ channel, generation, ports: sent }),
  } as unknown as WebContents;
  return {
    ports,
    contents,
    said,
    posted,
    atCore,
    logged,
    linked: () => linkedCount,
    change: (to: CoreState['state']) => {
      state = { ...state, state: to };
      ports.coreStateChanged(state);
    },
    /** The window's end of the host port, and what it hears. */
    window: () => {
      const port = posted.findLast(({ channel }) => channel === 'opssight:ports')?.ports[0];
      if (port === undefined) throw new Error('no ports were posted');
      const heard: unknown[] = [];
      port.on('message', ({ data }) => void heard.push(data));
      port.start();
      return { port, heard };
    },
  };
}

/** Messages have arrived when one sent after them has. */
async function settled(port: TestPort, said: unknown[]): Promise<void> {
  port.postMessage({ kind: 'start-core', safeMode: false });
  await eventually('messages arrive', () => (said.length > 0 ? true : undefined), 2_000);
}

describe('a window’s ports', () => {
  it('are two: one ends here, the other in the core; the core’s state is said first', async () => {
    const { ports, contents, posted, atCore, window, linked } = world();
    ports.connect(contents);
    expect(posted).toMatchObject([{ channel: 'opssight:ports', generation: 1 }]);
    expect(posted[0]?.ports.length).toBe(2);
    expect([atCore.length, linked(), ports.isLinked]).toEqual([1, 1, true]);
    const { heard } = window();
    expect(await eventually('the state', () => heard[0])).toMatchObject({
      kind: 'core-state',
      state: 'running',
    });
  });

  it('come without the core’s while none runs, and each core that comes to run brings a new one', () => {
    const { ports, contents, posted, atCore, change } = world('starting');
    ports.connect(contents);
    expect(posted[0]?.ports.length).toBe(1);
    change('running');
    change('restarting');
    change('running');
    expect(posted.slice(1)).toMatchObject([
      { channel: 'opssight:core-port', generation: 1 },
      { channel: 'opssight:core-port', generation: 1 },
    ]);
    expect(atCore.length).toBe(2);
  });

  it('are renewed with each load of the page, and those before are dead', async () => {
    const { ports, contents, posted, said, window } = world();
    ports.connect(contents);
    const old = window().port;
    ports.connect(contents);
    expect(posted[1]?.generation).toBe(2);
    old.postMessage({ kind: 'start-core', safeMode: true });
    await settled(window().port, said);
    expect(said).toEqual([{ kind: 'start-core', safeMode: false }]);
  });

  it('say when the page is gone', async () => {
    const { ports, contents, window } = world();
    ports.connect(contents);
    window().port.close();
    await eventually('it is not linked', () => (ports.isLinked ? undefined : true));
  });

  it('pass on what is of the protocol, with nothing beside it', async () => {
    const { ports, contents, said, window } = world();
    ports.connect(contents);
    window().port.postMessage({ kind: 'open-link', url: 'https://example.com/', extra: { deep: 1 } });
    await eventually('it arrives', () => said[0]);
    expect(said).toEqual([{ kind: 'open-link', url: 'https://example.com/' }]);
  });

  const cyclic: Record<string, unknown> = { kind: 'start-core' };
  cyclic['self'] = cyclic;
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'start-core'],
    ['a number', 1],
    ['a list', [{ kind: 'start-core', safeMode: false }]],
    ['no kind', { safeMode: false }],
    ['an unknown kind', { kind: 'quit' }],
    ['a kind that only the host says', { kind: 'open-incident', incidentId: 1 }],
    ['a kind that only the core says', { kind: 'stop' }],
    ['a kind of a prototype', { kind: '__proto__' }],
    ['a wrong type', { kind: 'start-core', safeMode: 'yes' }],
    ['a missing field', { kind: 'notification-outcome', id: 'x' }],
    ['a long id', { kind: 'notification-outcome', id: 'x'.repeat(201), outcome: 'shown' }],
    ['a long address', { kind: 'open-link', url: 'x'.repeat(4_001) }],
    ['far too many entries', { kind: 'menu', entries: Array.from({ length: 301 }, () => ({})) }],
    ['a map', new Map([['kind', 'start-core']])],
    ['a cycle', cyclic],
    ['bytes', new Uint8Array(1_000_000)],
  ])('end when the page says %s', async (_what, message) => {
    const { ports, contents, said, logged, window } = world();
    ports.connect(contents);
    window().port.postMessage(message);
    await eventually('the link ends', () => (ports.isLinked ? undefined : true));
    expect(said).toEqual([]);
    expect(logged).toEqual(['a message that is not of this protocol']);
  });

  it('end under a flood', async () => {
    const { ports, contents, said, logged, window } = world();
    ports.connect(contents);
    const { port } = window();
    for (let turn = 0; turn < 1_000; turn++) port.postMessage({ kind: 'start-core', safeMode: false });
    await eventually('the link ends', () => (ports.isLinked ? undefined : true));
    expect(said.length).toBeLessThan(300);
    expect(logged).toEqual(['too many messages']);
  });

  it('close ports that a page sends along', async () => {
    const { ports, contents, said, window } = world();
    ports.connect(contents);
    const smuggled = new MessageChannel();
    opened.add(smuggled.port1);
    const closed = new Promise((resolve) => smuggled.port1.addEventListener('close', resolve));
    smuggled.port1.start();
    window().port.port.postMessage({ kind: 'start-core', safeMode: true }, [smuggled.port2]);
    await closed;
    await eventually('the message itself counts', () => said[0]);
  });
});
