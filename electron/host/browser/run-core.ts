import type { HostToCore } from '../core-messages.ts';
import { runCoreOver, type StartCore } from '../core-runner.ts';
import { ProcessPort } from './process-port.ts';

/** Runs a core in this process for the browser host at the other end of the process's channel. */
export function runCore(startCore: StartCore): void {
  const port = new ProcessPort((message) => {
    // Without the callback a host that has just gone would be an uncaught error.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  });
  runCoreOver(
    {
      port,
      onMessage: (listener) => void process.on('message', (message) => listener(message as HostToCore)),
      onGone: (listener) => void process.on('disconnect', listener),
      leave: () => {
        if (process.connected) process.disconnect();
      },
      // Without its channel the process ends when the core has let go of everything.
      ended: () => undefined,
    },
    startCore,
  );
}
