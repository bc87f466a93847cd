import { spawn, type ChildProcess } from 'node:child_process';
import * as v from 'valibot';
import { failed, success, type Result } from '#shared/result.ts';
import type { DemoFleetAddress } from '../port.ts';
import { demoEnvironment } from './environment.ts';

/**
 * Keeps the demo fleet running as a process of its own while there is no configuration. It says where it
 * serves in its first line; one that dies is started again at the same ports, so that the core, which was
 * told once, finds it again. It ends when its standard input closes, also where this host was killed.
 */

export interface DemoFleet {
  readonly address: DemoFleetAddress;
  /** Ends the fleet. Resolves when its process is gone. */
  readonly close: () => Promise<void>;
}

const startMs = 10_000;
const restartPauseMs = 1_000;
const endGraceMs = 1_000;
const maxLineCharacters = 10_000;
const loopbackUrl = v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/?$/u));
const folder = v.pipe(v.string(), v.maxLength(4_096));
const addressSchema = v.object({
  prometheus: loopbackUrl,
  alertmanager: loopbackUrl,
  loki: loopbackUrl,
  jaeger: loopbackUrl,
  rulesFolder: folder,
  runbooksFolder: folder,
});

/**
 * @param entry path of the fleet's entry module.
 * @returns the running fleet, or why it did not start.
 */
export async function startDemoFleet(entry: string): Promise<Result<DemoFleet, string>> {
  const first = spawnFleet(entry, []);
  const address = await readAddress(first);
  if (address === undefined) {
    first.kill('SIGKILL');
    return failed('the demo fleet did not start');
  }
  const ports = [
    ['--prometheus-port', new URL(address.prometheus).port],
    ['--alertmanager-port', new URL(address.alertmanager).port],
    ['--loki-port', new URL(address.loki).port],
    ['--jaeger-port', new URL(address.jaeger).port],
  ].flat();
  let current = first;
  let restart: NodeJS.Timeout | undefined;
  let closing = false;
  const keep = (child: ChildProcess): void => {
    current = child;
    // A process that could not be started emits only 'error'; 'close' follows both.
    child.on('error', () => undefined);
    child.stdout?.resume();
    child.on('close', () => {
      if (!closing) restart = setTimeout(() => keep(spawnFleet(entry, ports)), restartPauseMs);
    });
  };
  keep(first);
  return success({
    address,
    close() {
      closing = true;
      clearTimeout(restart);
      return endFleet(current);
    },
  });
}

function spawnFleet(entry: string, ports: readonly string[]): ChildProcess {
  return spawn(process.execPath, [entry, ...ports], {
    stdio: ['pipe', 'pipe', 2],
    env: demoEnvironment(process.env),
  });
}

function readAddress(child: ChildProcess): Promise<DemoFleetAddress | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const end = (address: DemoFleetAddress | undefined): void => {
      clearTimeout(late);
      child.stdout?.removeAllListeners('data');
      resolve(address);
    };
    const late = setTimeout(() => end(undefined), startMs);
    child.once('error', () => end(undefined));
    child.once('close', () => end(undefined));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) end(parseAddress(text.split('\n', 1)[0] ?? ''));
      else if (text.length > maxLineCharacters) end(undefined);
    });
  });
}

function parseAddress(line: string): DemoFleetAddress | undefined {
  try {
    const parsed = v.safeParse(addressSchema, JSON.parse(line));
    return parsed.success ? parsed.output : undefined;
  } catch {
    // Not JSON: the caller says that the fleet did not start.
    return undefined;
  }
}

function endFleet(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), endGraceMs);
    child.once('close', () => {
      clearTimeout(force);
      resolve();
    });
    child.stdin?.destroy();
  });
}
