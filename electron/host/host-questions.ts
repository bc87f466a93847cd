import { failed, success, type Result } from '#shared/result.ts';
import type { CoreToHost, HostToCore } from './core-messages.ts';
import type { HostServices, ServiceRefusal } from './port.ts';
import { Secret } from './secret.ts';

/**
 * The core's questions to its host that are answered later: secrets of the system's keychain, and the way
 * to a server. A host that does not answer in time is a failure of that one question; should the answer
 * come after all, it counts as a change, and whoever listens asks again.
 */

const answerMs = 5_000;
/** Once one was not answered, the next ones wait shorter, or many sources would wait for one keychain each. */
const silentAnswerMs = 250;
const late: ServiceRefusal = {
  message: 'was not answered by the app within 5 seconds',
  accepted: 'an unlocked keychain, or another reference',
};

type Answer = Extract<HostToCore, { kind: 'secret-value' | 'proxy' }>;

export class HostQuestions implements HostServices {
  readonly #send: (message: CoreToHost) => void;
  readonly #waiting = new Map<number, (answer: Answer | null) => void>();
  #listener: () => void = () => undefined;
  #nextId = 1;
  #isSilent = false;

  constructor(send: (message: CoreToHost) => void) {
    this.#send = send;
  }

  async secret(name: string): Promise<Result<Secret, ServiceRefusal>> {
    const answer = await this.#ask((id) => ({ kind: 'secret-wanted', id, name }));
    if (answer?.kind !== 'secret-value') return failed(late);
    const { value, refusal } = answer;
    return value === null ? failed(refusal ?? late) : success(new Secret(value));
  }

  async systemProxy(url: string): Promise<Result<string | null, ServiceRefusal>> {
    const answer = await this.#ask((id) => ({ kind: 'proxy-wanted', id, url }));
    return answer?.kind === 'proxy' ? success(answer.proxy) : failed(late);
  }

  onChanged(listener: () => void): void {
    this.#listener = listener;
  }

  changed(): void {
    this.#listener();
  }

  receive(answer: Answer): void {
    this.#isSilent = false;
    const settle = this.#waiting.get(answer.id);
    if (settle === undefined) this.#listener();
    else settle(answer);
  }

  #ask(question: (id: number) => CoreToHost): Promise<Answer | null> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      const settle = (answer: Answer | null): void => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(answer);
      };
      const timer = setTimeout(
        () => {
          this.#isSilent = true;
          settle(null);
        },
        this.#isSilent ? silentAnswerMs : answerMs,
      );
      this.#waiting.set(id, settle);
      this.#send(question(id));
    });
  }
}
