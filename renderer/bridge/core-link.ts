import type { Link } from '#shared/link.ts';

/** One core's end of whatever carries it, as a link that ends once and says nothing after its end. */
export class CoreLink implements Link {
  readonly #out: (message: unknown) => void;
  readonly #closeCarrier: (reason: string) => void;
  #listener: (message: unknown) => void = () => undefined;
  #closeListener: (reason: string) => void = () => undefined;
  #ended = false;

  constructor(out: (message: unknown) => void, closeCarrier: (reason: string) => void) {
    this.#out = out;
    this.#closeCarrier = closeCarrier;
  }

  send(message: unknown): void {
    if (!this.#ended) this.#out(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
  }

  close(reason: string): void {
    if (this.#ended) return;
    this.end(reason);
    this.#closeCarrier(reason);
  }

  receive(message: unknown): void {
    if (!this.#ended) this.#listener(message);
  }

  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#closeListener(reason);
  }
}
