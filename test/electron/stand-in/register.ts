import { enableCompileCache, registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settings } from './settings.ts';

/**
 * `node --import register.ts main.ts` runs a main process unmodified: what it imports as `electron` is the
 * stand-in. The settings come in a variable (settings.ts), the test's questions over the IPC channel.
 */
enableCompileCache(join(tmpdir(), 'opssight-test-cache/main'));
const standIn = new URL('electron.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'electron' || specifier === 'electron/main' || specifier === 'electron/common')
      return { url: standIn, shortCircuit: true };
    return next(specifier, context);
  },
});

Object.defineProperty(process, 'type', { value: 'browser' });
Object.defineProperty(process, 'resourcesPath', { value: settings.root });
Object.defineProperty(process, 'defaultApp', { value: settings.isPackaged ? undefined : true });
// The browser's driver and the database's binary are of the real system; they must not hear of another one.
if (settings.platform !== process.platform) {
  await import('playwright');
  const { default: Database } = await import('better-sqlite3');
  new Database(':memory:').close();
}
const { startStandIn } = await import('./start.ts');
Object.defineProperty(process, 'platform', { value: settings.platform });
startStandIn();
