import * as v from 'valibot';
import { commandFailure, type CommandFailure } from '../failure.ts';
import type { Link } from '../link.ts';
import { failed, success, type Result } from '../result.ts';
import type { AnyCommands, AnyTopics, InputOf, OutputOf, SnapshotOf } from './definition.ts';
import type { Fold, Kept } from './fold.ts';
import { serverFrameSchema, type ClientFrame, type ServerFrame } from './frames.ts';

/**
 * The window's end of the protocol: typed calls and subscriptions over any link. It checks what arrives
 * like any other input, keeps each subscription's value, notices gaps and asks for a resync, and answers
 * every open call when the link closes. One client a link; a new link gets a new client.
 */

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Defaults to 15 seconds. */
  readonly deadlineMs?: number;
}

const defaultDeadlineMs = 15_000;
/** How much longer than the core the window waits, so that the core's own answer usually wins. */
const deadlineGraceMs = 1_000;

/** Ids of calls and subscriptions, never used twice in a window: what an earlier core answers late is nobody's. */
let nextId = 1;

type AnyFold = Fold<unknown, unknown>;

interface PendingCall {
  readonly command: string;
  readonly settle: (answer: Result<unknown, CommandFailure>) => void;
}

interface Subscription {
  readonly topic: string;
  readonly listener: (value: unknown) => void;
  readonly ended: (failure: CommandFailure) => void;
  value: unknown;
  /** For topics with a fold: what `value` is taken off. */
  kept: Kept<unknown, unknown> | undefined;
  sequence: number | undefined;
}

export class RpcClient<Commands extends AnyCommands, Topics extends AnyTopics> {
  readonly #link: Link;
  readonly #commands: Commands;
  readonly #topics: Topics;
  readonly #calls = new Map<number, PendingCall>();
  readonly #subscriptions = new Map<number, Subscription>();
  readonly #inNextFrame: (task: () => void) => void;
  /** Subscriptions with a fold whose listeners have not been told of what arrived. */
  readonly #changed = new Set<number>();
  #closed = false;
  #coreEpoch: string | undefined;
  #onHello: ((coreEpoch: string) => void) | undefined;

  /** @param inNextFrame when to tell of patches that come often; at once where nothing is drawn. */
  constructor(
    link: Link,
    contract: { readonly commands: Commands; readonly topics: Topics },
    inNextFrame: (task: () => void) => void = (task) => task(),
  ) {
    this.#link = link;
    this.#inNextFrame = inNextFrame;
    this.#commands = contract.commands;
    this.#topics = contract.topics;
    link.onMessage((message) => this.#receive(message));
    link.onClose((reason) => this.#close(reason));
  }

  /** Called with the core's epoch when it greets, or has; an epoch never seen before means a new core. */
  onHello(listener: (coreEpoch: string) => void): void {
    this.#onHello = listener;
    if (this.#coreEpoch !== undefined) listener(this.#coreEpoch);
  }

  /** Runs a command of the core. Never rejects: every failure is a value. */
  call<Name extends keyof Commands & string>(
    command: Name,
    input: InputOf<Commands[Name]>,
    options: CallOptions = {},
  ): Promise<Result<OutputOf<Commands[Name]>, CommandFailure>> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(failed(linkClosed('the link is closed')));
      const id = nextId++;
      const deadlineMs = options.deadlineMs ?? defaultDeadlineMs;
      const timer = setTimeout(() => {
        this.#send({ frame: 'cancel', id });
        this.#answer(id, failed(late(command, deadlineMs)));
      }, deadlineMs + deadlineGraceMs);
      const cancel = (): void => {
        this.#send({ frame: 'cancel', id });
        this.#answer(
          id,
          failed(commandFailure('cancelled', `${command} was cancelled`, 'Ask again when it is wanted.')),
        );
      };
      this.#calls.set(id, {
        command,
        settle: (answer) => {
          clearTimeout(timer);
          options.signal?.removeEventListener('abort', cancel);
          resolve(answer);
        },
      });
      if (options.signal?.aborted === true) return cancel();
      options.signal?.addEventListener('abort', cancel, { once: true });
      this.#send({ frame: 'call', id, command, input, deadlineMs });
    });
  }

  /**
   * Follows a topic. `listener` gets the whole value after the snapshot and after each patch.
   * @returns a function that ends the subscription.
   */
  subscribe<Name extends keyof Topics & string>(
    topic: Name,
    key: string,
    listener: (value: SnapshotOf<Topics[Name]>) => void,
    ended: (failure: CommandFailure) => void = () => undefined,
  ): () => void {
    const id = nextId++;
    this.#subscriptions.set(id, {
      topic,
      listener: listener,
      ended,
      value: undefined,
      kept: undefined,
      sequence: undefined,
    });
    this.#send({ frame: 'subscribe', id, topic, key });
    return () => {
      if (this.#subscriptions.delete(id)) this.#send({ frame: 'unsubscribe', id });
    };
  }

  #send(frame: ClientFrame): void {
    if (!this.#closed) this.#link.send(frame);
  }

  #receive(message: unknown): void {
    const parsed = v.safeParse(serverFrameSchema, message);
    if (!parsed.success) return this.#link.close('the core sent a frame that is not of this protocol');
    const frame = parsed.output;
    switch (frame.frame) {
      case 'hello':
        this.#coreEpoch = frame.coreEpoch;
        return this.#onHello?.(frame.coreEpoch);
      case 'answer':
        return this.#receiveAnswer(frame);
      case 'snapshot':
      case 'patch':
        return this.#receiveValue(frame);
      case 'ended': {
        const subscription = this.#subscriptions.get(frame.id);
        this.#subscriptions.delete(frame.id);
        return subscription?.ended(frame.failure);
      }
      case 'rejected':
        return this.#link.close(`the core rejected a frame: ${frame.failure.message}`);
    }
  }

  #receiveAnswer(frame: Extract<ServerFrame, { frame: 'answer' }>): void {
    const call = this.#calls.get(frame.id);
    if (call === undefined) return;
    if (!frame.answer.ok) return this.#answer(frame.id, frame.answer);
    const output = this.#commands[call.command]?.output;
    const parsed = output === undefined ? undefined : v.safeParse(output, frame.answer.value);
    if (parsed?.success === true) return this.#answer(frame.id, success(parsed.output));
    this.#answer(
      frame.id,
      failed(
        commandFailure(
          'internal',
          `the core's answer to ${call.command} is not of the contract`,
          'Report this; it is a bug.',
        ),
      ),
    );
  }

  #answer(id: number, answer: Result<unknown, CommandFailure>): void {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.settle(answer);
  }

  #receiveValue(frame: Extract<ServerFrame, { frame: 'snapshot' | 'patch' }>): void {
    const subscription = this.#subscriptions.get(frame.id);
    const topic = subscription === undefined ? undefined : this.#topics[subscription.topic];
    if (subscription === undefined || topic === undefined) return;
    if (frame.frame === 'patch' && subscription.sequence === undefined) return;
    if (frame.frame === 'patch' && frame.sequence !== (subscription.sequence ?? 0) + 1) {
      subscription.sequence = undefined;
      return this.#send({ frame: 'resync', id: frame.id });
    }
    const parsed = v.safeParse(frame.frame === 'snapshot' ? topic.snapshot : topic.patch, frame.value);
    if (!parsed.success) {
      return this.#link.close(
        `the core sent a ${frame.frame} of ${subscription.topic} that is not of the contract`,
      );
    }
    subscription.sequence = frame.sequence;
    if (topic.fold !== undefined) return this.#fold(frame, topic.fold as AnyFold, parsed.output);
    subscription.value =
      frame.frame === 'snapshot'
        ? parsed.output
        : (topic.apply as (snapshot: unknown, patch: unknown) => unknown)(subscription.value, parsed.output);
    this.#tell(frame.id, subscription);
  }

  /** A snapshot is told at once, for somebody waits for it; patches that come often once a frame. */
  #fold(frame: { readonly frame: string; readonly id: number }, fold: AnyFold, value: unknown): void {
    const subscription = this.#subscriptions.get(frame.id);
    if (subscription === undefined) return;
    if (frame.frame === 'snapshot') subscription.kept = fold.keep(value);
    else subscription.kept?.apply(value);
    const isFirst = this.#changed.size === 0;
    this.#changed.add(frame.id);
    if (frame.frame === 'snapshot') return this.#tellChanged();
    if (isFirst) this.#inNextFrame(() => this.#tellChanged());
  }

  #tellChanged(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const id of changed) {
      const subscription = this.#subscriptions.get(id);
      if (subscription?.kept === undefined) continue;
      subscription.value = subscription.kept.value();
      this.#tell(id, subscription);
    }
  }

  #tell(id: number, { sequence, value, listener }: Subscription): void {
    if (sequence !== undefined) this.#send({ frame: 'seen', id, sequence });
    listener(value);
  }

  #close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscriptions.clear();
    for (const id of this.#calls.keys()) this.#answer(id, failed(linkClosed(reason)));
  }
}

function linkClosed(reason: string): CommandFailure {
  return commandFailure(
    'unavailable',
    `the core cannot be reached: ${reason}`,
    'It is started again by itself; try again in a moment.',
  );
}

function late(command: string, deadlineMs: number): CommandFailure {
  return commandFailure(
    'deadline-exceeded',
    `${command} did not answer within ${deadlineMs} ms`,
    'Try again, or look at Sources.',
  );
}
