import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inProject } from '../../scripts/project.ts';
import type { Cleanup } from './cleanup.ts';

/** The demo fleet in a process of its own, to be connected like any servers and to be killed. */
export interface DemoProcess {
  readonly prometheus: string;
  readonly alertmanager: string;
  readonly loki: string;
  readonly jaeger: string;
  readonly runbooksFolder: string;
  /** All four servers are gone at once. */
  kill(): Promise<void>;
}

/**
 * @param sinceEpochMs how long ago its schedule of faults began: seed 5 has its pool exhausted, errors and
 * all, from 10 to 15 minutes after it.
 */
export async function startDemoProcess(sinceEpochMs: number, cleanup: Cleanup): Promise<DemoProcess> {
  const epoch = String(Date.now() - sinceEpochMs);
  const entry = inProject('electron/demo/main.ts');
  const child = spawn(process.execPath, [entry, '--seed', '5', '--epoch', epoch]);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  cleanup.add(kill);
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { ...(JSON.parse(chunk.toString()) as Omit<DemoProcess, 'kill'>), kill };
}
