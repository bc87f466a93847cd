import { PortEnd, type PortMail } from './port-ends.ts';
import { modelled, StandInEmitter } from './unmodelled.ts';

/** `MessagePortMain` and `MessageChannelMain`, the ends that a main or utility process holds. */

class StandInPort
  extends StandInEmitter
  implements Pick<Electron.MessagePortMain, 'postMessage' | 'start' | 'close'>
{
  #end: PortEnd | undefined;
  #started = false;

  constructor(end: PortEnd) {
    super('MessagePortMain', ['message', 'close']);
    this.#end = end;
  }

  postMessage(message: unknown, transfer: readonly Electron.MessagePortMain[] = []): void {
    const data: unknown = structuredClone(message);
    const ends = takeEnds(transfer);
    this.#end?.post({ data, ends });
  }

  /** Messages wait until this is called, as in Electron. */
  start(): void {
    if (this.#started) return;
    this.#started = true;
    const end = this.#end;
    end?.hold({
      mail: (mail) => setImmediate(() => void this.emit('message', messageEvent(mail))),
      closed: () => setImmediate(() => this.emit('close')),
    });
  }

  /** Only the other end hears of it. */
  close(): void {
    this.#end?.hold(undefined);
    this.#end?.close();
    this.#end = undefined;
  }

  /** The end leaves this port for another process: the port is dead from here on. */
  surrender(): PortEnd {
    const end = this.#end;
    if (end === undefined) throw new Error('MessagePort was already transferred or closed');
    end.hold(undefined);
    this.#end = undefined;
    return end;
  }
}

const surrenders = new WeakMap<object, StandInPort>();

export function portOf(end: PortEnd): Electron.MessagePortMain {
  const port = new StandInPort(end);
  const wrapped = modelled('MessagePortMain', port) as unknown as Electron.MessagePortMain;
  surrenders.set(wrapped, port);
  surrenders.set(port, port);
  return wrapped;
}

/** @throws TypeError where something else than a live MessagePortMain is in the list, as Electron does. */
export function takeEnds(transfer: readonly Electron.MessagePortMain[]): PortEnd[] {
  if (!Array.isArray(transfer)) throw new TypeError('Invalid value for transfer');
  return transfer.map((given: unknown, index) => {
    const port = typeof given === 'object' && given !== null ? surrenders.get(given) : undefined;
    if (port === undefined) throw new TypeError(`Port at index ${index} is not a valid port`);
    return port.surrender();
  });
}

export function messageEvent(mail: PortMail): { data: unknown; ports: Electron.MessagePortMain[] } {
  return { data: mail.data, ports: mail.ends.map(portOf) };
}

export class StandInMessageChannelMain implements Electron.MessageChannelMain {
  readonly port1: Electron.MessagePortMain;
  readonly port2: Electron.MessagePortMain;

  constructor() {
    const [left, right] = PortEnd.pair();
    this.port1 = portOf(left);
    this.port2 = portOf(right);
  }
}
