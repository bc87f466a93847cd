import { fork, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { standInApp } from './app.ts';
import { lifecycle } from './lifecycle.ts';
import { PortCarrier } from './port-ends.ts';
import { takeEnds } from './ports.ts';
import { settings } from './settings.ts';
import { modelled, preventable, refuseUnknownOptions, StandInEmitter, Unmodelled } from './unmodelled.ts';
import type { FromUtility, ToUtility } from './utility-messages.ts';

/** `utilityProcess`: a Node process with `process.parentPort`, and ports that reach into it. */

const shim = new URL('utility-shim.ts', import.meta.url).href;
const options = ['env', 'execArgv', 'cwd', 'stdio', 'serviceName', 'allowLoadingUnsignedLibraries'];

interface Running {
  readonly pid: number;
  readonly serviceName: string;
  readonly entry: string;
  readonly child: ChildProcess;
}
const running = new Set<Running>();

/** What runs now, and what may be ended behind the application's back. */
export const utilityProcesses = {
  list: () => [...running].map(({ pid, serviceName, entry }) => ({ pid, serviceName, entry })),
};

class StandInUtilityProcess
  extends StandInEmitter
  implements Pick<Electron.UtilityProcess, 'postMessage' | 'kill' | 'pid' | 'stdout' | 'stderr'>
{
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
  readonly #child: ChildProcess;
  readonly #carrier: PortCarrier;
  #pid: number | undefined;
  #wasKilled = false;

  constructor(entry: string, args: readonly string[], given: Electron.ForkOptions) {
    super('UtilityProcess', ['spawn', 'exit', 'message', 'error']);
    const { execArgv = [], cwd, stdio = 'inherit', serviceName = 'Node Utility Process' } = given;
    const env = { ...(given.env ?? process.env) } as NodeJS.ProcessEnv;
    // A path of the pretended Windows would be the name of a folder here.
    if (settings.platform === 'win32') delete env['NODE_COMPILE_CACHE'];
    if (stdio !== 'inherit' && stdio !== 'pipe' && stdio !== 'ignore')
      throw new Unmodelled('this stdio of utilityProcess.fork');
    this.#child = fork(entry, [...args], {
      env,
      ...(cwd === undefined ? {} : { cwd }),
      execArgv: ['--import', shim, ...execArgv],
      serialization: 'advanced',
      stdio: ['ignore', stdio, stdio, 'ipc'],
    });
    this.stdout = this.#child.stdout;
    this.stderr = this.#child.stderr;
    this.#carrier = new PortCarrier('m', (packet) => this.#send({ kind: 'port', packet }));
    this.#watch(entry, serviceName);
  }

  /** Undefined before the process has spawned and after it has ended, as in Electron. */
  get pid(): number | undefined {
    return this.#pid;
  }

  postMessage(message: unknown, transfer: Electron.MessagePortMain[] = []): void {
    const data: unknown = structuredClone(message);
    const ports = takeEnds(transfer).map((end) => this.#carrier.moveOut(end));
    this.#send({ kind: 'mail', data, ports });
  }

  /** Asks it to end (SIGTERM). */
  kill(): boolean {
    if (this.#pid === undefined) return false;
    this.#wasKilled = true;
    return this.#child.kill();
  }

  #send(message: ToUtility): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #watch(entry: string, serviceName: string): void {
    const child = this.#child;
    let known: Running | undefined;
    child.once('spawn', () => {
      this.#pid = child.pid;
      known = { pid: child.pid ?? 0, serviceName, entry, child };
      running.add(known);
      this.emit('spawn');
    });
    child.once('error', (error) => this.emit('error', 'FatalError', entry, error.message));
    child.on('message', (received) => {
      const message = received as FromUtility;
      if (message.kind === 'port') return this.#carrier.receive(message.packet);
      if (message.ports.length > 0) throw new Unmodelled('a port that a utility process sends to its parent');
      this.emit('message', message.data);
    });
    child.once('exit', (code, signal) => {
      if (known !== undefined) running.delete(known);
      this.#pid = undefined;
      this.#carrier.close();
      const exitCode = code ?? 1;
      this.emit('exit', exitCode);
      if (exitCode === 0) return;
      const reason =
        signal === null ? 'abnormal-exit' : this.#wasKilled || signal === 'SIGKILL' ? 'killed' : 'crashed';
      const details = {
        type: 'Utility',
        reason,
        exitCode,
        serviceName,
        name: serviceName,
      } satisfies Electron.Details;
      standInApp.emit('child-process-gone', preventable({}), details);
    });
    // Electron's utility processes do not outlive it.
    lifecycle.beforeEnd(() => void child.kill('SIGKILL'));
  }
}

export const utilityProcess = modelled('utilityProcess', {
  fork(modulePath: string, args: string[] = [], given: Electron.ForkOptions = {}): Electron.UtilityProcess {
    lifecycle.requireReady('utilityProcess cannot be created before app is ready.');
    refuseUnknownOptions('utilityProcess.fork', given, options);
    const path = modulePath.startsWith('file:') ? fileURLToPath(modulePath) : modulePath;
    const made = new StandInUtilityProcess(path, args, given);
    return modelled('UtilityProcess', made) as unknown as Electron.UtilityProcess;
  },
}) satisfies Pick<typeof Electron.utilityProcess, 'fork'>;
