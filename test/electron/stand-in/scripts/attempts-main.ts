import {
  app,
  BrowserWindow,
  dialog,
  globalShortcut,
  MessageChannelMain,
  nativeImage,
  Notification,
} from 'electron';
import { powerMonitor, protocol, safeStorage, screen, session, Tray, utilityProcess } from 'electron';
import { Worker } from 'node:worker_threads';

const registerScheme = () =>
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }]);

/** Tries what Electron refuses before and after ready, and keeps what came of each. */
const attempts = {
  'app.enableSandbox': () => app.enableSandbox(),
  'protocol.registerSchemesAsPrivileged': registerScheme,
  'the same again': registerScheme,
  'new BrowserWindow': () => new BrowserWindow({ show: false, webPreferences: { sandbox: true } }).destroy(),
  'new Tray': () => new Tray(nativeImage.createEmpty()).destroy(),
  screen: () => screen.getPrimaryDisplay(),
  'powerMonitor.on': () => powerMonitor.on('suspend', () => undefined),
  'utilityProcess.fork': () =>
    utilityProcess.fork(import.meta.filename.replace('attempts-main', 'idle')).kill(),
  'session.defaultSession': () => session.defaultSession,
  'protocol.handle': () => protocol.handle('app', () => new Response('')),
  'new Notification': () => new Notification({ title: 'x' }),
  'globalShortcut.register': () => globalShortcut.register('Alt+Shift+O', () => undefined),
  'dialog.showMessageBox': () => void dialog.showMessageBox({ message: 'x' }),
  'safeStorage.encryptString': () => safeStorage.encryptString('x'),
} satisfies Record<string, () => unknown>;

function outcomes(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(attempts).map(([name, attempt]) => {
      try {
        attempt();
        return [name, 'done'];
      } catch (error) {
        return [name, (error as Error).message];
      }
    }),
  );
}

function givePortToWorker(): string {
  const worker = new Worker('', { eval: true });
  const { port1 } = new MessageChannelMain();
  try {
    worker.postMessage(port1, [port1 as never]);
    return 'done';
  } catch (error) {
    return (error as Error).name;
  } finally {
    void worker.terminate();
  }
}

const before = outcomes();
const storageBefore = [safeStorage.isEncryptionAvailable(), safeStorage.getSelectedStorageBackend()];
app.on('window-all-closed', () => undefined);
await app.whenReady();
Object.assign(globalThis, { before, storageBefore, after: outcomes(), portToWorker: givePortToWorker() });
