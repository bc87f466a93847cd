import { registerHooks } from 'node:module';
import { settings } from './settings.ts';

/**
 * `node --import register.ts main.ts` runs a main process unmodified: what it imports as `electron` is the
 * stand-in. The settings come in a variable (settings.ts), the test's questions over the IPC channel.
 */
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
// The browser's driver must be loaded before the process says it runs on another system.
const { startStandIn } = await import('./start.ts');
Object.defineProperty(process, 'platform', { value: settings.platform });
startStandIn();
