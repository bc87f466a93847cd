import { contract, type CommandName, type Commands, type TopicName, type Topics } from '#shared/contract.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { Link } from '#shared/link.ts';
import type { Result } from '#shared/result.ts';
import type { InputOf, OutputOf, SnapshotOf } from '#shared/rpc/definition.ts';
import { RpcClient } from '#shared/rpc/client.ts';

/** The contract from a test's side: asks a core over any link, and waits for what a topic will say. */
export class ContractClient {
  readonly #rpc: RpcClient<Commands, Topics>;

  constructor(link: Link) {
    this.#rpc = new RpcClient(link, contract);
  }

  /** @throws where the command fails: tests of failures use `tryCall`. */
  async call<Name extends CommandName>(
    command: Name,
    input: InputOf<Commands[Name]>,
  ): Promise<OutputOf<Commands[Name]>> {
    const answer = await this.tryCall(command, input);
    if (!answer.ok) throw new Error(`${command}: ${answer.failure.code}: ${answer.failure.message}`);
    return answer.value;
  }

  tryCall<Name extends CommandName>(
    command: Name,
    input: InputOf<Commands[Name]>,
  ): Promise<Result<OutputOf<Commands[Name]>, CommandFailure>> {
    return this.#rpc.call(command, input);
  }

  /** Resolves with the first value of the topic that is as wanted. */
  until<Name extends TopicName>(
    what: string,
    topic: Name,
    wanted: (value: SnapshotOf<Topics[Name]>) => boolean,
    { key = '', limitMs = 20_000 }: { readonly key?: string; readonly limitMs?: number } = {},
  ): Promise<SnapshotOf<Topics[Name]>> {
    return new Promise((resolve, reject) => {
      let last: unknown;
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        unsubscribe();
        settle();
      };
      const timer = setTimeout(() => {
        const seen = JSON.stringify(last)?.slice(0, 2_000);
        end(() => reject(new Error(`not so within ${limitMs} ms: ${what}; last seen: ${seen}`)));
      }, limitMs);
      const unsubscribe = this.#rpc.subscribe(
        topic,
        key,
        (value) => {
          last = value;
          if (wanted(value)) end(() => resolve(value));
        },
        (failure) => end(() => reject(new Error(`${topic} ended: ${failure.message}`))),
      );
    });
  }
}
