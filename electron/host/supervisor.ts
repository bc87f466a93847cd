import type { CommandFailure } from '#shared/failure.ts';
import { minuteMs } from '#shared/time.ts';
import type { CoreExit, CoreProcess, CoreToHost, HostToCore } from './core-messages.ts';
import type { CoreStart, HostToWindow } from './port.ts';

/**
 * Keeps one core running for a host: starts it, restarts it after a crash with growing pauses, offers
 * safe mode when it keeps crashing, ends it in order. Both hosts use it; it knows neither Electron nor
 * HTTP, and it never looks into what windows and core say to each other.
 */

export type CoreState = Extract<HostToWindow, { kind: 'core-state' }>;

export interface SupervisorOptions {
  readonly spawnCore: () => CoreProcess;
  readonly coreStart: (safeMode: boolean) => CoreStart;
  /** Called with every change of state, at once. */
  readonly onState: (state: CoreState) => void;
  /** Gets what is not the supervisor's own: links and notifications. */
  readonly onMessage: (message: CoreToHost) => void;
}

const firstPauseMs = 200;
const longestPauseMs = 10_000;
const crashesUntilSafeMode = 5;
const heartbeatMs = 2_000;
/** So many heartbeats without a sign of life are a hang: about ten seconds, and no false alarm on wake. */
const heartbeatsUntilHung = 5;
const stopGraceMs = 5_000;

/** A core's process while it lives, and what this supervisor knows of it. */
interface Running {
  readonly core: CoreProcess;
  readonly safeMode: boolean;
  heartbeat: NodeJS.Timeout | undefined;
  unanswered: number;
  /** Set once it was asked to end: its end is then no crash. */
  ending: NodeJS.Timeout | undefined;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #ended: (() => void)[] = [];
  #state: CoreState = coreState('stopped', 'The core was not started yet.');
  #running: Running | undefined;
  #refusal: CommandFailure | undefined;
  /** The mode in which a core is wanted; undefined where none is. */
  #wantedSafeMode: boolean | undefined;
  #restart: NodeJS.Timeout | undefined;
  #crashesAtMs: readonly number[] = [];
  /** Crashes without a calm minute between them: they make the next pause longer. */
  #crashesInRow = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  get state(): CoreState {
    return this.#state;
  }

  /** What the core said when it could not run, where it did. */
  get refusal(): CommandFailure | undefined {
    return this.#refusal;
  }

  /**
   * Starts the core; also at once where it waits for its next start, and again where it is stopped. A
   * core that runs in this mode already goes on; one in the other mode is ended in order first.
   */
  start(safeMode: boolean): void {
    this.#wantedSafeMode = safeMode;
    this.#crashesAtMs = [];
    this.#crashesInRow = 0;
    clearTimeout(this.#restart);
    if (this.#running === undefined) this.#spawn('starting', safeMode);
    else if (this.#running.safeMode !== safeMode) this.#end(this.#running);
  }

  /** Asks the core to end, and ends it after five seconds. Resolves when its process is gone. */
  stop(): Promise<void> {
    this.#wantedSafeMode = undefined;
    clearTimeout(this.#restart);
    const running = this.#running;
    if (running === undefined) return Promise.resolve();
    this.#end(running);
    return new Promise((resolve) => this.#ended.push(resolve));
  }

  /** Passes a message on to the core; without a running one it is dropped. */
  send(message: HostToCore, sent?: () => void): void {
    if (this.#state.state === 'running' && this.#running !== undefined)
      this.#running.core.send(message, sent);
    else sent?.();
  }

  /** Answers a question of the core, which asks while it starts too; without a core it is dropped. */
  answer(message: HostToCore): void {
    if (this.#running?.ending === undefined) this.#running?.core.send(message);
  }

  #spawn(state: 'starting' | 'restarting', safeMode: boolean): void {
    this.#refusal = undefined;
    const core = this.#options.spawnCore();
    const running: Running = {
      core,
      safeMode,
      heartbeat: undefined,
      unanswered: 0,
      ending: undefined,
    };
    this.#running = running;
    core.onMessage((message) => this.#receive(running, message));
    core.onExit((exit) => this.#exited(running, exit));
    core.send({ kind: 'start', start: this.#options.coreStart(safeMode) });
    running.heartbeat = setInterval(() => beat(running), heartbeatMs);
    this.#publish({ state, message: safeMode ? 'The core starts in safe mode.' : 'The core starts.' });
  }

  #end(running: Running): void {
    if (running.ending !== undefined) return;
    running.core.send({ kind: 'stop' });
    running.ending = setTimeout(() => running.core.kill(), stopGraceMs);
  }

  #receive(running: Running, message: CoreToHost): void {
    if (running !== this.#running) return;
    running.unanswered = 0;
    switch (message.kind) {
      case 'pong':
        return;
      case 'ready':
        return this.#publish({
          state: 'running',
          message: running.safeMode ? 'The core runs in safe mode: nothing is polled.' : '',
        });
      case 'refuse':
        this.#refusal = message.failure;
        this.#wantedSafeMode = undefined;
        return this.#end(running);
      default:
        return this.#options.onMessage(message);
    }
  }

  #exited(running: Running, exit: CoreExit): void {
    if (running !== this.#running) return;
    this.#running = undefined;
    clearInterval(running.heartbeat);
    if (running.ending === undefined) return this.#crashed(running, exit);
    clearTimeout(running.ending);
    if (this.#wantedSafeMode === undefined) {
      this.#publish({ state: 'stopped', message: stopMessage(this.#refusal) });
    } else this.#spawn('starting', this.#wantedSafeMode);
    for (const resolve of this.#ended.splice(0)) resolve();
  }

  #crashed(running: Running, exit: CoreExit): void {
    const nowMs = Date.now();
    const what = running.unanswered >= heartbeatsUntilHung ? hungMessage : exitMessage(exit);
    this.#crashesInRow =
      nowMs - (this.#crashesAtMs.at(-1) ?? -Infinity) > minuteMs ? 1 : this.#crashesInRow + 1;
    this.#crashesAtMs = [...this.#recentCrashes(nowMs), nowMs];
    if (this.#crashesAtMs.length >= crashesUntilSafeMode) {
      this.#wantedSafeMode = undefined;
      const message = `${what} It crashed ${this.#crashesAtMs.length} times within a minute.`;
      return this.#publish({ state: 'stopped', safeModeOffered: true, message });
    }
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (this.#crashesInRow - 1));
    this.#restart = setTimeout(() => this.#spawn('restarting', running.safeMode), pauseMs);
    this.#publish({ state: 'restarting', nextStartAtMs: nowMs + pauseMs, message: what });
  }

  #recentCrashes(nowMs: number): readonly number[] {
    return this.#crashesAtMs.filter((atMs) => nowMs - atMs < minuteMs);
  }

  #publish(change: Pick<CoreState, 'state' | 'message'> & Partial<CoreState>): void {
    const crashes = this.#recentCrashes(Date.now()).length;
    this.#state = { ...coreState(change.state, change.message), crashes, ...change };
    this.#options.onState(this.#state);
  }
}

function beat(running: Running): void {
  if (running.unanswered >= heartbeatsUntilHung) return running.core.kill();
  running.unanswered++;
  running.core.send({ kind: 'ping' });
}

const hungMessage = 'The core did not answer for ten seconds and was ended.';

function exitMessage(exit: CoreExit): string {
  return exit.signal === null
    ? `The core ended by itself with code ${exit.code ?? 'none'}.`
    : `The core was ended by ${exit.signal}.`;
}

function stopMessage(refusal: CommandFailure | undefined): string {
  return refusal === undefined ? 'The core was stopped.' : `${refusal.message} ${refusal.nextStep}`;
}

function coreState(state: CoreState['state'], message: string): CoreState {
  return { kind: 'core-state', state, crashes: 0, nextStartAtMs: null, safeModeOffered: false, message };
}
