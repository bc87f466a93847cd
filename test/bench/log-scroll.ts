import type { Browser } from 'playwright';
import { openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { ScriptedHost } from '#support/scripted-host.ts';
import { logAnswer, logQuestions, nightLines } from '#support/scripted-logs.ts';
import { inProject } from '../../scripts/project.ts';

/** The built window scrolls very many log lines, which came over the real protocol, from end to end. */

export interface Scroll {
  readonly pxPerFrame: number;
  /** Between one frame and the next, each. */
  readonly frameMs: readonly number[];
  /** Frames in whose middle there was no line. */
  readonly blankFrames: number;
}

export interface LogScroll {
  readonly lines: number;
  /** As one reads, then as one drags the scroll bar through all of it. */
  readonly scrolls: readonly Scroll[];
}

const limitMs = 60_000;
const framesEach = 600;
const readingPx = 120;
const rowPx = 24;

export async function measureLogScroll(browser: Browser, lines: number): Promise<LogScroll> {
  const cleanup = new Cleanup();
  try {
    const answer = logAnswer(nightLines(Date.now(), lines));
    const core = new ScriptedCore({}, { on: logQuestions(answer) });
    const host = await ScriptedHost.start(inProject('dist/renderer'), core, cleanup);
    const window = await openWindow(browser, host.address, cleanup);
    const { page } = window;
    await page.locator('main').waitFor({ timeout: limitMs });
    await page.keyboard.press('g');
    await page.keyboard.press('l');
    await page.locator(`[role="grid"][aria-rowcount="${lines + 1}"]`).waitFor({ timeout: limitMs });
    const scrolls: Scroll[] = [];
    for (const pxPerFrame of [readingPx, Math.floor((lines * rowPx) / framesEach)]) {
      scrolls.push(await page.evaluate(scrollDown, { pxPerFrame, frames: framesEach }));
    }
    await window.close();
    return { lines, scrolls };
  } finally {
    await cleanup.run();
  }
}

/** Runs in the page: one step after each frame, as the events of a wheel come. */
async function scrollDown({
  pxPerFrame,
  frames,
}: {
  readonly pxPerFrame: number;
  readonly frames: number;
}): Promise<Scroll> {
  const box = document.querySelector('[role="grid"]');
  if (box === null) throw new Error('no lines are shown');
  const edges = box.getBoundingClientRect();
  const [x, y] = [edges.left + 40, edges.top + edges.height / 2];
  const frame = (): Promise<number> =>
    new Promise((resolve) => requestAnimationFrame(() => resolve(performance.now())));
  const task = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
  box.scrollTop = 0;
  for (let pause = 0; pause < 10; pause++) await frame();
  const frameMs: number[] = [];
  let blankFrames = 0;
  let lastMs = await frame();
  for (let step = 0; step < frames; step++) {
    await task();
    box.scrollTop += pxPerFrame;
    const atMs = await frame();
    frameMs.push(atMs - lastMs);
    lastMs = atMs;
    const row = document.elementFromPoint(x, y)?.closest('[role="row"]') ?? null;
    if (row === null) blankFrames++;
  }
  if (box.scrollTop < Math.min(frames * pxPerFrame * 0.9, box.scrollHeight - box.clientHeight - 1)) {
    throw new Error(`the lines stopped scrolling at ${box.scrollTop} px`);
  }
  return { pxPerFrame, frameMs, blankFrames };
}
