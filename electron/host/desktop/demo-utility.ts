import type { FleetProcess } from '../demo-fleet.ts';
import { demoEnvironment } from '../environment.ts';
import { killNow, withoutGaps, type Fork } from './core-utility.ts';

/**
 * Runs the demo fleet in a utility process. It says where it serves in its first message.
 * @param entry path of `demo-entry`.
 */
export function forkFleet(fork: Fork, entry: string, args: readonly string[]): FleetProcess {
  const child = fork(entry, [...args], {
    env: withoutGaps(demoEnvironment(process.env)),
    execArgv: [],
    stdio: 'inherit',
    serviceName: 'OpsSight demo fleet',
  });
  let alive = true;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      alive = false;
      resolve();
    });
  });
  const said = new Promise<unknown>((resolve) => void child.once('message', resolve));
  return {
    said: Promise.race([said, ended]),
    ended,
    askToEnd: () => {
      if (alive) child.postMessage('end');
    },
    kill: () => {
      if (alive) killNow(child);
    },
  };
}
