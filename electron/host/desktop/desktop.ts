import { app, dialog, ipcMain, MessageChannelMain, session, shell, utilityProcess } from 'electron';
import { join } from 'node:path';
import { logError } from '#core/log.ts';
import { writeOwner, type Claim, type ClaimFailure } from '#core/store/lock.ts';
import type { WindowToHost } from '#shared/host-window.ts';
import { drop, messageOf } from '#shared/result.ts';
import { addressOfOther, claimAsHost, coreStartFor, isConfigured } from '../console-setup.ts';
import { startDemoFleet, type DemoFleet } from '../demo-fleet.ts';
import type { CoreStart } from '../port.ts';
import { Supervisor, type CoreState } from '../supervisor.ts';
import { readWindowFiles, type FileTable } from '../window-files.ts';
import { appFiles } from './app-files.ts';
import { serveWindowFiles } from './app-protocol.ts';
import { ConsoleWindow } from './console-window.ts';
import { forkUtilityCore, type Fork, type UtilityCore } from './core-utility.ts';
import { forkFleet } from './demo-utility.ts';
import type { DesktopShell, MakeDesktopPart } from './desktop-parts.ts';
import { askAboutHost, ExternalLinks } from './external-links.ts';
import { Doorway } from './ipc.ts';
import type { DesktopOptions } from './options.ts';
import { Parts } from './parts.ts';
import { RateLimit } from './rate-limit.ts';
import { secureSession } from './secure-session.ts';
import { refusalOfSwitches } from './weakening-switches.ts';
import { WindowPorts } from './window-ports.ts';

/**
 * The desktop app from ready to its end: one data folder, one core, one window, and the parts of
 * `parts-list.ts` around them. It composes and passes on; it decides nothing about alerts.
 */

/** What the data folder's next claimant is told: the scheme's own link summons this window. */
const ownAddress = 'opssight://show';

export class Desktop {
  readonly shell: DesktopShell;
  readonly #options: DesktopOptions;
  readonly #makers: readonly MakeDesktopPart[];
  readonly #supervisor: Supervisor;
  readonly #ports: WindowPorts;
  readonly #window: ConsoleWindow;
  readonly #links: ExternalLinks;
  readonly #doorway = new Doorway({ ipcMain, log: logRefusal });
  readonly #parts = new Parts(logError);
  #core: UtilityCore | undefined;
  #coreStart: Omit<CoreStart, 'safeMode'> | undefined;
  #demo: DemoFleet | undefined;
  #claim: Claim | undefined;
  #nextLink = 1;
  /** Texts from outside that came before there was anybody to read them. */
  #given: string[] = [];
  #isReady = false;
  /** The incident to show once the window is linked. */
  #wantedIncident: number | undefined;
  #starting: Promise<void> = Promise.resolve();
  #ending: Promise<void> | undefined;

  constructor(options: DesktopOptions, makers: readonly MakeDesktopPart[]) {
    this.#options = options;
    this.#makers = makers;
    this.#supervisor = new Supervisor({
      spawnCore: () => (this.#core = forkUtilityCore(fork, appFiles.coreEntry)),
      coreStart: (safeMode) => ({ ...(this.#coreStart ?? coreStartFor(options, true, undefined)), safeMode }),
      onState: (state) => {
        this.#ports.coreStateChanged(state);
        this.#parts.tell((part) => part.coreStateChanged?.(state));
      },
      onMessage: (message) => this.#parts.tell((part) => part.coreSaid?.(message)),
    });
    this.#ports = new WindowPorts({
      makeChannel: () => new MessageChannelMain(),
      handToCore: (port) => this.#handToCore(port),
      coreState: () => this.#coreState(),
      onMessage: (message) => this.#windowSaid(message),
      onLinked: () => this.#windowLinked(),
      log: logRefusal,
    });
    this.#window = this.#makeWindow();
    this.#links = new ExternalLinks({
      file: join(app.getPath('userData'), 'opened-hosts.json'),
      ask: (address) => askAboutHost(dialog, address),
      open: (url) => shell.openExternal(url),
      log: logRefusal,
    });
    this.shell = this.#makeShell();
  }

  /** Takes what there is to take and opens the window; what stands in the way is told in a dialog. */
  async run(): Promise<void> {
    this.#starting = this.#start();
    await this.#starting;
  }

  /** Somebody started the app once more, or opened one of its links. */
  startedAgain(texts: readonly string[]): void {
    if (!texts.includes('--hidden')) this.shell.window.show();
    if (!this.#isReady) return void this.#given.push(...texts);
    this.#parts.tell((part) => part.givenFromOutside?.(texts));
  }

  windowsClosed(): void {
    if (!this.#keepsRunning()) app.quit();
  }

  /** Ends in order; a second call waits for the first. */
  end(): Promise<void> {
    this.#ending ??= this.#endInOrder();
    return this.#ending;
  }

  async #start(): Promise<void> {
    // SECURITY: before any page. A checkout is for those who debug it.
    const refusal = app.isPackaged ? refusalOfSwitches(process.argv) : undefined;
    if (refusal !== undefined) return giveUp(refusal);
    const files = await readWindowFiles(appFiles.windowDirectory);
    if (!files.ok) return giveUp(files.failure);
    const claim = await claimAsHost(this.#options.dataDirectory);
    if (!claim.ok) return await this.#showOther(claim.failure);
    this.#claim = claim.value;
    this.#tellAddress();
    if (this.#ending !== undefined) return;
    this.#openWindow(files.value);
    const configured = isConfigured(this.#options);
    if (!configured) await this.#startDemo();
    if (this.#ending !== undefined) return;
    this.#coreStart = coreStartFor(this.#options, configured, this.#demo);
    this.#supervisor.start(false);
  }

  #openWindow(files: FileTable): void {
    secureSession(session.defaultSession, logRefusal);
    serveWindowFiles(session.defaultSession.protocol, files);
    this.#doorway.on('opssight:connect', (contents) => this.#ports.connect(contents));
    this.#parts.make(this.#makers, this.shell);
    this.#isReady = true;
    this.#window.open(!(this.#options.hidden || wasOpenedAtLogin()) || !this.#keepsRunning());
    const texts = [...process.argv.slice(1), ...this.#given.splice(0)];
    this.#parts.tell((part) => part.givenFromOutside?.(texts));
  }

  async #startDemo(): Promise<void> {
    const fleet = await startDemoFleet((args) => forkFleet(fork, appFiles.demoEntry, args));
    if (fleet.ok) this.#demo = fleet.value;
    else logError('demo.not-started', { failure: fleet.failure });
  }

  #tellAddress(): void {
    try {
      writeOwner(this.#options.dataDirectory, ownAddress);
    } catch (error) {
      // A full or read-only disk: only a second start suffers, and the core says the rest.
      logError('owner.not-written', { reason: messageOf(error) });
    }
  }

  /** Another console has the data folder: it is shown, or at least named. */
  async #showOther(failure: ClaimFailure): Promise<void> {
    const address =
      failure.code === 'conflict' ? await addressOfOther(failure, this.#options.dataDirectory) : null;
    if (address === null) return giveUp(`${failure.message} ${failure.nextStep}`);
    const canOpen = address.startsWith('http://127.0.0.1:');
    const { response } = await dialog.showMessageBox({
      type: 'info',
      message: 'OpsSight runs already with this data folder.',
      detail: canOpen ? 'It is served to a browser on this machine.' : `It is at ${address}.`,
      buttons: canOpen ? ['Open it', 'Close'] : ['Close'],
    });
    if (canOpen && response === 0) await shell.openExternal(address);
    app.quit();
  }

  async #endInOrder(): Promise<void> {
    this.#window.close();
    await this.#starting;
    await this.#parts.close();
    this.#ports.close();
    await Promise.all([this.#supervisor.stop(), this.#demo?.close()]);
    this.#claim?.release();
  }

  #makeWindow(): ConsoleWindow {
    return new ConsoleWindow({
      preload: appFiles.preload,
      icon: process.platform === 'linux' ? appFiles.icon : undefined,
      stateFile: join(app.getPath('userData'), 'window-state.json'),
      devTools: !app.isPackaged,
      keepsRunning: () => this.#keepsRunning(),
      onMade: (window) => {
        this.#doorway.admit(window.webContents);
        this.#parts.tell((part) => part.windowMade?.(window));
      },
      onPageGone: () => this.#ports.close(),
      onFocus: (focused) => this.#parts.tell((part) => part.windowFocusChanged?.(focused)),
      quit: () => app.quit(),
      log: logError,
    });
  }

  #makeShell(): DesktopShell {
    const window = this.#window;
    return {
      userDataDirectory: app.getPath('userData'),
      window: {
        show: () => {
          if (this.#isReady && this.#ending === undefined) window.show();
        },
        hide: () => window.hide(),
        isFocused: () => window.isFocused,
        isVisible: () => window.isVisible,
        openIncident: (incidentId) => this.#openIncident(incidentId),
        runCommand: (command) => this.#ports.send({ kind: 'run-command', command }),
        send: (message) => this.#ports.send(message),
      },
      core: {
        send: (message) => this.#supervisor.send(message),
        answer: (message) => this.#supervisor.answer(message),
        state: () => this.#coreState(),
        start: (safeMode) => this.#supervisor.start(safeMode),
      },
      openExternal: (url) => drop(this.#links.open(url), 'it never rejects'),
      log: logError,
      quit: () => app.quit(),
    };
  }

  #openIncident(incidentId: number): void {
    this.shell.window.show();
    if (this.#ports.isLinked) this.#ports.send({ kind: 'open-incident', incidentId });
    else this.#wantedIncident = incidentId;
  }

  #windowLinked(): void {
    this.#parts.tell((part) => part.windowLinked?.());
    if (this.#wantedIncident !== undefined)
      this.#ports.send({ kind: 'open-incident', incidentId: this.#wantedIncident });
    this.#wantedIncident = undefined;
  }

  #windowSaid(message: WindowToHost): void {
    if (message.kind === 'start-core') this.#supervisor.start(message.safeMode);
    if (message.kind === 'open-link') this.shell.openExternal(message.url);
    this.#parts.tell((part) => part.windowSaid?.(message));
  }

  #handToCore(port: Parameters<UtilityCore['handLink']>[1]): boolean {
    if (this.#core === undefined) return false;
    this.#core.handLink(this.#nextLink++, port);
    return true;
  }

  /** Until its first start the core is on its way, not stopped. */
  #coreState(): CoreState {
    const { state } = this.#supervisor;
    if (this.#coreStart !== undefined) return state;
    return { ...state, state: 'starting', message: 'The core starts.' };
  }

  /** On macOS an app without windows stays in the dock. */
  #keepsRunning(): boolean {
    return process.platform === 'darwin' || this.#parts.keepRunning;
  }
}

/** A page that is refused a thousand times a second must not fill the log. */
const refusalLimit = new RateLimit(50, 1);
export const logRefusal: DesktopShell['log'] = (event, detail) => {
  if (refusalLimit.take()) logError(event, detail);
};

const fork: Fork = (entry, args, options) => utilityProcess.fork(entry, args, options);

/** A login item of macOS has no arguments: the system tells instead. */
function wasOpenedAtLogin(): boolean {
  return process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
}

/** Also before ready. */
export function giveUp(message: string): void {
  logError('desktop.not-started', { reason: message });
  dialog.showErrorBox('OpsSight cannot start', message);
  app.exit(1);
}
