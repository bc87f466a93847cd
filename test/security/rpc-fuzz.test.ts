import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as v from 'valibot';
import { commands, topics, type CommandName, type Commands } from '#shared/contract.ts';
import { commandFailure } from '#shared/failure.ts';
import { linkPair, type Link } from '#shared/link.ts';
import { failed, success } from '#shared/result.ts';
import { serverFrameSchema, type ServerFrame } from '#shared/rpc/frames.ts';
import { RpcServer, type Handlers } from '#shared/rpc/server.ts';
import { decodeWire, encodeWire, type WireFrame } from '#shared/wire.ts';
import { ProcessPort } from '#host/browser/process-port.ts';
import { validValues } from './schema-values.ts';

/**
 * Every command of the contract under mutated messages, over both kinds of link: structured clones, as a
 * message port carries them, and frames, as the WebSocket does. A handler must never see an input that
 * its schema refuses, the window must get typed failures only, and nothing may crash or pile up.
 */

const isFull = process.env['OPSSIGHT_FULL'] !== undefined && process.env['OPSSIGHT_FULL'] !== '';
const messagesPerCommand = isFull ? 2_000 : 200;
const maxGrowthBytes = 50 * 1_048_576;
const names = Object.keys(commands) as CommandName[];

interface Outcome {
  readonly frames: ServerFrame[];
  /** Inputs that reached a handler, by whether the schema takes them. */
  readonly handled: { valid: number; invalid: unknown[] };
  readonly bugs: unknown[];
}

/** @param frames where what the server sends is put. */
function serve(link: Link, frames: ServerFrame[]): Outcome {
  const outcome: Outcome = { frames, handled: { valid: 0, invalid: [] }, bugs: [] };
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        if (v.is(commands[name].input, input)) outcome.handled.valid++;
        else outcome.handled.invalid.push([name, input]);
        return Promise.resolve(failed(commandFailure('unavailable', 'a fuzzed core', 'Nothing.')));
      },
    ]),
  );
  new RpcServer<Commands, typeof topics>(
    link,
    { commands, topics },
    {
      coreEpoch: 'fuzzed',
      handlers: handlers as unknown as Handlers<Commands>,
      topics: {
        open: () => Promise.resolve(success({ current: () => 'x'.repeat(100), close: () => undefined })),
      },
      reportBug: (name, error) => outcome.bugs.push([name, error]),
    },
  );
  return outcome;
}

// One value a line would be thirty lines.
// oxfmt-ignore
const valuesOutOfPlace: readonly unknown[] = [
  null, undefined, NaN, Infinity, -0, -1, 0.5, 2 ** 53, 10n ** 30n, true, '', '__proto__', '\u0000', '\u202e',
  '${env:HOME}', "' OR 1=1 --", '<img src=x onerror=alert(1)>', '../../etc/passwd', 'x'.repeat(100_000), {}, [],
  [[[[[]]]]], new Float64Array(3), new Uint8Array(9), new Map([[1, 2]]), new Date(0), /(a+)+$/u,
];

/** A value as no schema of ours wants it. */
const hostile = fc.oneof(
  fc.constantFrom<unknown>(...valuesOutOfPlace),
  fc.constant(null).map(() => Array.from({ length: 40 }).reduce<unknown>((inner) => [inner], 1)),
  fc.object({ maxDepth: 2, maxKeys: 3 }),
  fc.string({ unit: 'binary', maxLength: 50 }),
);

type Mutation = {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'wrap';
  readonly value: unknown;
};
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  how: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'wrap'),
  value: hostile,
});

/** A valid call of the command; most are then changed in up to three places, the input's own more often. */
function messages(name: CommandName): fc.Arbitrary<unknown> {
  const unchanged = { weight: 1, arbitrary: fc.constant<readonly Mutation[]>([]) };
  const changed = { weight: 3, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 3 }) };
  const ofInput: fc.Arbitrary<readonly Mutation[]> = fc.oneof(unchanged, changed);
  const ofFrame: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
    { ...unchanged, weight: 3 },
    { ...changed, weight: 1 },
  );
  return fc
    .tuple(validValues(commands[name].input), ofInput, ofFrame, fc.nat(10_000))
    .map(([valid, inputMutations, frameMutations, id]) => {
      const input = inputMutations.reduce<unknown>(mutate, valid);
      return frameMutations.reduce<unknown>(mutate, {
        frame: 'call',
        id,
        command: name,
        input,
        deadlineMs: 1_000,
      });
    });
}

function mutate(message: unknown, { at, how, value }: Mutation): unknown {
  const places = placesIn(message, []);
  const path = places[at % places.length]!;
  return changeAt(message, path, (old) => {
    if (how === 'wrap') return [old];
    if (how === 'add' && typeof old === 'object' && old !== null)
      return { ...old, __proto__: value, extra: value };
    return how === 'remove' ? undefined : value;
  });
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return (
    Array.isArray(value) ||
    (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype)
  );
}

function placesIn(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (!isContainer(value) || path.length > 6) return [path];
  return [
    path,
    ...Object.entries(value)
      .slice(0, 20)
      .flatMap(([key, child]) => placesIn(child, [...path, key])),
  ];
}

function changeAt(value: unknown, path: readonly string[], change: (old: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined || !isContainer(value)) return change(value);
  const copy: unknown = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
  (copy as Record<string, unknown>)[key] = changeAt(value[key], rest, change);
  return copy;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** The protocol's rate is per second: each message has a time of its own. */
const betweenMessagesMs = 5;
beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

function expectTypedFailuresOnly(outcome: Outcome): void {
  expect(outcome.bugs).toEqual([]);
  expect(outcome.handled.invalid).toEqual([]);
  expect(outcome.handled.valid).toBeGreaterThan(messagesPerCommand / 20);
  const untyped = outcome.frames.filter((frame) => !v.is(serverFrameSchema, frame));
  expect(untyped).toEqual([]);
  const successes = outcome.frames.filter((frame) => frame.frame === 'answer' && frame.answer.ok);
  expect(successes).toEqual([]);
}

describe.each(names)('%s', (name) => {
  it(`takes ${messagesPerCommand} mutated messages as clones and as frames`, async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const sample = fc.sample(messages(name), { numRuns: messagesPerCommand, seed });
    const before = heapAfterCollection();

    const [coreEnd, windowEnd] = linkPair();
    const cloned = serve(coreEnd, []);
    windowEnd.onMessage((frame) => cloned.frames.push(frame as ServerFrame));
    const framed = frameServer();
    for (const message of sample) {
      vi.setSystemTime(Date.now() + betweenMessagesMs);
      windowEnd.send(message);
      const frame = encoded(message);
      if (frame !== undefined) framed.send(frame);
      await settle();
    }
    for (const outcome of [cloned, framed.outcome]) {
      try {
        expectTypedFailuresOnly(outcome);
      } catch (error) {
        throw new Error(`with seed ${seed}`, { cause: error });
      }
      // Every message was answered or rejected, but for those that became a frame without an answer.
      expect(outcome.frames.length).toBeGreaterThan(messagesPerCommand / 2);
      outcome.frames.length = 0;
    }
    expect(heapAfterCollection() - before).toBeLessThan(maxGrowthBytes);
  });
});

describe('frames of any bytes', () => {
  it('end the link or are rejected by name, and never throw', async () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array): WireFrame => new Uint8Array(array));
    const text = fc
      .tuple(fc.constantFrom('c', 'h', ''), fc.oneof(fc.json(), fc.string()))
      .map(([letter, rest]): WireFrame => letter + rest);
    for (const frame of fc.sample(fc.oneof(bytes, text), messagesPerCommand * 5)) {
      const server = frameServer();
      server.send(frame);
      await settle();
      const [, ...answers] = server.outcome.frames;
      expect(answers.every((answer) => answer.frame === 'rejected')).toBe(true);
      expect(server.closed.length + answers.length).toBe(1);
    }
  });
});

/** A message as the WebSocket would carry it; undefined where it cannot, and where reading it would end the link. */
function encoded(message: unknown): WireFrame | undefined {
  try {
    const frame = encodeWire('core', message);
    return decodeWire(frame) === undefined ? undefined : frame;
  } catch {
    return undefined;
  }
}

/** A server behind the browser host's process port, as the core's process has it. */
function frameServer() {
  const frames: ServerFrame[] = [];
  const closed: string[] = [];
  const outcomes: Outcome[] = [];
  const port = new ProcessPort((message) => {
    if (message.kind === 'link-closed') closed.push(message.reason);
    if (message.kind === 'link-frame') frames.push(decodeWire(message.frame)?.message as ServerFrame);
  });
  port.onLink((link) => outcomes.push(serve(link, frames)));
  port.receive({ kind: 'link-opened', link: 1 });
  return {
    outcome: outcomes[0]!,
    closed,
    send: (frame: WireFrame) => port.receive({ kind: 'link-frame', link: 1, frame }),
  };
}
