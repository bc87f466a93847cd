import type { ForkOptions, MessagePortMain, UtilityProcess } from 'electron';
import type { CoreProcess, CoreToHost, HostToCore } from '../core-messages.ts';
import { coreEnvironment } from '../environment.ts';

/**
 * Runs the core in a utility process: Electron's own kind of Node process, which needs no `runAsNode` fuse
 * and ends when this process does.
 */
export interface UtilityCore extends CoreProcess {
  /** Gives the core one window's link; the port is the core's from here on. */
  handLink(link: number, port: MessagePortMain): void;
}

/** Electron's `utilityProcess.fork`, which tests replace. */
export type Fork = (entry: string, args: string[], options: ForkOptions) => UtilityProcess;

/** @param entry path of the core's entry module. */
export function forkUtilityCore(fork: Fork, entry: string): UtilityCore {
  const child = fork(entry, [], {
    env: withoutGaps(coreEnvironment(process.env)),
    execArgv: [],
    stdio: 'inherit',
    serviceName: 'OpsSight core',
  });
  let alive = true;
  child.once('exit', () => (alive = false));
  const post = (message: HostToCore, ports?: MessagePortMain[]): void => {
    if (alive) child.postMessage(message, ports);
    else for (const port of ports ?? []) port.close();
  };
  return {
    send(message, sent) {
      post(message);
      sent?.();
    },
    handLink: (link, port) => post({ kind: 'link-opened', link }, [port]),
    onMessage: (listener) => void child.on('message', (message) => listener(message as CoreToHost)),
    onExit: (listener) => void child.once('exit', (code) => listener({ code, signal: null })),
    kill: () => {
      if (alive) killNow(child);
    },
  };
}

/** `kill()` of a utility process asks on POSIX; one that hangs does not hear it. */
export function killNow(child: UtilityProcess): void {
  try {
    if (child.pid === undefined) child.kill();
    else process.kill(child.pid, 'SIGKILL');
  } catch {
    // Gone in the meantime: 'exit' is on its way.
  }
}

/** Electron's environments hold texts only. */
export function withoutGaps(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
