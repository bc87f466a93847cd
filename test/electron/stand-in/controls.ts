import { standInApp } from './app.ts';
import { debuggingAddress } from './chromium.ts';
import { complaints } from './complaints.ts';
import { lifecycle } from './lifecycle.ts';
import { utilityProcesses } from './utility.ts';
import { windowControls } from './window-controls.ts';

/** What a test may ask of the stand-in and do to it; `control.ts` is the other end. */
const controls = {
  ...windowControls,
  /** Where the test's own Playwright reaches the windows. */
  debuggingAddress: () => debuggingAddress(standInApp.getPath('userData')),
  complaints: () => complaints.all(),
  utilityProcesses: () => utilityProcesses.list(),
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
    const control = controls[name] as (...given: readonly unknown[]) => unknown;
    reply(true, await control(...args));
  } catch (error) {
    reply(false, String((error as Error).stack ?? error));
  }
}
