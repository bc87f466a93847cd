import { inspect } from 'node:util';
import type { SecretValue } from './port.ts';

const hidden = '[secret]';

/** A secret on its way through the host or the core: nothing that prints, logs or serialises it shows it. */
export class Secret implements SecretValue {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): string {
    return this.#value;
  }

  toJSON(): string {
    return hidden;
  }

  toString(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}
