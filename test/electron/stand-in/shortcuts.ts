import { normalAccelerator } from './accelerators.ts';
import { lifecycle } from './lifecycle.ts';
import { settings } from './settings.ts';
import { modelled } from './unmodelled.ts';

/** `globalShortcut`. */

const registered = new Map<string, () => void>();

function normal(accelerator: string): string {
  lifecycle.requireReady('globalShortcut cannot be used before the app is ready');
  const found = normalAccelerator(accelerator);
  if (found === undefined)
    throw new TypeError(`Error processing argument at index 0, conversion failure from ${accelerator}`);
  return found;
}

const taken = settings.shortcutsTaken.map(normalAccelerator);

export const globalShortcut = modelled('globalShortcut', {
  /** False where another application has it. */
  register(accelerator: string, callback: () => void): boolean {
    const key = normal(accelerator);
    if (taken.includes(key) || registered.has(key)) return false;
    registered.set(key, callback);
    return true;
  },
  isRegistered: (accelerator: string): boolean => registered.has(normal(accelerator)),
  unregister: (accelerator: string): void => void registered.delete(normal(accelerator)),
  unregisterAll(): void {
    lifecycle.requireReady('globalShortcut cannot be used before the app is ready');
    registered.clear();
  },
} satisfies Partial<Electron.GlobalShortcut>);

export const shortcutControls = {
  globalShortcuts: () => [...registered.keys()],
  /** @returns whether the application has it. */
  pressGlobalShortcut: (accelerator: string) => {
    const callback = registered.get(normal(accelerator));
    callback?.();
    return callback !== undefined;
  },
};
