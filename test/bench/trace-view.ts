import { join } from 'node:path';
import type { Browser, Page } from 'playwright';
import { openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { startConsole } from '#support/console.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { largeTrace, rootService, startTraceServer } from './large-trace.ts';

/**
 * A person opens a very large trace of a list and jumps about in it: the whole console, from a server's
 * answer over loopback, its reading and ordering in the core, to the painted window.
 */

export interface TraceFigures {
  readonly spans: number;
  readonly bytes: number;
  /** From the key that opens the trace to the moment after the frame that shows its first row, each time. */
  readonly firstRowMs: readonly number[];
  /** From a jump to the moment after the frame in which rows are where it leads, each. */
  readonly jumpMs: readonly number[];
}

declare global {
  interface Window {
    firstRowMs: number | undefined;
  }
}

const limitMs = 60_000;
const openings = 5;
const jumps = 60;

export async function measureTrace(browser: Browser, spans: number): Promise<TraceFigures> {
  const cleanup = new Cleanup();
  try {
    const startMs = Date.now() - 60_000;
    const trace = largeTrace(spans, startMs);
    const url = await startTraceServer(trace, spans, startMs, cleanup);
    const folder = temporaryFolder(cleanup);
    const configurationPath = writeConfiguration(folder, [{ name: 'jaeger', kind: 'jaeger', url }]);
    const dataDirectory = join(folder, 'data');
    const console = await startConsole({ dataDirectory, configurationPath }, cleanup);
    const window = await openWindow(browser, console.address, cleanup);
    const firstRowMs: number[] = [];
    for (let opening = 0; opening < openings; opening++) {
      // A window that has just been loaded holds no trace: all of it is asked for again.
      if (opening > 0) await window.page.reload();
      firstRowMs.push(await openTrace(window.page, spans));
    }
    const jumpMs = await window.page.evaluate(jumpAbout, jumps);
    await window.close();
    await console.stop();
    return { spans, bytes: trace.byteLength, firstRowMs, jumpMs };
  } finally {
    await cleanup.run();
  }
}

/** Searches by keyboard, opens what was found, and waits until all of its rows are known. */
async function openTrace(page: Page, spans: number): Promise<number> {
  await page.locator('main').waitFor({ timeout: limitMs });
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.keyboard.press('/');
  await page.keyboard.type(rootService);
  await page.keyboard.press('Enter');
  const list = page.locator('[role="grid"]');
  await list.locator('[role="row"][aria-selected]').first().waitFor({ timeout: limitMs });
  await list.focus();
  // What the last opening has left to do, as keeping the trace, is not part of this one.
  await page.waitForTimeout(2_000);
  await page.evaluate(watchForRow);
  await page.keyboard.press('Enter');
  const shown = await page.waitForFunction(() => window.firstRowMs, undefined, { timeout: limitMs });
  const rows = await page.locator('[role="treegrid"]').getAttribute('aria-rowcount');
  if (rows !== String(spans + 1)) throw new Error(`the trace has ${rows} rows instead of ${spans + 1}`);
  return (await shown.jsonValue()) ?? Number.NaN;
}

/** Runs in the page: counts from the next key, looks once a frame. */
function watchForRow(): void {
  window.firstRowMs = undefined;
  const look = (startedAtMs: number): void => {
    const row = document.querySelector('[role="treegrid"] [role="row"][aria-level]');
    if (row === null) requestAnimationFrame(() => look(startedAtMs));
    // A task after the frame's own callbacks runs when the frame has been painted.
    else setTimeout(() => (window.firstRowMs = performance.now() - startedAtMs));
  };
  document.addEventListener('keydown', (event) => look(event.timeStamp), { capture: true, once: true });
}

/** Runs in the page: jumps far over the rows, one jump after the other. */
async function jumpAbout(count: number): Promise<number[]> {
  const box = document.querySelector('[role="treegrid"]');
  if (box === null) throw new Error('no trace is shown');
  const edges = box.getBoundingClientRect();
  const [x, y] = [edges.left + 40, edges.top + edges.height / 2];
  const painted = (): Promise<void> =>
    new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
  const hasRows = (): boolean =>
    document.elementFromPoint(x, y)?.closest('[role="row"][aria-level]') !== null;
  const figures: number[] = [];
  const farthest = box.scrollHeight - box.clientHeight;
  await painted();
  for (let jump = 1; jump <= count; jump++) {
    const startedAtMs = performance.now();
    box.scrollTop = Math.round(((jump * 0.618_034) % 1) * farthest);
    do await painted();
    while (!hasRows());
    figures.push(performance.now() - startedAtMs);
  }
  return figures;
}
