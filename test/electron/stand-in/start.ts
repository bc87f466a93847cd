import { standInApp } from './app.ts';
import { serveControls } from './controls.ts';
import './electron.ts';

/** Becomes ready once the main script has run, as Electron does, and answers the test that started it. */
export function startStandIn(_main: string): void {
  serveControls();
  process.on('SIGTERM', () => standInApp.quit());
  process.on('SIGINT', () => standInApp.quit());
  // The main module is evaluated after this one; its top-level awaits may still run.
  setTimeout(() => standInApp.start(), 20);
}
