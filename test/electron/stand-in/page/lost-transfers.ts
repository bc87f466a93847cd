/**
 * A message with a transferred buffer from a renderer's port to a MessagePortMain is lost whole
 * (electron#34905). Its source is put into both worlds of a page.
 */
export interface DesktopPorts {
  /** Marks a port whose other end is in the main process or in a utility process. */
  mark(port: MessagePort): void;
  /** Chromium's own `postMessage`. */
  post(port: MessagePort, message: unknown, transfer: readonly Transferable[]): void;
}

export function loseTransfers(): DesktopPorts {
  const marked = new WeakSet<MessagePort>();
  const native = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'postMessage')?.value as (
    this: MessagePort,
    message: unknown,
    transfer: readonly unknown[],
  ) => void;
  MessagePort.prototype.postMessage = function postMessage(
    this: MessagePort,
    message: unknown,
    given?: unknown,
  ) {
    const options = given as { transfer?: unknown[] } | undefined;
    const list = Array.isArray(given) ? given : (options?.transfer ?? []);
    const isLost = marked.has(this) && list.some((one) => !(one instanceof MessagePort));
    // The buffers are gone for the sender all the same.
    if (isLost) structuredClone(message, { transfer: list as Transferable[] });
    else native.call(this, message, list);
  };
  return {
    mark: (port) => void marked.add(port),
    post: (port, message, transfer) => native.call(port, message, transfer),
  };
}
