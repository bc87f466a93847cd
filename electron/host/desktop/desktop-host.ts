import { app, dialog, protocol } from 'electron';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { logError } from '#core/log.ts';
import { drop, failed, messageOf, success, type Result } from '#shared/result.ts';
import { consoleSchemes } from './app-protocol.ts';
import { Desktop, giveUp, logRefusal } from './desktop.ts';
import { confineContents } from './navigation.ts';
import { readDesktopOptions } from './options.ts';
import { desktopParts } from './parts-list.ts';

/**
 * The desktop host's start, in the order that Electron asks for: what must be said before it is ready is
 * said at once, without an `await` before it, and the rest waits. What the app then is, is `desktop.ts`.
 */
export function startDesktop(): void {
  const options = readDesktopOptions(process.argv, process.env, homedir());
  const folder = useFolder(options.userDataDirectory);
  if (!folder.ok) return giveUp(folder.failure);
  // First of all: a second start only tells the first one, and touches nothing.
  if (!app.requestSingleInstanceLock()) return app.exit(0);
  // SECURITY: every renderer in the sandbox, whatever a window's own preferences say.
  app.enableSandbox();
  protocol.registerSchemesAsPrivileged(consoleSchemes);

  const desktop = new Desktop(options, desktopParts);
  app.on('web-contents-created', (_event, contents) =>
    confineContents(contents, { openExternal: desktop.shell.openExternal, log: logRefusal }),
  );
  app.on('second-instance', (_event, argv) => desktop.startedAgain(argv));
  app.on('open-url', (event, url) => {
    event.preventDefault();
    desktop.startedAgain([url]);
  });
  app.on('activate', () => desktop.shell.window.show());
  app.on('window-all-closed', () => desktop.windowsClosed());
  app.on('before-quit', (event) => {
    event.preventDefault();
    drop(
      desktop.end().then(() => app.exit(0)),
      'the app ends with it',
    );
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());
  process.on('uncaughtException', (error) => {
    logError('desktop.crashed', { error: error.stack ?? error.message });
    // The core and the demo fleet end with this process; what they recorded is on the disk. A console that
    // watches no more must not just be gone.
    dialog.showErrorBox(
      'OpsSight has to end',
      'It met a fault of its own. Start it again to go on watching.',
    );
    app.exit(1);
  });
  drop(
    app.whenReady().then(() => desktop.run()),
    'what can fail in it is told to the person there',
  );
}

/** Made here: Electron takes only a folder that exists. Nobody else may look into it. */
function useFolder(path: string): Result<void, string> {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    app.setPath('userData', path);
    return success(undefined);
  } catch (error) {
    return failed(
      `The folder ${path} cannot be used: ${messageOf(error)}. Start it with --data and a folder that can be written to.`,
    );
  }
}
