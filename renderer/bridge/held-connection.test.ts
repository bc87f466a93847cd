import { describe, expect, it } from 'vitest';
import type { Link } from '#shared/link.ts';
import type { HostToWindow } from '#shared/host-window.ts';
import type { Connection, ConnectionState } from './connection.ts';
import { CoreLink } from './core-link.ts';
import { HeldConnection } from './held-connection.ts';

const starting: HostToWindow = {
  kind: 'core-state',
  state: 'starting',
  crashes: 0,
  nextStartAtMs: null,
  safeModeOffered: false,
  message: '',
};

/** A connection that says what the test says, and remembers what is said to it. */
function early() {
  const asked: unknown[] = [];
  let onCore: (core: Link) => void = () => undefined;
  let onState: (state: ConnectionState) => void = () => undefined;
  let onMessage: (message: HostToWindow) => void = () => undefined;
  const connection: Connection = {
    notifiesItself: true,
    host: {
      send: (message) => void asked.push(message),
      onMessage: (listener) => void (onMessage = listener),
    },
    onCore: (listener) => void (onCore = listener),
    onState: (listener) => void (onState = listener),
    open: () => void asked.push('open'),
    retry: () => void asked.push('retry'),
  };
  return {
    connection,
    asked,
    core: (link: Link) => onCore(link),
    state: (state: ConnectionState) => onState(state),
    hostSays: (message: HostToWindow) => onMessage(message),
  };
}

function listened(connection: Connection): unknown[] {
  const heard: unknown[] = [];
  connection.onCore((core) => heard.push(core));
  connection.onState((state) => heard.push(state.kind));
  connection.host.onMessage((message) => heard.push(message.kind));
  return heard;
}

describe('a connection opened before anybody listens', () => {
  it('asks at once, and says what it heard in its order when the window opens it', () => {
    const world = early();
    const held = new HeldConnection(world.connection);
    expect([world.asked, held.notifiesItself]).toEqual([['open'], true]);
    const core = new CoreLink(
      () => undefined,
      () => undefined,
    );
    world.state({ kind: 'open' });
    world.hostSays(starting);
    world.core(core);
    const heard = listened(held);
    expect(heard).toEqual([]);
    held.open();
    world.state({ kind: 'refused' });
    expect(heard).toEqual(['open', 'core-state', core, 'refused']);
    expect(world.asked).toEqual(['open']);
  });

  it('passes on what the window says, before and after', () => {
    const world = early();
    const held = new HeldConnection(world.connection);
    held.retry();
    held.host.send({ kind: 'start-core', safeMode: true });
    expect(world.asked).toEqual(['open', 'retry', { kind: 'start-core', safeMode: true }]);
  });
});

describe('the link to a core that nobody listens to yet', () => {
  const coreLink = (): CoreLink =>
    new CoreLink(
      () => undefined,
      () => undefined,
    );

  it('keeps its greeting for who will', () => {
    const link = coreLink();
    link.receive('hello');
    const heard: unknown[] = [];
    link.onMessage((message) => void heard.push(message));
    link.receive('more');
    expect(heard).toEqual(['hello', 'more']);
  });

  it('that has ended says so, once', () => {
    const link = coreLink();
    link.end('the core is gone');
    link.end('again');
    const reasons: string[] = [];
    link.onClose((reason) => void reasons.push(reason));
    expect(reasons).toEqual(['the core is gone']);
  });
});
