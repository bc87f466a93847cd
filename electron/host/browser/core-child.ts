import { fork } from 'node:child_process';
import type { CoreExit, CoreProcess, CoreToHost } from '../core-messages.ts';
import { coreEnvironment } from '../environment.ts';

/**
 * Runs the core as a Node process of its own for the browser host. Messages are structured clones; the
 * process ends when the host's end of the channel goes away, so a killed host leaves no core behind.
 * @param entry path of the core's entry module.
 */
export function forkCore(entry: string): CoreProcess {
  const child = fork(entry, [], {
    serialization: 'advanced',
    execArgv: [],
    env: coreEnvironment(process.env),
    // Standard output is the host's own: it prints the address and nothing else. The log goes to stderr.
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  return {
    send(message, sent) {
      if (child.connected) child.send(message, () => sent?.());
      else sent?.();
    },
    onMessage(listener) {
      child.on('message', (message) => listener(message as CoreToHost));
    },
    onExit(listener) {
      let ended = false;
      const end = (exit: CoreExit): void => {
        if (!ended) listener(exit);
        ended = true;
      };
      child.on('exit', (code, signal) => end({ code, signal }));
      // A process that never started emits no 'exit'.
      child.on('error', () => {
        if (child.pid === undefined) end({ code: null, signal: null });
      });
    },
    kill() {
      child.kill('SIGKILL');
    },
  };
}
