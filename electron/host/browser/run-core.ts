import { logError } from '#core/log.ts';
import type { HostToCore } from '../core-messages.ts';
import type { CoreStart, HostPort } from '../port.ts';
import { ProcessPort } from './process-port.ts';

/**
 * Runs a core in this process for the browser host at the other end of the process's channel: waits for
 * `start`, ends on `stop` or when the host is gone, and turns a bug into one log entry and an exit that
 * the supervisor counts as a crash.
 */

/** After being asked to end, a core may take so long; the host ends it by force a second later. */
const endGraceMs = 4_000;

export function runCore(startCore: (port: HostPort, start: CoreStart) => Promise<void>): void {
  process.on('uncaughtException', endWithBug);
  // A terminal sends these to every process of the group: the host decides when the core ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  const port = new ProcessPort((message) => {
    // Without the callback a host that has just gone would be an uncaught error.
    if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
  });
  const stop = once(() => {
    port.receive({ kind: 'stop' });
    // Nothing of the host is awaited any more: the process ends when the core has let go of everything.
    if (process.connected) process.disconnect();
    setTimeout(() => process.exit(0), endGraceMs).unref();
  });
  process.on('disconnect', stop);
  process.on('message', (received) => {
    const message = received as HostToCore;
    if (message.kind === 'stop') return stop();
    if (message.kind === 'start') startCore(port, message.start).catch(endWithBug);
    port.receive(message);
  });
}

function endWithBug(error: unknown): void {
  logError('core.crashed', {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  });
  process.exit(1);
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    action();
  };
}
