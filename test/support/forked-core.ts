import { coreEnvironment } from '#host/environment.ts';
import { fork, type ChildProcess } from 'node:child_process';
import type { CoreToHost, HostToCore } from '#host/core-messages.ts';
import type { CoreStart } from '#host/port.ts';
import type { HostNotification, NotificationOutcome } from '#shared/host-window.ts';
import type { Link } from '#shared/link.ts';
import { decodeWire, encodeWire } from '#shared/wire.ts';
import { inProject } from '../../scripts/project.ts';
import type { Cleanup } from './cleanup.ts';
import { ContractClient } from './contract-client.ts';

/**
 * A core in a process of its own with the test as its host: to be killed at any moment, and spoken to
 * like a window does.
 */
export interface ForkedCoreOptions {
  readonly dataDirectory: string;
  readonly configurationPath: string;
  readonly onNotify?: (notification: HostNotification) => void;
  /** A module that the process loads first, and its environment. */
  readonly preload?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class ForkedCore {
  readonly pid: number;
  /** Resolves when the core serves; rejects where it refuses or ends before. */
  readonly ready: Promise<void>;
  /** Resolves with the signal or code with which it ended. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #links = new Map<number, (message: unknown) => void>();
  #log = '';
  #nextLink = 1;

  constructor(child: ChildProcess, options: ForkedCoreOptions) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#log = (this.#log + chunk.toString()).slice(-20_000);
      });
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => resolve(String(signal ?? code))),
    );
    this.ready = new Promise((resolve, reject) => {
      child.on('message', (received) => {
        const message = received as CoreToHost;
        if (message.kind === 'ready') resolve();
        if (message.kind === 'refuse') reject(new Error(`the core refuses: ${message.failure.message}`));
        if (message.kind === 'notify') options.onNotify?.(message.notification);
        if (message.kind === 'link-frame') this.#receive(message.link, message.frame);
      });
      void this.ended.then((how) => reject(new Error(`the core ended with ${how}: ${this.#log}`)));
    });
    // Whoever waits for `ready` gets the rejection; a test that kills the core at once does not wait.
    this.ready.catch(() => undefined);
    this.#send({ kind: 'start', start: coreStart(options) });
  }

  /** A window's link to it, once it serves. */
  async connect(): Promise<ContractClient> {
    await this.ready;
    const id = this.#nextLink++;
    const link: Link = {
      send: (message) => this.#send({ kind: 'link-frame', link: id, frame: encodeWire('core', message) }),
      onMessage: (listener) => this.#links.set(id, listener),
      onClose: (listener) => void this.ended.then(listener),
      close: (reason) => this.#send({ kind: 'link-closed', link: id, reason }),
    };
    const client = new ContractClient(link);
    this.#send({ kind: 'link-opened', link: id });
    return client;
  }

  confirm(id: string, outcome: NotificationOutcome, atMs: number): void {
    this.#send({ kind: 'notification-outcome', id, outcome, atMs });
  }

  /** SIGKILL. Resolves when the process is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end in order. */
  async stop(): Promise<void> {
    this.#send({ kind: 'stop' });
    await this.ended;
  }

  #send(message: HostToCore): void {
    // A core that was just killed does not hear it; without the callback that would be an exception.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  #receive(link: number, frame: string | Uint8Array<ArrayBuffer>): void {
    const wire = decodeWire(frame);
    if (wire !== undefined) this.#links.get(link)?.(wire.message);
  }
}

export function forkCoreUnderTest(options: ForkedCoreOptions, cleanup: Cleanup): ForkedCore {
  const child = fork(inProject('electron/host/browser/core-process.ts'), [], {
    serialization: 'advanced',
    execArgv: options.preload === undefined ? [] : ['--import', options.preload],
    env: { ...coreEnvironment(process.env), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  child.on('error', () => undefined);
  cleanup.add(() => child.kill('SIGKILL'));
  return new ForkedCore(child, options);
}

function coreStart({ dataDirectory, configurationPath }: ForkedCoreOptions): CoreStart {
  return { dataDirectory, configurationPath, demo: null, safeMode: false, discovery: [] };
}
