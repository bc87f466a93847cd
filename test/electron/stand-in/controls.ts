import { compileFunction } from 'node:vm';
import { appControls } from './app-controls.ts';
import { standInApp } from './app.ts';
import { debuggingAddress } from './chromium.ts';
import { complaints } from './complaints.ts';
import { dialogControls } from './dialog.ts';
import * as electron from './electron.ts';
import { lifecycle } from './lifecycle.ts';
import { notificationControls } from './notifications.ts';
import { permissionControls } from './permission-controls.ts';
import { powerControls } from './power.ts';
import { storageControls } from './safe-storage.ts';
import { screenControls } from './screen.ts';
import { shortcutControls } from './shortcuts.ts';
import { themeControls } from './theme.ts';
import { trayControls } from './tray.ts';
import { utilityProcesses } from './utility.ts';
import { windowControls } from './window-controls.ts';

/** What a test may ask of the stand-in and do to it; `control.ts` is the other end. */
const controls = {
  ...appControls,
  ...windowControls,
  ...permissionControls,
  ...trayControls,
  ...notificationControls,
  ...powerControls,
  ...screenControls,
  ...shortcutControls,
  ...themeControls,
  ...dialogControls,
  ...storageControls,
  /** Where the test's own Playwright reaches the windows. */
  debuggingAddress: () => debuggingAddress(standInApp.getPath('userData')),
  complaints: () => complaints.all(),
  utilityProcesses: () => utilityProcesses.list(),
  /** Runs a function, given as its source, in the main process with the module and one argument. */
  evaluateMain: (source: string, argument: unknown): unknown =>
    // The source is the test's own; it is what Playwright's `electronApp.evaluate` does as well.
    compileFunction(`return (${source})(electron, argument);`, ['electron', 'argument'])(electron, argument),
  quit: () => standInApp.quit(),
};
export type Controls = typeof controls;
export type ControlName = keyof Controls;

export interface ControlQuestion {
  readonly id: number;
  readonly name: ControlName;
  readonly args: readonly unknown[];
}
export interface ControlAnswer {
  readonly id: number;
  readonly ok: boolean;
  readonly value: unknown;
}

export function serveControls(): void {
  process.on('message', (question) => void answer(question as ControlQuestion));
  process.on('disconnect', () => void lifecycle.end(1));
}

async function answer({ id, name, args }: ControlQuestion): Promise<void> {
  const reply = (ok: boolean, value: unknown): void => {
    if (process.connected)
      process.send?.({ id, ok, value } satisfies ControlAnswer, undefined, undefined, () => undefined);
  };
  try {
    await lifecycle.whenReady;
    const control = controls[name] as (...given: readonly unknown[]) => unknown;
    reply(true, await control(...args));
  } catch (error) {
    reply(false, String((error as Error).stack ?? error));
  }
}
