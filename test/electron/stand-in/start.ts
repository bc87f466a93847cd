import { standInApp } from './app.ts';
import { serveControls } from './controls.ts';
import * as electron from './electron.ts';
import { lifecycle } from './lifecycle.ts';

// A name that Electron gains and the stand-in lacks does not compile.
electron satisfies Record<keyof typeof import('electron'), unknown>;

/** Becomes ready once the main script has run, as Electron does, and answers the test that started it. */
export function startStandIn(): void {
  serveControls();
  process.on('SIGTERM', () => standInApp.quit());
  process.on('SIGINT', () => standInApp.quit());
  // The main module is evaluated after this one; like Electron, nobody waits for its top-level awaits.
  setTimeout(() => (lifecycle.isEnding ? undefined : standInApp.start()), 20);
}
