import * as v from 'valibot';
import { commandFailure, type CommandFailure } from '../failure.ts';
import type { Link } from '../link.ts';
import { drop, failed, messageOf, type Result } from '../result.ts';
import type { Gathered } from './fold.ts';
import type { AnyCommands, AnyTopics, InputOf, OutputOf } from './definition.ts';
import { clientFrameSchema, type ClientFrame, type ServerFrame } from './frames.ts';
import { Pace, PacedSubscription } from './paced-subscription.ts';
import { SubscriptionBacklog } from './subscription-backlog.ts';
import { withinBounds } from './bounds.ts';

/**
 * The core's end of the protocol, for one link. It trusts nothing that arrives: every frame is measured
 * (size, depth, rate), every input checked against the contract, every handler bounded in time, and what
 * goes wrong is answered as a typed failure.
 */

export interface CallContext {
  /** Aborts when the window cancels, the deadline passes or the link closes. */
  readonly signal: AbortSignal;
}

export type Handlers<Commands extends AnyCommands> = {
  readonly [Name in keyof Commands]: (
    input: InputOf<Commands[Name]>,
    context: CallContext,
  ) => Promise<Result<OutputOf<Commands[Name]>, CommandFailure>>;
};

/** A topic that a window follows: its value at any moment, and an end. */
export interface OpenTopic {
  readonly current: () => unknown;
  readonly close: () => void;
}

/**
 * Where a topic's values come from. `onPatch` may be called from the moment that `open` is called;
 * patches that come before it answers are part of what `current` gives.
 */
export interface TopicSource {
  open(
    topic: string,
    key: string,
    onPatch: (patch: unknown) => void,
  ): Promise<Result<OpenTopic, CommandFailure>>;
}

export interface ServerOptions<Commands extends AnyCommands> {
  readonly coreEpoch: string;
  readonly handlers: Handlers<Commands>;
  readonly topics: TopicSource;
  /** Where a handler's bug goes: the window gets `internal`, the log gets the error. */
  readonly reportBug: (command: string, error: unknown) => void;
}

const limits = {
  openCalls: 64,
  subscriptions: 64,
  framesPerSecond: 400,
} as const;

interface OpenSubscription {
  /** Undefined until the topic is open. */
  backlog: SubscriptionBacklog | PacedSubscription | undefined;
  close: () => void;
}

export class RpcServer<Commands extends AnyCommands, Topics extends AnyTopics> {
  readonly #link: Link;
  readonly #contract: { readonly commands: Commands; readonly topics: Topics };
  readonly #options: ServerOptions<Commands>;
  readonly #calls = new Map<number, AbortController>();
  readonly #subscriptions = new Map<number, OpenSubscription>();
  readonly #pace = new Pace();
  #rate = { secondStartedAtMs: 0, frames: 0 };

  constructor(
    link: Link,
    contract: { readonly commands: Commands; readonly topics: Topics },
    options: ServerOptions<Commands>,
  ) {
    this.#link = link;
    this.#contract = contract;
    this.#options = options;
    link.onClose(() => this.#close());
    link.onMessage((message) => this.#receive(message));
    this.#send({ frame: 'hello', protocol: 1, coreEpoch: options.coreEpoch });
  }

  #send(frame: ServerFrame): void {
    this.#link.send(frame);
  }

  #receive(message: unknown): void {
    const tooLarge = withinBounds(message);
    if (tooLarge !== null) return this.#refuse(message, tooLarge);
    const parsed = v.safeParse(clientFrameSchema, message);
    // What the core sent itself pays for being acknowledged: a burst of patches must not use up the rate.
    if (parsed.success && parsed.output.frame === 'seen' && this.#seen(parsed.output)) return;
    const tooFast = this.#withinRate();
    if (tooFast !== null) return this.#refuse(message, tooFast);
    if (!parsed.success) {
      return this.#refuse(message, invalid(`the frame is not of this protocol: ${describe(parsed.issues)}`));
    }
    this.#accept(parsed.output);
  }

  #accept(frame: ClientFrame): void {
    switch (frame.frame) {
      case 'call':
        return void this.#call(frame);
      case 'cancel':
        return this.#calls.get(frame.id)?.abort('cancelled');
      case 'subscribe':
        return this.#subscribe(frame);
      case 'unsubscribe':
        return this.#unsubscribe(frame.id);
      case 'seen':
        return;
      case 'resync':
        return this.#subscriptions.get(frame.id)?.backlog?.resync();
    }
  }

  /** @returns whether the window acknowledged something that it had not before. */
  #seen(frame: Extract<ClientFrame, { frame: 'seen' }>): boolean {
    return this.#subscriptions.get(frame.id)?.backlog?.seen(frame.sequence) ?? false;
  }

  /** Answers the call that a bad frame meant where its id can be read, else rejects the frame. */
  #refuse(message: unknown, failure: CommandFailure): void {
    const id = readCallId(message);
    if (id === undefined) this.#send({ frame: 'rejected', failure });
    else this.#send({ frame: 'answer', id, answer: { ok: false, failure } });
  }

  #withinRate(): CommandFailure | null {
    const nowMs = Date.now();
    if (nowMs - this.#rate.secondStartedAtMs >= 1_000) this.#rate = { secondStartedAtMs: nowMs, frames: 0 };
    this.#rate.frames++;
    if (this.#rate.frames <= limits.framesPerSecond) return null;
    return commandFailure(
      'overloaded',
      `more than ${limits.framesPerSecond} frames in a second`,
      'Wait a second and try again.',
    );
  }

  async #call(frame: Extract<ClientFrame, { frame: 'call' }>): Promise<void> {
    const answer = (value: Result<unknown, CommandFailure>): void =>
      this.#send({ frame: 'answer', id: frame.id, answer: value });
    const definition = Object.hasOwn(this.#contract.commands, frame.command)
      ? this.#contract.commands[frame.command]
      : undefined;
    if (definition === undefined)
      return answer(failed(invalid(`there is no command ${JSON.stringify(frame.command)}`)));
    if (this.#calls.has(frame.id)) return answer(failed(invalid(`call ${frame.id} is open already`)));
    if (this.#calls.size >= limits.openCalls) {
      return answer(
        failed(
          commandFailure('overloaded', `${limits.openCalls} calls are open already`, 'Wait for one to end.'),
        ),
      );
    }
    const input = v.safeParse(definition.input, frame.input);
    if (!input.success) return answer(failed(invalid(`${frame.command}: ${describe(input.issues)}`)));

    const controller = new AbortController();
    this.#calls.set(frame.id, controller);
    const timer = setTimeout(() => controller.abort('deadline'), frame.deadlineMs);
    const stopped = new Promise<Result<never, CommandFailure>>((resolve) => {
      controller.signal.addEventListener(
        'abort',
        () => resolve(failed(stopFailure(frame, controller.signal))),
        { once: true },
      );
    });
    const handler = this.#options.handlers[frame.command as keyof Commands];
    try {
      answer(await Promise.race([handler(input.output, { signal: controller.signal }), stopped]));
    } catch (error) {
      this.#options.reportBug(frame.command, error);
      answer(
        failed(
          commandFailure(
            'internal',
            `${frame.command} failed: ${messageOf(error)}`,
            'Report this; it is a bug.',
          ),
        ),
      );
    } finally {
      clearTimeout(timer);
      this.#calls.delete(frame.id);
    }
  }

  #subscribe(frame: Extract<ClientFrame, { frame: 'subscribe' }>): void {
    const end = (failure: CommandFailure): void => this.#send({ frame: 'ended', id: frame.id, failure });
    if (!Object.hasOwn(this.#contract.topics, frame.topic))
      return end(invalid(`there is no topic ${JSON.stringify(frame.topic)}`));
    if (this.#subscriptions.has(frame.id)) return end(invalid(`subscription ${frame.id} is open already`));
    if (this.#subscriptions.size >= limits.subscriptions) {
      return end(
        commandFailure(
          'overloaded',
          `${limits.subscriptions} subscriptions are open already`,
          'End one first.',
        ),
      );
    }
    const subscription: OpenSubscription = { backlog: undefined, close: () => undefined };
    this.#subscriptions.set(frame.id, subscription);
    const opening = this.#options.topics.open(frame.topic, frame.key, (patch) =>
      subscription.backlog?.push(patch),
    );
    drop(
      opening.then((opened) => {
        const isWanted = this.#subscriptions.get(frame.id) === subscription;
        if (!opened.ok) {
          if (isWanted) this.#unsubscribe(frame.id);
          return isWanted ? end(opened.failure) : undefined;
        }
        if (!isWanted) return opened.value.close();
        subscription.close = opened.value.close;
        subscription.backlog = this.#backlogOf(frame, opened.value.current);
        subscription.backlog.resync();
      }),
      'a topic source answers failures as values',
    );
  }

  #backlogOf({ id, topic }: { readonly id: number; readonly topic: string }, current: () => unknown) {
    const send = (out: ServerFrame): void => this.#send(out);
    const fold = this.#contract.topics[topic]?.fold;
    if (fold === undefined) return new SubscriptionBacklog(id, current, send);
    const gathered = fold.gather() as Gathered<unknown>;
    return this.#pace.add({ id, first: fold.first, current, gathered, send });
  }

  #unsubscribe(id: number): void {
    const subscription = this.#subscriptions.get(id);
    subscription?.close();
    this.#subscriptions.delete(id);
    if (subscription?.backlog instanceof PacedSubscription) this.#pace.remove(subscription.backlog);
  }

  #close(): void {
    for (const controller of this.#calls.values()) controller.abort('closed');
    for (const id of this.#subscriptions.keys()) this.#unsubscribe(id);
  }
}

function readCallId(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { frame, id } = message as { frame?: unknown; id?: unknown };
  return frame === 'call' && typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
}

function stopFailure(frame: { command: string; deadlineMs: number }, signal: AbortSignal): CommandFailure {
  if (signal.reason === 'deadline') {
    return commandFailure(
      'deadline-exceeded',
      `${frame.command} did not end within ${frame.deadlineMs} ms`,
      'Try again, or look at Sources.',
    );
  }
  return commandFailure('cancelled', `${frame.command} was cancelled`, 'Ask again when it is wanted.');
}

function invalid(message: string): CommandFailure {
  return commandFailure('invalid-input', message, 'Send what the contract says.');
}

function describe(issues: readonly v.BaseIssue<unknown>[]): string {
  const first = issues[0];
  if (first === undefined) return 'unreadable';
  const path = v.getDotPath(first) ?? '';
  return `${path === '' ? '' : `${path}: `}${first.message}`.slice(0, 500);
}
