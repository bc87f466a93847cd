import type { BrowserContext, Page } from 'playwright';
import { standInApp } from './app.ts';
import { defaultContext, freshContext } from './chromium.ts';
import { lifecycle } from './lifecycle.ts';
import { StandInProtocol } from './protocol.ts';
import { serveRequests } from './requests.ts';
import { settings } from './settings.ts';
import { modelled, preventable, StandInEmitter, Unmodelled } from './unmodelled.ts';

/** `session`: permissions, requests, schemes and downloads of one profile. */

type PermissionRequestHandler = NonNullable<Parameters<Electron.Session['setPermissionRequestHandler']>[0]>;
type PermissionCheckHandler = NonNullable<Parameters<Electron.Session['setPermissionCheckHandler']>[0]>;
type DevicePermissionHandler = NonNullable<Parameters<Electron.Session['setDevicePermissionHandler']>[0]>;
type DisplayMediaHandler = NonNullable<Parameters<Electron.Session['setDisplayMediaRequestHandler']>[0]>;
export type Permission = Parameters<PermissionRequestHandler>[1];
export type CheckedPermission = Parameters<PermissionCheckHandler>[1];

type Modelled = Pick<
  Electron.Session,
  | 'setPermissionRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setSpellCheckerEnabled'
  | 'isSpellCheckerEnabled'
  | 'spellCheckerEnabled'
  | 'resolveProxy'
  | 'setUSBProtectedClassesHandler'
  | 'setBluetoothPairingHandler'
  | 'setCertificateVerifyProc'
  | 'closeAllConnections'
>;

export class StandInSession extends StandInEmitter implements Modelled {
  readonly schemes = new StandInProtocol();
  readonly protocol = modelled('session.protocol', this.schemes);
  readonly requests = new StandInWebRequest();
  readonly webRequest = modelled('session.webRequest', this.requests);
  readonly handlers: {
    request: PermissionRequestHandler | null;
    check: PermissionCheckHandler | null;
    device: DevicePermissionHandler | null;
    displayMedia: DisplayMediaHandler | null;
    usbClasses: unknown;
    bluetooth: unknown;
  } = { request: null, check: null, device: null, displayMedia: null, usbClasses: null, bluetooth: null };
  spellCheckerEnabled = true;
  readonly #open: () => Promise<BrowserContext>;
  #context: Promise<BrowserContext> | undefined;
  #isUsed = false;

  constructor(name: string, open: () => Promise<BrowserContext>) {
    super(name, ['will-download', 'select-hid-device', 'select-serial-port', 'select-usb-device']);
    this.#open = open;
  }

  /** The profile in Chromium, opened with the session's first window. */
  context(): Promise<BrowserContext> {
    this.#context ??= this.#open().then(async (context) => {
      await serveRequests(context, this);
      return context;
    });
    return this.#context;
  }

  /** The page that Chromium starts with is the first one's; one that nobody owns would be a popup. */
  async newPage(): Promise<Page> {
    const context = await this.context();
    const first = this.#isUsed ? undefined : context.pages()[0];
    this.#isUsed = true;
    return first ?? context.newPage();
  }

  setPermissionRequestHandler(handler: PermissionRequestHandler | null): void {
    this.handlers.request = handler;
  }

  setPermissionCheckHandler(handler: PermissionCheckHandler | null): void {
    this.handlers.check = handler;
  }

  setDevicePermissionHandler(handler: DevicePermissionHandler | null): void {
    this.handlers.device = handler;
  }

  setDisplayMediaRequestHandler(handler: DisplayMediaHandler | null): void {
    this.handlers.displayMedia = handler;
  }

  setUSBProtectedClassesHandler(handler: unknown): void {
    this.handlers.usbClasses = handler;
  }

  setBluetoothPairingHandler(handler: unknown): void {
    this.handlers.bluetooth = handler;
  }

  setCertificateVerifyProc(proc: unknown): void {
    if (proc !== null) throw new Unmodelled('session.setCertificateVerifyProc with a function');
  }

  setSpellCheckerEnabled(enable: boolean): void {
    this.spellCheckerEnabled = enable;
  }

  isSpellCheckerEnabled(): boolean {
    return this.spellCheckerEnabled;
  }

  closeAllConnections(): Promise<void> {
    return Promise.resolve();
  }

  resolveProxy(url: string): Promise<string> {
    return URL.canParse(url) ? Promise.resolve(settings.proxy) : Promise.reject(new Error('Invalid URL'));
  }

  /** What Electron answers a page that asks; without a handler it grants (docs/tutorial/security.md 5). */
  async asksPermission(
    contents: Electron.WebContents,
    permission: Permission,
    details: Partial<Electron.PermissionRequest>,
  ): Promise<boolean> {
    const { request } = this.handlers;
    if (request === null) return true;
    const given = { isMainFrame: true, requestingUrl: contents.getURL(), ...details };
    return new Promise((resolve) => request(contents, permission, resolve, given));
  }

  checksPermission(
    contents: Electron.WebContents | null,
    permission: CheckedPermission,
    requestingOrigin: string,
  ): boolean {
    const details = { isMainFrame: true, requestingUrl: requestingOrigin };
    return this.handlers.check?.(contents, permission, requestingOrigin, details) ?? true;
  }

  /** @returns whether the application let the download go on. */
  downloads(url: string, filename: string, contents: Electron.WebContents): boolean {
    let cancelled = false;
    const item = modelled('DownloadItem', {
      getURL: () => url,
      getFilename: () => filename,
      cancel: () => void (cancelled = true),
    } satisfies Partial<Electron.DownloadItem>);
    const event = preventable({});
    this.emit('will-download', event, item, contents);
    return !event.defaultPrevented && !cancelled;
  }
}

type BeforeRequest = (
  details: Electron.OnBeforeRequestListenerDetails,
  callback: (response: Electron.CallbackResponse) => void,
) => void;

/** Requests that no handler of a scheme answers. Only whether they are let through is modelled. */
class StandInWebRequest {
  #listener: BeforeRequest | null = null;
  #urls: readonly string[] = [];

  onBeforeRequest(
    filter: Electron.WebRequestFilter | BeforeRequest | null,
    listener?: BeforeRequest | null,
  ): void {
    const isFilter = typeof filter === 'object' && filter !== null;
    this.#urls = isFilter ? (filter.urls ?? []) : [];
    this.#listener = (isFilter ? listener : filter) ?? null;
  }

  async lets(details: Electron.OnBeforeRequestListenerDetails): Promise<boolean> {
    const listener = this.#listener;
    if (listener === null || !this.#concerns(details.url)) return true;
    const response = await new Promise<Electron.CallbackResponse>((resolve) => listener(details, resolve));
    if (response.redirectURL !== undefined) throw new Unmodelled('redirectURL of webRequest.onBeforeRequest');
    return response.cancel !== true;
  }

  #concerns(url: string): boolean {
    return this.#urls.length === 0 || this.#urls.some((pattern) => matches(pattern, url));
  }
}

function matches(pattern: string, url: string): boolean {
  if (pattern === '<all_urls>') return true;
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(url);
}

const sessions = new Map<string, { made: StandInSession; wrapped: Electron.Session }>();
const madeOf = new WeakMap<object, StandInSession>();

export function standInSessionOf(wrapped: Electron.Session): StandInSession {
  const made = madeOf.get(wrapped);
  if (made === undefined) throw new TypeError('session is not a Session');
  return made;
}

export function sessionFor(partition: string): Electron.Session {
  lifecycle.requireReady('Session can only be received when app is ready');
  const known = sessions.get(partition);
  if (known !== undefined) return known.wrapped;
  const userData = standInApp.getPath('userData');
  const open = () => (partition === '' ? defaultContext(userData) : freshContext(userData));
  const made = new StandInSession('session', open);
  const wrapped = modelled('session', made) as unknown as Electron.Session;
  sessions.set(partition, { made, wrapped });
  madeOf.set(wrapped, made);
  standInApp.emit('session-created', wrapped);
  return wrapped;
}

export const session = modelled('session', {
  get defaultSession() {
    return sessionFor('');
  },
  fromPartition: (partition: string) => sessionFor(partition),
}) satisfies Pick<typeof Electron.session, 'defaultSession' | 'fromPartition'>;

/** `protocol` is the default session's, save for what must come before ready. */
export const protocol = modelled('protocol', {
  registerSchemesAsPrivileged: (schemes: Electron.CustomScheme[]) =>
    new StandInProtocol().registerSchemesAsPrivileged(schemes),
  handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
    session.defaultSession.protocol.handle(scheme, handler as never),
  unhandle: (scheme: string) => session.defaultSession.protocol.unhandle(scheme),
  isProtocolHandled: (scheme: string) => session.defaultSession.protocol.isProtocolHandled(scheme),
}) satisfies Partial<Electron.Protocol>;
