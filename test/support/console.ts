import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { inProject, projectRoot } from '../../scripts/project.ts';
import type { Cleanup } from './cleanup.ts';
import { eventually } from './eventually.ts';

/**
 * The console as a person starts it: `npm start -- --browser --data DIR --config FILE`, in a process of
 * its own, to be looked at through its address and its command line, and to be killed.
 */

export interface ConsoleOptions {
  readonly dataDirectory: string;
  readonly configurationPath: string;
  readonly env?: Readonly<Record<string, string>>;
}

export class ConsoleUnderTest {
  /** What a person opens, with what lets them in. */
  readonly address: string;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.address = address;
  }

  /** Ends it in order, as Ctrl-C does. Answers the exit code. */
  stop(): Promise<number | null> {
    return this.#end(() => this.#child.kill('SIGINT'));
  }

  /** Ends all of its processes at once, as a power cut does. */
  killEverything(): Promise<number | null> {
    return this.#end(() => killGroup(this.#child));
  }

  /** The process id of its core, once it has one; a restarted core has another. */
  corePid(): Promise<number> {
    const { pid = 0 } = this.#child;
    return eventually('the console has a core', () => findCore(pid));
  }

  /** Ends the core alone, at once. Answers the id that it had. */
  async killCore(): Promise<number> {
    const pid = await this.corePid();
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  #end(send: () => void): Promise<number | null> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
    return new Promise((resolve) => {
      child.once('exit', (code) => {
        // What the host could not end any more must not outlive the test.
        killGroup(child);
        resolve(code);
      });
      send();
    });
  }
}

/** Resolves when the console has printed its address. */
export async function startConsole(options: ConsoleOptions, cleanup: Cleanup): Promise<ConsoleUnderTest> {
  const { dataDirectory, configurationPath, env } = options;
  const args = ['--browser', '--port', '0', '--data', dataDirectory, '--config', configurationPath];
  const child = spawn(process.execPath, [inProject('scripts/run.mjs'), 'start', ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that everything it started can be killed together.
    detached: true,
  });
  cleanup.add(() => killGroup(child));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-100_000);
    });
  const address = await eventually('the console prints its address', () => {
    if (child.exitCode !== null) throw new Error(`the console ended with ${child.exitCode}:\n${output}`);
    return /^http:\/\/127\.0\.0\.1:\d+\/\S*$/m.exec(output)?.[0];
  });
  return new ConsoleUnderTest(child, address);
}

function killGroup(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}

/** Reads Linux' process table: the host's child that runs the core. */
function findCore(hostPid: number): number | undefined {
  return readdirSync('/proc')
    .map(Number)
    .find((pid) => pid > 0 && isCoreOf(hostPid, pid));
}

function isCoreOf(hostPid: number, pid: number): boolean {
  try {
    const parent = /\) \w (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return (
      Number(parent) === hostPid && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/core-process.ts')
    );
  } catch {
    // It ended between being listed and being read.
    return false;
  }
}
