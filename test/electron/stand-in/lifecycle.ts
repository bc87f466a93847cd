import { setTimeout as pause } from 'node:timers/promises';
import { patienceMs } from './settings.ts';

/** Whether Electron would be ready, and what has to be put away before the process ends. */

const closers: (() => Promise<unknown> | void)[] = [];
let isReady = false;
let announceReady: () => void = () => undefined;
const whenReady = new Promise<void>((resolve) => (announceReady = resolve));
let ending: Promise<never> | undefined;

export const lifecycle = {
  get isReady(): boolean {
    return isReady;
  },
  get isEnding(): boolean {
    return ending !== undefined;
  },
  whenReady,
  becomeReady(): void {
    isReady = true;
    announceReady();
  },
  /** Refuses in Electron's own words what may only be done when ready. */
  requireReady(message: string): void {
    if (!isReady) throw new Error(message);
  },
  requireNotReady(message: string): void {
    if (isReady) throw new Error(message);
  },
  beforeEnd(close: () => Promise<unknown> | void): void {
    closers.push(close);
  },
  /** Puts everything away, the last first, and ends the process. */
  end(code: number): Promise<never> {
    ending ??= putAway(code);
    return ending;
  },
};

async function putAway(code: number): Promise<never> {
  setTimeout(() => process.exit(code), patienceMs).unref();
  for (let close = closers.pop(); close !== undefined; close = closers.pop()) {
    try {
      await close();
    } catch {
      // What is gone already needs no putting away.
    }
  }
  // The answer to whoever asked for the end is still to be sent.
  await pause(10);
  process.exit(code);
}
