import { addresses } from './addresses.ts';
import { modelled } from './unmodelled.ts';

/** `WebFrameMain`: where a message or a navigation came from. One object for each document. */

let nextRoutingId = 1;

class StandInFrame implements Pick<
  Electron.WebFrameMain,
  'origin' | 'url' | 'parent' | 'top' | 'name' | 'processId' | 'routingId' | 'detached' | 'isDestroyed'
> {
  readonly processId = 100;
  readonly routingId = nextRoutingId++;
  readonly name = '';
  readonly parent: Electron.WebFrameMain | null;
  url: string;
  detached = false;

  constructor(urlInBrowser: string, parent: Electron.WebFrameMain | null) {
    this.url = addresses.inElectron(urlInBrowser);
    this.parent = parent;
  }

  get origin(): string {
    return addresses.originInElectron(this.url);
  }

  get top(): Electron.WebFrameMain | null {
    return this.parent?.top ?? this.parent ?? (frameOf.get(this) as Electron.WebFrameMain);
  }

  isDestroyed(): boolean {
    return this.detached;
  }
}

const frameOf = new WeakMap<object, unknown>();

export function makeFrame(
  urlInBrowser: string,
  parent: Electron.WebFrameMain | null = null,
): Electron.WebFrameMain {
  const frame = new StandInFrame(urlInBrowser, parent);
  const wrapped = modelled('WebFrameMain', frame) as unknown as Electron.WebFrameMain;
  frameOf.set(frame, wrapped);
  return wrapped;
}
