import { spawn } from 'node:child_process';
import { projectRoot } from './project.ts';

/**
 * Runs a program with its output captured and an end to its time. Used by the test runner and by what
 * provides servers and browser. A program past its limit is killed with everything that it started.
 */

export interface CommandOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly limitMs: number;
}

export interface CommandOutcome {
  /** Null where the program did not start or was killed. */
  readonly exitCode: number | null;
  /** Both streams in the order of arrival, the last 4 MiB of them. */
  readonly output: string;
  readonly timedOut: boolean;
}

const outputLimit = 4 * 1024 * 1024;
const runningGroups = new Set<number>();

/** Never rejects: a program that does not start is an outcome without exit code. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandOutcome> {
  return new Promise((resolve) => {
    let output = '';
    let timedOut = false;
    const child = spawn(file, args, {
      cwd: options.cwd ?? projectRoot,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) addGroup(pid);
    const timer = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) killGroup(pid);
    }, options.limitMs);
    const append = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-outputLimit);
    };
    const settle = (exitCode: number | null): void => {
      clearTimeout(timer);
      // What it left behind in its group would go on loading the machine.
      if (pid !== undefined) killGroup(pid);
      resolve({ exitCode, output, timedOut });
    };
    child.stdout.on('data', append);
    child.stderr.on('data', append);
    child.on('error', (error) => {
      output += `${file}: ${error.message}\n`;
      settle(null);
    });
    child.on('close', settle);
  });
}

function addGroup(pid: number): void {
  if (runningGroups.size === 0) {
    process.on('exit', killGroups);
    for (const signal of endSignals) process.on(signal, endAtOnce);
  }
  runningGroups.add(pid);
}

function killGroup(pid: number): void {
  runningGroups.delete(pid);
  // From here on a signal is again what the rest of this process makes of it: an orderly end.
  if (runningGroups.size === 0) {
    process.off('exit', killGroups);
    for (const signal of endSignals) process.off(signal, endAtOnce);
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}

/** Children in groups of their own do not hear Ctrl-C: they end with this process. */
const endSignals = ['SIGINT', 'SIGTERM'] as const;

function killGroups(): void {
  runningGroups.forEach(killGroup);
}

function endAtOnce(): void {
  process.exit(130);
}
