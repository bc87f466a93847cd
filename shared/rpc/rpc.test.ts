import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commandFailure, type CommandFailure } from '../failure.ts';
import { linkPair, type Link } from '../link.ts';
import { failed, success, type Result } from '../result.ts';
import { RpcClient } from './client.ts';
import { collectionTopic, command, valueTopic } from './definition.ts';
import { RpcServer, type CallContext, type OpenTopic } from './server.ts';

/** Client and server together over a link in memory: what a window and the core rely on. */

const contract = {
  commands: {
    double: command(v.object({ value: v.number() }), v.object({ value: v.number() })),
    hang: command(v.object({}), v.object({})),
    fail: command(v.object({}), v.object({})),
  },
  topics: {
    count: valueTopic(v.number()),
    rows: collectionTopic(v.object({ id: v.string(), n: v.number() }), (row) => row.id),
  },
};
type Contract = typeof contract;

class Topic {
  value: unknown = 0;
  opened: string[] = [];
  closed = 0;
  answer: Promise<Result<OpenTopic, CommandFailure>> | undefined;
  #listeners = new Set<(patch: unknown) => void>();

  readonly open = (topic: string, key: string, onPatch: (patch: unknown) => void) => {
    this.opened.push(`${topic} ${key}`);
    this.#listeners.add(onPatch);
    const open: OpenTopic = {
      current: () => this.value,
      close: () => {
        this.closed++;
        this.#listeners.delete(onPatch);
      },
    };
    return this.answer ?? Promise.resolve(success(open));
  };

  patch(patch: unknown, value: unknown): void {
    this.value = value;
    for (const listener of this.#listeners) listener(patch);
  }
}

function joined() {
  const [coreEnd, windowEnd] = linkPair();
  const contexts: CallContext[] = [];
  const bugs: unknown[] = [];
  const topic = new Topic();
  const server = new RpcServer<Contract['commands'], Contract['topics']>(coreEnd, contract, {
    coreEpoch: 'epoch-1',
    topics: topic,
    reportBug: (name, error) => bugs.push([name, error]),
    handlers: {
      double: ({ value }) => Promise.resolve(success({ value: value * 2 })),
      hang: (_input, context) => {
        contexts.push(context);
        return new Promise(() => undefined);
      },
      fail: () => Promise.reject(new Error('a bug')),
    },
  });
  return { server, coreEnd, windowEnd, contexts, bugs, topic };
}

function connected() {
  const ends = joined();
  const sent: unknown[] = [];
  const spied: Link = {
    send: (message) => {
      sent.push(message);
      ends.windowEnd.send(message);
    },
    onMessage: (listener) => ends.windowEnd.onMessage(listener),
    onClose: (listener) => ends.windowEnd.onClose(listener),
    close: (reason) => ends.windowEnd.close(reason),
  };
  return { ...ends, sent, client: new RpcClient(spied, contract) };
}

/** A client whose core is the test. */
function clientAlone() {
  const [coreEnd, windowEnd] = linkPair();
  const received: Record<string, unknown>[] = [];
  coreEnd.onMessage((message) => received.push(message as Record<string, unknown>));
  return { client: new RpcClient(windowEnd, contract), core: coreEnd, windowEnd, received };
}

/** Lets everything that is under way on a link in memory arrive. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('calls', () => {
  it('get their answer, also many at once', async () => {
    const { client } = connected();
    const answers = await Promise.all([1, 2, 3].map((value) => client.call('double', { value })));
    expect(answers).toEqual([2, 4, 6].map((value) => success({ value })));
  });

  it('fail by name for what is not in the contract, and for a handler’s bug', async () => {
    const { client, bugs } = connected();
    const loose = client as unknown as {
      call(name: string, input: unknown): Promise<Result<unknown, CommandFailure>>;
    };
    for (const name of ['nothing', '__proto__', 'toString', 'constructor', 'x'.repeat(101)]) {
      expect(await loose.call(name, {})).toMatchObject({ ok: false, failure: { code: 'invalid-input' } });
    }
    expect(await loose.call('double', { value: 'x' })).toMatchObject({
      failure: { code: 'invalid-input', message: expect.stringContaining('value') as string },
    });
    expect(await client.call('fail', {})).toMatchObject({ failure: { code: 'internal' } });
    expect(bugs).toEqual([['fail', new Error('a bug')]]);
  });

  it('end at their deadline, in the core and, where the core is silent, in the window', async () => {
    const { client, contexts } = connected();
    const answer = client.call('hang', {}, { deadlineMs: 100 });
    await settle();
    await vi.advanceTimersByTimeAsync(100);
    expect(await answer).toMatchObject({ failure: { code: 'deadline-exceeded' } });
    expect(contexts[0]?.signal.aborted).toBe(true);

    const alone = clientAlone();
    const unanswered = alone.client.call('hang', {}, { deadlineMs: 100 });
    await vi.advanceTimersByTimeAsync(1_100);
    expect(await unanswered).toMatchObject({ failure: { code: 'deadline-exceeded' } });
    expect(alone.received.map(({ frame }) => frame)).toEqual(['call', 'cancel']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('end when they are cancelled, before and while they run', async () => {
    const { client, contexts } = connected();
    const early = await client.call('hang', {}, { signal: AbortSignal.abort() });
    expect(early).toMatchObject({ failure: { code: 'cancelled' } });
    const controller = new AbortController();
    const answer = client.call('hang', {}, { signal: controller.signal });
    await settle();
    controller.abort();
    expect(await answer).toMatchObject({ failure: { code: 'cancelled' } });
    await settle();
    expect(contexts.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('end when the link closes, on both sides, and later ones fail at once', async () => {
    const { client, coreEnd, contexts } = connected();
    const answer = client.call('hang', {});
    await settle();
    coreEnd.close('the core is gone');
    expect(await answer).toMatchObject({ failure: { code: 'unavailable' } });
    expect(contexts[0]?.signal.aborted).toBe(true);
    expect(await client.call('double', { value: 1 })).toMatchObject({ failure: { code: 'unavailable' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('are at most 64 at a time', async () => {
    const { client } = connected();
    for (let index = 0; index < 64; index++) void client.call('hang', {});
    await settle();
    expect(await client.call('double', { value: 1 })).toMatchObject({ failure: { code: 'overloaded' } });
  });

  it('never take a late answer of an earlier core for their own', async () => {
    const first = clientAlone();
    void first.client.call('double', { value: 1 });
    const second = clientAlone();
    void second.client.call('double', { value: 1 });
    await settle();
    expect(first.received[0]?.['id']).not.toBe(second.received[0]?.['id']);
  });

  it('refuse an answer that is not of the contract', async () => {
    const { client, core, received } = clientAlone();
    const answer = client.call('double', { value: 1 });
    await settle();
    core.send({ frame: 'answer', id: received[0]?.['id'], answer: { ok: true, value: { value: 'two' } } });
    expect(await answer).toMatchObject({ failure: { code: 'internal' } });
  });
});

describe('frames', () => {
  it('are refused beyond 400 a second, and taken again in the next', async () => {
    const { coreEnd: _coreEnd, windowEnd } = joined();
    const received: { frame: string; failure?: CommandFailure }[] = [];
    windowEnd.onMessage((message) => received.push(message as (typeof received)[number]));
    for (let index = 0; index < 401; index++) windowEnd.send({ frame: 'cancel', id: index });
    await settle();
    expect(received.map(({ frame, failure }) => failure?.code ?? frame)).toEqual(['hello', 'overloaded']);
    vi.advanceTimersByTime(1_000);
    windowEnd.send({ frame: 'cancel', id: 1 });
    await settle();
    expect(received).toHaveLength(2);
  });

  it('that acknowledge patches are not counted: a burst of changes does not end the link', async () => {
    const { client, topic, windowEnd } = connected();
    const closed = vi.fn();
    windowEnd.onClose(closed);
    const values: number[] = [];
    client.subscribe('count', '', (value) => values.push(value));
    await settle();
    for (let index = 1; index <= 2_000; index++) {
      topic.patch(index, index);
      await settle();
    }
    expect(values.at(-1)).toBe(2_000);
    expect(closed).not.toHaveBeenCalled();
  });

  it('of no protocol are rejected by name; from the core they end the link', async () => {
    const { windowEnd } = joined();
    const received: unknown[] = [];
    windowEnd.onMessage((message) => received.push(message));
    for (const frame of [null, 7, {}, { frame: 'nothing' }, { frame: 'cancel', id: -1 }])
      windowEnd.send(frame);
    windowEnd.send({ frame: 'call', id: 9, command: 'double', input: {}, deadlineMs: 0 });
    await settle();
    expect(received.slice(1, 6)).toEqual(
      Array.from({ length: 5 }, () => expect.objectContaining({ frame: 'rejected' }) as unknown),
    );
    expect(received[6]).toMatchObject({
      frame: 'answer',
      id: 9,
      answer: { failure: { code: 'invalid-input' } },
    });

    const alone = clientAlone();
    const answer = alone.client.call('hang', {});
    alone.core.send({ frame: 'patch', id: 'x' });
    await settle();
    expect(await answer).toMatchObject({ failure: { code: 'unavailable' } });
  });

  it('greet a window whenever it begins to listen', async () => {
    const { client } = connected();
    await settle();
    const epochs: string[] = [];
    client.onHello((epoch) => epochs.push(epoch));
    expect(epochs).toEqual(['epoch-1']);
  });
});

describe('subscriptions', () => {
  it('give the whole value after the snapshot and after each patch', async () => {
    const { client, topic } = connected();
    topic.value = [{ id: 'a', n: 1 }];
    const values: unknown[] = [];
    client.subscribe('rows', 'key', (rows) => values.push(rows));
    await settle();
    topic.patch({ upsert: [{ id: 'b', n: 2 }], remove: ['a'] }, [{ id: 'b', n: 2 }]);
    await settle();
    expect(topic.opened).toEqual(['rows key']);
    expect(values).toEqual([[{ id: 'a', n: 1 }], [{ id: 'b', n: 2 }]]);
  });

  it('ask for a resync after a gap and show nothing made of parts', async () => {
    const { client, core, received } = clientAlone();
    const values: number[] = [];
    client.subscribe('count', '', (value) => values.push(value));
    await settle();
    const id = received[0]?.['id'];
    core.send({ frame: 'patch', id, sequence: 5, value: 99 });
    core.send({ frame: 'snapshot', id, sequence: 6, value: 6 });
    core.send({ frame: 'patch', id, sequence: 8, value: 8 });
    core.send({ frame: 'patch', id, sequence: 9, value: 9 });
    await settle();
    expect(received.slice(1)).toEqual([
      { frame: 'seen', id, sequence: 6 },
      { frame: 'resync', id },
    ]);
    core.send({ frame: 'snapshot', id, sequence: 10, value: 10 });
    core.send({ frame: 'patch', id, sequence: 11, value: 11 });
    await settle();
    expect(values).toEqual([6, 10, 11]);
  });

  it('end on request, once, and close their topic, also one that opens only afterwards', async () => {
    const { client, topic, windowEnd } = connected();
    const end = client.subscribe('count', '', () => undefined);
    await settle();
    end();
    end();
    await settle();
    expect(topic.closed).toBe(1);
    const opening = Promise.withResolvers<Result<OpenTopic, CommandFailure>>();
    topic.answer = opening.promise;
    client.subscribe('count', '', () => undefined)();
    client.subscribe('count', '', () => undefined);
    await settle();
    windowEnd.close('the window is gone');
    await settle();
    opening.resolve(success({ current: () => 1, close: () => topic.closed++ }));
    await settle();
    expect(topic.closed).toBe(3);
  });

  it('leave an id alone that was given to another while the first was still opening', async () => {
    const { windowEnd, topic } = joined();
    const received: unknown[] = [];
    windowEnd.onMessage((message) => received.push(message));
    const opening = Promise.withResolvers<Result<OpenTopic, CommandFailure>>();
    topic.answer = opening.promise;
    windowEnd.send({ frame: 'subscribe', id: 1, topic: 'count', key: 'bad' });
    windowEnd.send({ frame: 'unsubscribe', id: 1 });
    await settle();
    topic.answer = undefined;
    windowEnd.send({ frame: 'subscribe', id: 1, topic: 'count', key: 'good' });
    await settle();
    opening.resolve(failed(commandFailure('not-found', 'gone', 'Look elsewhere.')));
    await settle();
    topic.patch(1, 1);
    await settle();
    expect(received.slice(1)).toEqual([
      { frame: 'snapshot', id: 1, sequence: 0, value: 0 },
      { frame: 'patch', id: 1, sequence: 1, value: 1 },
    ]);
  });

  it('to nothing, to a bad key and beyond 64 end with a failure', async () => {
    const { client, topic } = connected();
    const loose = client as unknown as {
      subscribe(
        topic: string,
        key: string,
        listener: () => void,
        ended: (failure: CommandFailure) => void,
      ): void;
    };
    const codes: string[] = [];
    const ended = (failure: CommandFailure): void => void codes.push(failure.code);
    loose.subscribe('nothing', '', () => undefined, ended);
    loose.subscribe('__proto__', '', () => undefined, ended);
    topic.answer = Promise.resolve(failed(commandFailure('not-found', 'gone', 'Look elsewhere.')));
    loose.subscribe('count', 'bad', () => undefined, ended);
    await settle();
    topic.answer = undefined;
    for (let index = 0; index < 65; index++) loose.subscribe('count', '', () => undefined, ended);
    await settle();
    expect(codes).toEqual(['invalid-input', 'invalid-input', 'not-found', 'overloaded']);
  });
});
