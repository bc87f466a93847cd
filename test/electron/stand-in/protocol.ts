import { addresses } from './addresses.ts';
import { lifecycle } from './lifecycle.ts';
import { Unmodelled } from './unmodelled.ts';

/** Schemes: which are privileged, and who answers them in a session. */

export type SchemeHandler = (request: Request) => Response | Promise<Response>;

let registered = false;

function registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
  lifecycle.requireNotReady('protocol.registerSchemesAsPrivileged should be called before app is ready');
  if (registered)
    throw new Error('protocol.registerSchemesAsPrivileged can be called only once (docs/api/protocol.md)');
  registered = true;
  for (const { scheme, privileges } of schemes) {
    if (privileges?.standard !== true || privileges.secure !== true)
      throw new Unmodelled(`a privileged scheme that is not standard and secure: ${scheme}`);
    if (privileges.bypassCSP === true) throw new Unmodelled('bypassCSP');
    addresses.allow(scheme);
  }
}

/** Schemes that the browser knows itself, which a handler intercepts. */
const builtIn = new Set(['http', 'https', 'file']);

export class StandInProtocol implements Pick<
  Electron.Protocol,
  'handle' | 'unhandle' | 'isProtocolHandled' | 'registerSchemesAsPrivileged'
> {
  readonly #handlers = new Map<string, SchemeHandler>();

  registerSchemesAsPrivileged(schemes: Electron.CustomScheme[]): void {
    registerSchemesAsPrivileged(schemes);
  }

  handle(scheme: string, handler: SchemeHandler): void {
    if (this.#handlers.has(scheme))
      throw new Error(`Failed to handle protocol: ${scheme} is handled already`);
    if (!addresses.isPrivileged(scheme) && !builtIn.has(scheme))
      throw new Unmodelled(
        `protocol.handle('${scheme}'), a scheme that was not made privileged before ready`,
      );
    this.#handlers.set(scheme, handler);
  }

  unhandle(scheme: string): void {
    if (!this.#handlers.delete(scheme)) throw new Error(`Failed to unhandle protocol: ${scheme}`);
  }

  isProtocolHandled(scheme: string): boolean {
    return this.#handlers.has(scheme);
  }

  handlerFor(urlInElectron: string): SchemeHandler | undefined {
    return this.#handlers.get(urlInElectron.slice(0, urlInElectron.indexOf(':')).toLowerCase());
  }
}
