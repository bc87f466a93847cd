/**
 * Message ports behind the API: pairs of ends that may live in this process, in a page or in a utility
 * process. An end that lives elsewhere is reached through a carrier; the end here stays and passes on.
 */
export interface PortMail {
  readonly data: unknown;
  readonly ends: readonly PortEnd[];
}

/** Whoever holds an end at present. */
export interface PortHolder {
  mail(mail: PortMail): void;
  closed(): void;
}

export class PortEnd {
  #peer: PortEnd | undefined;
  #holder: PortHolder | undefined;
  #waiting: PortMail[] = [];
  #isClosed = false;

  static pair(): readonly [PortEnd, PortEnd] {
    const left = new PortEnd();
    const right = new PortEnd();
    left.#peer = right;
    right.#peer = left;
    return [left, right];
  }

  /** Gives the end to a holder, which gets what waited; undefined while it is on its way to another. */
  hold(holder: PortHolder | undefined): void {
    this.#holder = holder;
    while (this.#holder !== undefined) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#holder.mail(next);
    }
    if (this.#isClosed) this.#holder?.closed();
  }

  post(mail: PortMail): void {
    if (!this.#isClosed) this.#peer?.receive(mail);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#holder?.closed();
    this.#peer?.close();
  }

  private receive(mail: PortMail): void {
    if (this.#isClosed) return;
    if (this.#holder === undefined) this.#waiting.push(mail);
    else this.#holder.mail(mail);
  }
}

/** What crosses to the other process or page about one port. `ports` names ends that go along. */
export type PortPacket =
  | {
      readonly port: string;
      readonly kind: 'mail';
      readonly data: unknown;
      readonly ports: readonly string[];
    }
  | { readonly port: string; readonly kind: 'close' };

/** The ports that this side shares with one page or one utility process. */
export class PortCarrier {
  readonly #send: (packet: PortPacket) => void;
  readonly #prefix: string;
  readonly #ends = new Map<string, PortEnd>();
  #next = 1;

  /** @param prefix keeps the names of this side's ports apart from those of the other side. */
  constructor(prefix: string, send: (packet: PortPacket) => void) {
    this.#prefix = prefix;
    this.#send = send;
  }

  /** Moves an end to the other side. @returns the name it has there. */
  moveOut(end: PortEnd): string {
    const name = `${this.#prefix}${this.#next++}`;
    this.#serve(name, end);
    return name;
  }

  /** Takes in an end that the other side named in a message. */
  takeIn(name: string): PortEnd {
    const [here, there] = PortEnd.pair();
    this.#serve(name, there);
    return here;
  }

  receive(packet: PortPacket): void {
    const end = this.#ends.get(packet.port);
    if (end === undefined) return;
    if (packet.kind === 'close') {
      this.#ends.delete(packet.port);
      end.close();
    } else end.post({ data: packet.data, ends: packet.ports.map((name) => this.takeIn(name)) });
  }

  /** The other side is gone, and with it every port that it had. */
  close(): void {
    const ends = [...this.#ends.values()];
    this.#ends.clear();
    for (const end of ends) end.close();
  }

  #serve(name: string, end: PortEnd): void {
    this.#ends.set(name, end);
    end.hold({
      mail: ({ data, ends }) =>
        this.#send({ port: name, kind: 'mail', data, ports: ends.map((one) => this.moveOut(one)) }),
      closed: () => {
        if (this.#ends.delete(name)) this.#send({ port: name, kind: 'close' });
      },
    });
  }
}
