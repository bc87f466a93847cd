import { join } from 'node:path';
import { failed, success, type Result } from '#shared/result.ts';
import { NotificationRelay } from '../notifications.ts';
import type { CoreStart } from '../port.ts';
import { Supervisor, type CoreState } from '../supervisor.ts';
import { readWindowFiles } from '../window-files.ts';
import { forkCore } from './core-child.ts';
import { LinkDoor } from './link-door.ts';
import { startLoopbackServer } from './loopback-server.ts';
import { readOpeningFiles } from './opening-files.ts';
import { Sessions } from './sessions.ts';
import { WindowRelay } from './window-relay.ts';

/**
 * The browser host: serves the built window to a browser on this machine and joins it with a core in a
 * process of its own. It composes the parts of this folder and of the supervisor; who owns the data
 * folder, where configuration is, and what is printed is `serve.ts`'s business.
 */

export interface BrowserHostOptions {
  readonly coreStart: Omit<CoreStart, 'safeMode'>;
  /** The renderer's build. */
  readonly windowDirectory: string;
  /** The one port to use, or undefined for the default or the next free one. */
  readonly port: number | undefined;
  /** The core's entry module; another one only in tests. */
  readonly coreEntry?: string;
  /** Called with every change of the core's state. */
  readonly onCoreState?: (state: CoreState) => void;
}

export interface BrowserHost {
  /** Where a browser opens the console, with the launch token in its fragment. */
  readonly address: string;
  readonly supervisor: Supervisor;
  /** Ends links, core and server, in this order. */
  readonly close: () => Promise<void>;
}

const coreEntry = join(import.meta.dirname, 'core-process.ts');

/** @returns the running host, its core starting, or why it could not start. */
export async function startBrowserHost(options: BrowserHostOptions): Promise<Result<BrowserHost, string>> {
  const files = await readWindowFiles(options.windowDirectory);
  if (!files.ok) return files;

  const notifications = new NotificationRelay({
    confirm: (id, outcome, atMs) => supervisor.send({ kind: 'notification-outcome', id, outcome, atMs }),
  });
  const windows = new WindowRelay({
    sendToCore: (message, sent) => supervisor.send(message, sent),
    answerCore: (message) => supervisor.answer(message),
    startCore: (safeMode) => supervisor.start(safeMode),
    coreState: () => supervisor.state,
    notifications,
  });
  const supervisor = new Supervisor({
    spawnCore: () => forkCore(options.coreEntry ?? coreEntry),
    coreStart: (safeMode) => ({ ...options.coreStart, safeMode }),
    onState: (state) => {
      windows.coreStateChanged(state);
      options.onCoreState?.(state);
    },
    onMessage: (message) => windows.coreSaid(message),
  });

  const sessions = new Sessions();
  const links = new LinkDoor(windows);
  const openingFiles = await readOpeningFiles();
  const server = await startLoopbackServer({
    port: options.port,
    sessions,
    links,
    files: files.value,
    openingFiles,
  });
  if (!server.ok) return failed(server.failure);
  supervisor.start(false);
  return success({
    address: `http://127.0.0.1:${server.value.port}/#token=${sessions.launchToken}`,
    supervisor,
    async close() {
      notifications.close();
      await Promise.all([server.value.close(), supervisor.stop()]);
    },
  });
}
