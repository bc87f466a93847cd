/**
 * A two-way, ordered, message-wise connection: one end in the core, one in a window. Under Electron it
 * is a message port, in the browser host a channel of a WebSocket, in tests a pair in memory. Messages
 * are structured-clone data; `Float64Array` columns are allowed and are never transferred.
 */
export interface Link {
  /** Sends one message. After the link is closed it does nothing. */
  send(message: unknown): void;
  /** Called for every message in order. One listener a link; set it before messages are due. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when either end closes, with the reason where one was given. */
  onClose(listener: (reason: string) => void): void;
  close(reason: string): void;
}

/**
 * Two ends joined in memory, delivered asynchronously and cloned like over a real link: for tests and
 * for hosts that live in the same process.
 */
export function linkPair(): readonly [Link, Link] {
  const left = new MemoryLink();
  const right = new MemoryLink();
  left.join(right);
  right.join(left);
  return [left, right];
}

class MemoryLink implements Link {
  #other: MemoryLink | undefined;
  #listener: ((message: unknown) => void) | undefined;
  #closeListener: ((reason: string) => void) | undefined;
  #waiting: unknown[] = [];
  #closed = false;

  join(other: MemoryLink): void {
    this.#other = other;
  }

  send(message: unknown): void {
    if (this.#closed) return;
    const copy: unknown = structuredClone(message);
    queueMicrotask(() => this.#other?.receive(copy));
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#listener = listener;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const message of waiting) listener(message);
  }

  onClose(listener: (reason: string) => void): void {
    this.#closeListener = listener;
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#closeListener?.(reason);
    queueMicrotask(() => this.#other?.close(reason));
  }

  private receive(message: unknown): void {
    if (this.#closed) return;
    if (this.#listener === undefined) this.#waiting.push(message);
    else this.#listener(message);
  }
}
