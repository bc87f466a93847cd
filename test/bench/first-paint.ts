import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { Cleanup } from '#support/cleanup.ts';
import { startConsole } from '#support/console.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * How long a person waits: from the start of the console's process, which is earlier than that of the
 * core within it, to the moment after the frame in which the inbox says what there is.
 */

/** What the inbox must say: its first incident, or that there is none. */
export type Wanted = 'incident' | 'nothing-fires';

export interface StartSetting {
  readonly wanted: Wanted;
  /** A data folder to start from; each start gets a copy. */
  readonly dataDirectory?: string;
  /** Where there is no file, the demo fleet is shown. */
  readonly configurationPath: string;
}

declare global {
  interface Window {
    paintedAtMs: number | undefined;
  }
}

const limitMs = 30_000;

/** @returns milliseconds. */
export async function measureStart(browser: Browser, setting: StartSetting): Promise<number> {
  const cleanup = new Cleanup();
  try {
    const dataDirectory = join(temporaryFolder(cleanup), 'data');
    if (setting.dataDirectory !== undefined)
      cpSync(setting.dataDirectory, dataDirectory, { recursive: true });
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    cleanup.add(() => context.close());
    await context.addInitScript(watchForPaint, setting.wanted);
    const page = await context.newPage();

    const startedAtMs = Date.now();
    const { configurationPath } = setting;
    const console = await startConsole({ dataDirectory, configurationPath }, cleanup);
    await page.goto(console.address);
    const painted = await page.waitForFunction(() => window.paintedAtMs, undefined, { timeout: limitMs });
    const paintedAtMs = (await painted.jsonValue()) ?? Number.NaN;
    await context.close();
    await console.stop();
    return Math.round(paintedAtMs - startedAtMs);
  } finally {
    await cleanup.run();
  }
}

/** Runs in the page before its own scripts; looks once a frame, and tells the time once it is painted. */
function watchForPaint(wanted: string): void {
  const incidents = '[role="grid"][aria-label="Incidents"] [role="row"][aria-selected="true"]';
  const isThere = (): boolean =>
    wanted === 'incident'
      ? document.querySelector(incidents) !== null
      : document.querySelector('main')?.textContent?.includes('Nothing fires.') === true;
  const look = (): void => {
    // A task after the frame's own callbacks runs when the frame has been painted.
    if (isThere()) setTimeout(() => (window.paintedAtMs = Date.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
