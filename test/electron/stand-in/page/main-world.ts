import type { CloneCodec } from '../clone-codec.ts';
import type { DesktopPorts } from './lost-transfers.ts';
import type { WorldNames } from './messages.ts';
import type { wrapAsks } from './permission-asks.ts';

/**
 * The page's own world: what contextBridge exposes appears here, and a port that came from the main process
 * loses messages with transferred buffers. Its source is put into the page before the page's own scripts.
 */
type Shape =
  | { readonly function: number }
  | { readonly fields: readonly (readonly [string, Shape])[] }
  | { readonly value: unknown };

interface Answer {
  readonly call: number;
  readonly ok?: boolean;
  readonly isPromise?: boolean;
  readonly value?: unknown;
  /** What the function threw; only the message crosses. */
  readonly error?: string;
}

export function installMainWorld(
  bridgeCodec: CloneCodec,
  desktopPorts: DesktopPorts,
  names: WorldNames,
  wrapPermissions: typeof wrapAsks,
): void {
  // First of all listeners: only the preload hands this window ports of its own.
  window.addEventListener(
    'message',
    (event) => {
      if (event.source === window) for (const port of event.ports) desktopPorts.mark(port);
    },
    true,
  );
  // No window may be opened: the application is asked, and the page gets nothing, as in Electron.
  const nativeOpen = window.open.bind(window);
  window.open = (url = '', name = '_blank', features = '') => {
    if (['_self', '_parent', '_top'].includes(name)) nativeOpen(url, name, features);
    else {
      // Its address goes along as a name: asked for in earnest, it could reach a server before it is closed.
      const asked = url === '' ? '' : new URL(url, document.baseURI).href;
      nativeOpen('about:blank', names.token + JSON.stringify([asked, name]), features)?.close();
    }
    return null;
  };

  const answers = new Map<number, Answer>();
  const promises = new Map<number, (answer: Answer) => void>();
  let nextCall = 1;
  const hear = (what: string, listener: (message: never) => void): void =>
    window.addEventListener(names.token + what, (event) =>
      listener(bridgeCodec.decode((event as CustomEvent<string>).detail) as never),
    );

  function call(id: number, args: readonly unknown[]): unknown {
    if (args.some((one) => typeof one === 'function'))
      throw new Error('the electron stand-in does not model a function as an argument over contextBridge');
    const number = nextCall++;
    const detail = bridgeCodec.encode({ call: number, id, args });
    window.dispatchEvent(new CustomEvent(`${names.token}call`, { detail }));
    const answer = answers.get(number);
    answers.delete(number);
    if (answer?.isPromise === true)
      return new Promise((resolve, reject) => {
        promises.set(number, ({ ok, value, error }) =>
          ok === true ? resolve(value) : reject(new Error(error)),
        );
      });
    if (answer?.ok !== true) throw new Error(answer?.error ?? 'no answer over contextBridge');
    return answer.value;
  }

  function build(shape: Shape): unknown {
    if ('function' in shape) return (...args: unknown[]) => call(shape.function, args);
    if ('value' in shape) return shape.value;
    return Object.freeze(Object.fromEntries(shape.fields.map(([key, child]) => [key, build(child)])));
  }

  /** Frames have no preload, and so nobody to ask through. */
  if (window === window.top)
    wrapPermissions(
      (permission) =>
        new Promise((resolve) => {
          const number = nextCall++;
          promises.set(number, ({ value }) => resolve(value === true));
          const detail = bridgeCodec.encode({ call: number, permission });
          window.dispatchEvent(new CustomEvent(`${names.token}ask`, { detail }));
        }),
    );

  hear('answer', (answer: Answer) => answers.set(answer.call, answer));
  hear('settled', (answer: Answer) => {
    promises.get(answer.call)?.(answer);
    promises.delete(answer.call);
  });
  hear('expose', ({ key, shape }: { key: string; shape: Shape }) =>
    Object.defineProperty(window, key, { value: build(shape), enumerable: true }),
  );
}
