import { logError } from '#core/log.ts';
import type { HostToCore } from './core-messages.ts';
import type { CorePort } from './core-port.ts';
import type { CoreStart, HostPort } from './port.ts';

/**
 * Runs a core in this process for the host at the other end: waits for `start`, ends on `stop` or when the
 * host is gone, and turns a bug into one log entry and an exit that the supervisor counts as a crash.
 */

export type StartCore = (port: HostPort, start: CoreStart) => Promise<void>;

/** The host as the core's process reaches it. */
export interface HostChannel {
  readonly port: CorePort;
  onMessage(listener: (message: HostToCore) => void): void;
  onGone(listener: () => void): void;
  /** Nothing of the host is awaited any more: the core ends. */
  leave(): void;
  /** The core has ended; where the process does not end by itself, it ends here. */
  ended(): void;
}

/** After being asked to end, a core may take so long; the host ends it by force a second later. */
const endGraceMs = 4_000;

export function runCoreOver(channel: HostChannel, startCore: StartCore): void {
  process.on('uncaughtException', endWithBug);
  // A terminal sends these to every process of the group: the host decides when the core ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
  const stop = once(() => {
    channel.port.stop().then(() => channel.ended(), endWithBug);
    channel.leave();
    setTimeout(() => process.exit(0), endGraceMs).unref();
  });
  channel.onGone(stop);
  channel.onMessage((message) => {
    if (message.kind === 'stop') return stop();
    if (message.kind === 'start') startCore(channel.port, message.start).catch(endWithBug);
    channel.port.receive(message);
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
