import { fork, type ChildProcess } from 'node:child_process';
import { serialize } from 'node:v8';
import { coreEnvironment } from '#host/environment.ts';
import type { CoreToHost, HostToCore } from '#host/core-messages.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { ContractClient } from '#support/contract-client.ts';
import { decodeWire, encodeWire } from '#shared/wire.ts';
import { inProject } from '../../scripts/project.ts';
import type { CanaryWorld } from './canary-world.ts';

/** A core of its own process of which everything that it says is kept, with a keychain behind its host. */
export class WatchedCore {
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  readonly #links = new Map<number, (message: unknown) => void>();
  readonly #messages: Buffer[] = [];
  readonly #printed: Buffer[] = [];

  constructor(world: CanaryWorld, dataDirectory: string, cleanup: Cleanup) {
    const child = fork(inProject('electron/host/browser/core-process.ts'), [], {
      serialization: 'advanced',
      execArgv: ['--import', crashOnDemand],
      env: { ...coreEnvironment(process.env), ...world.environment },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    cleanup.add(() => child.kill('SIGKILL'));
    child.on('error', () => undefined);
    this.#child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => this.#printed.push(chunk));
    this.ended = new Promise((resolve) => child.once('close', () => resolve()));
    this.ready = new Promise((resolve) => {
      child.on('message', (received) => {
        const message = received as CoreToHost;
        this.#messages.push(serialize(message));
        if (message.kind === 'ready') resolve();
        if (message.kind === 'link-frame') {
          const wire = decodeWire(message.frame);
          // Columns are bytes within the frame; its texts are kept as they are.
          this.#messages.push(Buffer.from(message.frame));
          if (wire !== undefined) this.#links.get(message.link)?.(wire.message);
        }
        this.#answer(message, world.kept);
      });
    });
    const start = {
      dataDirectory,
      configurationPath: world.configurationPath,
      demo: null,
      safeMode: false,
      discovery: [],
    };
    this.#send({ kind: 'start', start });
  }

  connect(): ContractClient {
    const client = new ContractClient({
      send: (message) => this.#send({ kind: 'link-frame', link: 1, frame: encodeWire('core', message) }),
      onMessage: (listener) => this.#links.set(1, listener),
      onClose: () => undefined,
      close: () => undefined,
    });
    this.#send({ kind: 'link-opened', link: 1 });
    return client;
  }

  /** Everything it sent to its host, its windows' frames among it. */
  get said(): Buffer {
    return Buffer.concat(this.#messages);
  }

  /** Its log, and whatever else it printed. */
  get printed(): Buffer {
    return Buffer.concat(this.#printed);
  }

  /** Throws where nobody catches, while requests are under way. */
  async crash(): Promise<void> {
    this.#child.kill('SIGUSR2');
    await this.ended;
  }

  #answer(message: CoreToHost, kept: ReadonlyMap<string, string>): void {
    if (message.kind === 'proxy-wanted') this.#send({ kind: 'proxy', id: message.id, proxy: null });
    if (message.kind !== 'secret-wanted') return;
    this.#send({
      kind: 'secret-value',
      id: message.id,
      value: kept.get(message.name) ?? null,
      refusal: { message: 'is not in the keychain of this machine', accepted: '' },
    });
  }

  #send(message: HostToCore): void {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

const crashOnDemand = `data:text/javascript,${encodeURIComponent(
  `process.on('SIGUSR2', () => setImmediate(() => { throw new Error('planted c4n4ry99aaaaaaaaaaaa'); }));`,
)}`;
