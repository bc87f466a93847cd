import { fork, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright';
import { inProject } from '../../../scripts/project.ts';
import type { Cleanup } from '../../support/cleanup.ts';
import { eventually } from '../../support/eventually.ts';
import type { ControlAnswer, ControlName, Controls } from './controls.ts';
import type { StandInSettings } from './settings.ts';

/** Starts a main process on the stand-in and speaks with it: the test's end. */

export interface StandInOptions {
  /** The main script. */
  readonly entry: string;
  readonly args?: readonly string[];
  /** Added to PATH and what Node needs; nothing else of the test's environment is seen. */
  readonly env?: Readonly<Record<string, string>>;
  readonly settings: Partial<StandInSettings> & { readonly root: string };
}

const register = fileURLToPath(new URL('register.ts', import.meta.url));
const inherited = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'OPSSIGHT_CHROMIUM'];

export class StandIn {
  readonly pid: number;
  /** Resolves with the exit code, or the signal, of the main process. */
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  readonly #asked = new Map<number, (answer: ControlAnswer) => void>();
  #output = '';
  #next = 1;
  #browser: Promise<Browser> | undefined;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.pid = child.pid ?? 0;
    for (const stream of [child.stdout, child.stderr])
      stream?.on(
        'data',
        (chunk: Buffer) => (this.#output = (this.#output + chunk.toString()).slice(-50_000)),
      );
    this.ended = new Promise((resolve) =>
      child.once('exit', (code, signal) => resolve(String(signal ?? code))),
    );
    child.on('message', (message) => {
      const answer = message as ControlAnswer;
      this.#asked.get(answer.id)?.(answer);
      this.#asked.delete(answer.id);
    });
    void this.ended.then((how) => {
      const lost = `the main process ended with ${how}: ${this.#output}`;
      for (const [id, hear] of this.#asked) hear({ id, ok: false, value: lost });
      this.#asked.clear();
    });
  }

  get output(): string {
    return this.#output;
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  ask<Name extends ControlName>(
    name: Name,
    ...args: Parameters<Controls[Name]>
  ): Promise<Awaited<ReturnType<Controls[Name]>>> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) return reject(new Error(`the main process is gone: ${this.#output}`));
      this.#asked.set(id, ({ ok, value }) => {
        if (ok) resolve(value as Awaited<ReturnType<Controls[Name]>>);
        else reject(new Error(`${name}: ${String(value)}`));
      });
      this.#child.send({ id, name, args }, (error) => (error === null ? undefined : reject(error)));
    });
  }

  /** The page of a window, for Playwright; after a crash it is another one. */
  async page(windowId?: number): Promise<Page> {
    return eventually('the window has a page', async () => {
      const windows = await this.ask('windows');
      const window = windows.find(({ id }) => windowId === undefined || id === windowId);
      if (window === undefined || window.url === '') return undefined;
      const marker = await this.ask('pageMarker', window.id);
      this.#browser ??= this.ask('debuggingAddress').then((address) => chromium.connectOverCDP(address));
      const pages = (await this.#browser).contexts().flatMap((context) => context.pages());
      for (const page of pages) if ((await targetOf(page)) === marker) return page;
      return undefined;
    });
  }

  /** Asks it to end and waits. @returns how it ended. */
  async quit(): Promise<string> {
    if (!this.hasEnded) await this.ask('quit').catch(() => undefined);
    return this.ended;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  /** Ends it whatever its state. */
  async dispose(): Promise<void> {
    await (await this.#browser?.catch(() => undefined))?.close().catch(() => undefined);
    if (this.hasEnded) return;
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.ended;
    clearTimeout(timer);
  }
}

async function targetOf(page: Page): Promise<string | undefined> {
  try {
    const session = await page.context().newCDPSession(page);
    const { targetInfo } = await session.send('Target.getTargetInfo');
    await session.detach();
    return targetInfo.targetId;
  } catch {
    return undefined;
  }
}

export function startStandIn(options: StandInOptions, cleanup: Cleanup): StandIn {
  const { root } = options.settings;
  const home = join(root, 'home');
  mkdirSync(home, { recursive: true });
  const passed = inherited.flatMap((name) =>
    process.env[name] === undefined ? [] : [[name, process.env[name]]],
  );
  const child = fork(options.entry, [...(options.args ?? [])], {
    cwd: inProject('.'),
    execArgv: ['--import', register],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...Object.fromEntries(passed),
      HOME: home,
      // Compiled code only: it is the same for every test.
      XDG_CACHE_HOME: join(tmpdir(), 'opssight-test-cache'),
      ...options.env,
      ELECTRON_STAND_IN: JSON.stringify(options.settings),
    },
  });
  const standIn = new StandIn(child);
  cleanup.add(() => standIn.dispose());
  return standIn;
}
