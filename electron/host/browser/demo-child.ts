import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { FleetProcess } from '../demo-fleet.ts';
import { demoEnvironment } from '../environment.ts';

/**
 * Runs the demo fleet as a Node process for the browser host. It says where it serves in its first line,
 * and ends when its standard input closes, also where this host was killed.
 * @param entry path of the fleet's entry module.
 */
export function spawnFleet(entry: string, args: readonly string[]): FleetProcess {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: demoEnvironment(process.env),
  });
  const ended = new Promise<void>((resolve) => {
    // A process that could not be started emits only 'error'; 'close' follows both.
    child.on('error', () => undefined);
    child.on('close', () => resolve());
  });
  return {
    said: Promise.race([firstLine(child.stdout), ended]),
    ended,
    askToEnd: () => void child.stdin.destroy(),
    kill: () => void child.kill('SIGKILL'),
  };
}

const maxLineCharacters = 10_000;

/** @returns the first line as data; undefined where it is none. What comes after it is read and dropped. */
function firstLine(output: Readable): Promise<unknown> {
  return new Promise((resolve) => {
    let text = '';
    const collect = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      if (!text.includes('\n') && text.length <= maxLineCharacters) return;
      output.off('data', collect).resume();
      resolve(parseLine(text.split('\n', 1)[0] ?? ''));
    };
    output.on('data', collect);
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not data: the caller says that the fleet did not start.
    return undefined;
  }
}
