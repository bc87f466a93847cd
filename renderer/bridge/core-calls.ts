import {
  commands,
  topics,
  type CommandName,
  type Commands,
  type TopicName,
  type Topics,
} from '#shared/contract.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Link } from '#shared/link.ts';
import { failed, type Result } from '#shared/result.ts';
import { RpcClient, type CallOptions } from '#shared/rpc/client.ts';
import type { InputOf, OutputOf, SnapshotOf } from '#shared/rpc/definition.ts';
import { inNextFrame } from './next-frame.ts';

/**
 * The contract, as actions call it, over whichever core is linked now. Subscriptions outlive a core:
 * each new one is asked for everything that is still followed.
 */
export interface CoreCalls {
  /** Never rejects: every failure is a value, `unavailable` while no core is linked among them. */
  call<Name extends CommandName>(
    command: Name,
    input: InputOf<Commands[Name]>,
    options?: CallOptions,
  ): Promise<Result<OutputOf<Commands[Name]>, CommandFailure>>;
  /** Follows a topic over every core to come. @returns a function that ends it. */
  follow<Name extends TopicName>(
    topic: Name,
    key: string,
    listener: (value: SnapshotOf<Topics[Name]>) => void,
  ): () => void;
}

type Client = RpcClient<Commands, Topics>;

export class LinkedCore implements CoreCalls {
  #client: Client | undefined;
  readonly #followed = new Set<{ readonly start: (client: Client) => () => void; stop: () => void }>();

  /** From here on calls and subscriptions go to this core. */
  link(link: Link): void {
    const client: Client = new RpcClient(link, { commands, topics }, inNextFrame);
    this.#client = client;
    for (const followed of this.#followed) followed.stop = followed.start(client);
  }

  call<Name extends CommandName>(
    command: Name,
    input: InputOf<Commands[Name]>,
    options?: CallOptions,
  ): Promise<Result<OutputOf<Commands[Name]>, CommandFailure>> {
    if (this.#client !== undefined) return this.#client.call(command, input, options);
    return Promise.resolve(
      failed(
        commandFailure(
          'unavailable',
          'the core is not connected yet',
          'It is tried again by itself; wait a moment.',
        ),
      ),
    );
  }

  follow<Name extends TopicName>(
    topic: Name,
    key: string,
    listener: (value: SnapshotOf<Topics[Name]>) => void,
  ): () => void {
    const start = (client: Client): (() => void) => client.subscribe(topic, key, listener);
    const followed = { start, stop: this.#client === undefined ? () => undefined : start(this.#client) };
    this.#followed.add(followed);
    return () => {
      this.#followed.delete(followed);
      followed.stop();
    };
  }
}
