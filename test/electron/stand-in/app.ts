import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InstanceLock } from './instance-lock.ts';
import { lifecycle } from './lifecycle.ts';
import { settings } from './settings.ts';
import { modelled, preventable, StandInEmitter, Unmodelled } from './unmodelled.ts';

/** `app`: readiness, the end, paths, single instance, login items. */

const events = [
  'will-finish-launching',
  'ready',
  'second-instance',
  'open-url',
  'activate',
  'window-all-closed',
  'before-quit',
  'will-quit',
  'quit',
  'web-contents-created',
  'browser-window-created',
  'browser-window-focus',
  'browser-window-blur',
  'render-process-gone',
  'child-process-gone',
  'certificate-error',
  'select-client-certificate',
  'login',
];

type PathName = Parameters<Electron.App['getPath']>[0];
type Modelled = Pick<
  Electron.App,
  | 'isReady'
  | 'whenReady'
  | 'quit'
  | 'exit'
  | 'relaunch'
  | 'focus'
  | 'hide'
  | 'show'
  | 'enableSandbox'
  | 'requestSingleInstanceLock'
  | 'hasSingleInstanceLock'
  | 'releaseSingleInstanceLock'
  | 'getPath'
  | 'setPath'
  | 'getAppPath'
  | 'getName'
  | 'setName'
  | 'name'
  | 'getVersion'
  | 'getLocale'
  | 'isPackaged'
  | 'setAppUserModelId'
  | 'setAsDefaultProtocolClient'
  | 'removeAsDefaultProtocolClient'
  | 'isDefaultProtocolClient'
  | 'setLoginItemSettings'
  | 'setAboutPanelOptions'
  | 'setAppLogsPath'
  | 'disableHardwareAcceleration'
  | 'setBadgeCount'
  | 'getBadgeCount'
>;

/** What the windows do when the application quits; set by the window module. */
export interface WindowsAtQuit {
  /** Closes every window. @returns false where one of them prevented it. */
  closeAll(): Promise<boolean>;
}

class StandInApp extends StandInEmitter implements Modelled {
  name = productName();
  readonly isPackaged = settings.isPackaged;
  /** Only macOS has a dock; `undefined` elsewhere, as in Electron. */
  readonly dock: Electron.Dock | undefined = undefined;
  readonly commandLine = modelled('app.commandLine', new StandInCommandLine());
  readonly record = {
    sandboxEnabled: false,
    protocolClients: [] as string[],
    loginItem: { openAtLogin: false } as Electron.Settings,
    appUserModelId: null as string | null,
    badgeCount: 0,
    focused: 0,
    relaunches: 0,
    aboutPanel: {} as Electron.AboutPanelOptionsOptions,
  };
  #windows: WindowsAtQuit = { closeAll: () => Promise.resolve(true) };
  #isQuitting = false;
  readonly #paths = new Map<string, string>();
  readonly #lock = new InstanceLock(({ argv, workingDirectory, additionalData }) =>
    this.emit('second-instance', preventable({}), argv, workingDirectory, additionalData),
  );

  constructor() {
    super('app', events);
  }

  /** Joined from outside, because windows need the app as well. */
  joinWindows(windows: WindowsAtQuit): void {
    this.#windows = windows;
  }

  get isQuitting(): boolean {
    return this.#isQuitting;
  }

  start(): void {
    this.emit('will-finish-launching');
    lifecycle.becomeReady();
    this.emit('ready', preventable({}), {});
  }

  isReady(): boolean {
    return lifecycle.isReady;
  }

  whenReady(): Promise<void> {
    return lifecycle.whenReady;
  }

  quit(): void {
    if (this.#isQuitting) return;
    this.#isQuitting = true;
    void this.#quit();
  }

  exit(code = 0): void {
    this.emit('quit', preventable({}), code);
    void lifecycle.end(code);
  }

  relaunch(): void {
    this.record.relaunches++;
  }

  focus(): void {
    this.record.focused++;
  }

  hide(): void {
    onlyOn('darwin', 'app.hide');
  }

  show(): void {
    onlyOn('darwin', 'app.show');
  }

  enableSandbox(): void {
    lifecycle.requireNotReady('app.enableSandbox() can only be called before app is ready');
    this.record.sandboxEnabled = true;
  }

  requestSingleInstanceLock(additionalData?: Record<string, unknown>): boolean {
    return this.#lock.request(this.getPath('userData'), additionalData ?? null);
  }

  hasSingleInstanceLock(): boolean {
    return this.#lock.isHeld;
  }

  releaseSingleInstanceLock(): void {
    this.#lock.release();
  }

  getPath(name: PathName): string {
    const path = this.#paths.get(name) ?? this.#defaultPath(name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path);
  }

  getAppPath(): string {
    return process.cwd();
  }

  getName(): string {
    return this.name;
  }

  setName(name: string): void {
    this.name = name;
  }

  getVersion(): string {
    return projectFile().version;
  }

  getLocale(): string {
    return lifecycle.isReady ? settings.locale : '';
  }

  setAppUserModelId(id: string): void {
    this.record.appUserModelId = id;
  }

  setAsDefaultProtocolClient(scheme: string): boolean {
    if (!this.record.protocolClients.includes(scheme)) this.record.protocolClients.push(scheme);
    return true;
  }

  removeAsDefaultProtocolClient(scheme: string): boolean {
    this.record.protocolClients = this.record.protocolClients.filter((one) => one !== scheme);
    return true;
  }

  isDefaultProtocolClient(scheme: string): boolean {
    return this.record.protocolClients.includes(scheme);
  }

  setLoginItemSettings(wanted: Electron.Settings): void {
    this.record.loginItem = wanted;
  }

  /** Linux has no login items in Electron: nothing is kept there. */
  getLoginItemSettings(): Pick<Electron.LoginItemSettings, 'openAtLogin' | 'wasOpenedAtLogin'> {
    const openAtLogin = settings.platform !== 'linux' && this.record.loginItem.openAtLogin === true;
    return modelled('LoginItemSettings', { openAtLogin, wasOpenedAtLogin: settings.openedAtLogin });
  }

  setAboutPanelOptions(options: Electron.AboutPanelOptionsOptions): void {
    this.record.aboutPanel = options;
  }

  setAppLogsPath(path?: string): void {
    this.#paths.set('logs', path ?? join(this.getPath('userData'), 'logs'));
  }

  disableHardwareAcceleration(): void {
    lifecycle.requireNotReady('app.disableHardwareAcceleration() can only be called before app is ready');
  }

  setBadgeCount(count = 0): boolean {
    this.record.badgeCount = count;
    return true;
  }

  getBadgeCount(): number {
    return this.record.badgeCount;
  }

  async #quit(): Promise<void> {
    const beforeQuit = preventable({});
    this.emit('before-quit', beforeQuit);
    if (beforeQuit.defaultPrevented || !(await this.#windows.closeAll())) return this.#stay();
    const willQuit = preventable({});
    this.emit('will-quit', willQuit);
    if (willQuit.defaultPrevented) return this.#stay();
    this.emit('quit', preventable({}), 0);
    await lifecycle.end(0);
  }

  #stay(): void {
    this.#isQuitting = false;
  }

  #defaultPath(name: PathName): string {
    switch (name) {
      case 'home':
        return join(settings.root, 'home');
      case 'appData':
        return join(settings.root, 'home', '.config');
      case 'userData':
      case 'sessionData':
        return join(settings.root, 'home', '.config', this.name);
      case 'temp':
        return join(settings.root, 'temp');
      case 'logs':
        return join(this.getPath('userData'), 'logs');
      case 'downloads':
        return join(settings.root, 'home', 'Downloads');
      default:
        throw new Unmodelled(`app.getPath('${name}')`);
    }
  }
}

class StandInCommandLine implements Pick<
  Electron.CommandLine,
  'appendSwitch' | 'hasSwitch' | 'getSwitchValue'
> {
  readonly #switches = new Map<string, string>();

  appendSwitch(name: string, value = ''): void {
    this.#switches.set(name, value);
  }

  hasSwitch(name: string): boolean {
    return this.#switches.has(name);
  }

  getSwitchValue(name: string): string {
    return this.#switches.get(name) ?? '';
  }
}

function onlyOn(platform: NodeJS.Platform, api: string): void {
  if (settings.platform !== platform) throw new TypeError(`${api} is not a function (only on ${platform})`);
}

function projectFile(): { name: string; productName?: string; version: string } {
  return JSON.parse(readFileSync('package.json', 'utf8')) as ReturnType<typeof projectFile>;
}

function productName(): string {
  const { productName, name } = projectFile();
  return productName ?? name;
}

export const standInApp = new StandInApp();
export const app = modelled('app', standInApp);
