import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from 'playwright';
import { openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { startConsole } from '#support/console.ts';
import { ScriptedHost } from '#support/scripted-host.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { inProject } from '../../../scripts/project.ts';
import type { Fleet } from './alerts.ts';
import { startAlternatingServer } from './alternating-server.ts';
import { PublisherCore } from './publisher-core.ts';

/** A person works the inbox by keyboard while it changes: from each key to the moment after the frame that shows what it did. */
export interface KeyToPaint {
  readonly alerts: number;
  readonly incidents: number;
  /** Each key with what it took. */
  readonly keys: readonly (readonly [key: string, tookMs: number])[];
  /** The most that the page's scripts held while keys were pressed, MB. */
  readonly heapMb: number;
}

const limitMs = 90_000;
const changesPerSecond = 500;
/** A key that is held repeats so often; letters and verdicts come as a quick hand types them. */
const repeatMs = 40;
const typingMs = 110;

/** While 500 changes a second go into the core's publisher. */
export async function measureUnderChanges(browser: Browser, fleet: Fleet): Promise<KeyToPaint> {
  const cleanup = new Cleanup();
  try {
    const core = new PublisherCore(fleet);
    const host = await ScriptedHost.start(inProject('dist/renderer'), core, cleanup);
    const window = await openWindow(browser, host.address, cleanup);
    await inboxIsThere(window.page);
    const perTurn = 10;
    const changing = setInterval(() => core.change(perTurn), (perTurn / changesPerSecond) * 1_000);
    cleanup.add(() => clearInterval(changing));
    const measured = await workTheInbox(window.page, fleet);
    clearInterval(changing);
    await window.close();
    return measured;
  } finally {
    await cleanup.run();
  }
}

/** While every poll of a loopback server brings 2,500 changes. */
export async function measureUnderPolls(
  browser: Browser,
  fleet: Fleet,
  pollSeconds: number,
): Promise<KeyToPaint> {
  const cleanup = new Cleanup();
  try {
    const folder = temporaryFolder(cleanup);
    const url = await startAlternatingServer(fleet, cleanup);
    const source = { name: 'am', kind: 'alertmanager', url, poll: `${pollSeconds}s`, timeout: '30s' };
    const configurationPath = join(folder, 'opssight.yaml');
    // JSON is YAML.
    writeFileSync(configurationPath, JSON.stringify({ environment: 'bench', sources: [source] }));
    const console = await startConsole({ dataDirectory: join(folder, 'data'), configurationPath }, cleanup);
    const window = await openWindow(browser, console.address, cleanup);
    await inboxIsThere(window.page);
    await pause(2_000 * pollSeconds);
    const measured = await workTheInbox(window.page, fleet);
    await window.close();
    await console.stop();
    return measured;
  } finally {
    await cleanup.run();
  }
}

async function inboxIsThere(page: Page): Promise<void> {
  const list = page.getByRole('grid', { name: 'Incidents' });
  await list.getByRole('row', { selected: true }).waitFor({ timeout: limitMs });
  await list.focus();
  await pause(3_000);
}

const typed = 'severity=critical service=~"service-01.+"';
const moves = [...Array.from('jjjjjjjjjjjjkkkkk'), 'G', 'g', 'g'];
const verdicts = Array.from('jajjajku');

/** About 250 keys: moves, verdicts and their undoing, a filter typed and taken away again. */
async function workTheInbox(page: Page, fleet: Fleet): Promise<KeyToPaint> {
  const cdp = await page.context().newCDPSession(page);
  const incidents = Number(await page.getByRole('grid', { name: 'Incidents' }).getAttribute('aria-rowcount'));
  await page.evaluate(watchKeys);
  let heapMb = 0;
  const look = async (): Promise<void> => {
    const { usedSize } = await cdp.send('Runtime.getHeapUsage');
    heapMb = Math.max(heapMb, usedSize / 2 ** 20);
  };
  const press = async (keys: readonly string[], betweenMs = typingMs): Promise<void> => {
    for (const key of keys) {
      await page.keyboard.press(key);
      await pause(betweenMs);
    }
    await look();
  };
  for (let round = 0; round < 5; round++) {
    await press(moves, repeatMs);
    await press(verdicts);
    await press(['/', ...Array.from(round % 2 === 0 ? typed : 'Latency')]);
    await press(['Enter', 'j', 'j', '/', 'Control+a', 'Backspace', 'Escape', 'Escape', 'j']);
  }
  await pause(500);
  return { alerts: fleet.alerts, incidents, keys: await page.evaluate(() => window.keysForTest), heapMb };
}

declare global {
  interface Window {
    keysForTest: [string, number][];
  }
}

/**
 * Runs in the page. A key that moves the cursor has shown what it did once the cursor stands elsewhere; one that
 * is typed, once its letter stands there and the list is not behind the filter any more; any other in the next frame.
 */
function watchKeys(): void {
  window.keysForTest = [];
  const grid = (): Element | null => document.querySelector('[role="grid"]');
  const cursor = (): string => grid()?.getAttribute('aria-activedescendant') ?? '';
  const field = (): HTMLInputElement | null =>
    document.activeElement instanceof HTMLInputElement ? document.activeElement : null;
  document.addEventListener(
    'keydown',
    ({ key, timeStamp, repeat, ctrlKey }) => {
      if (repeat) return;
      const [cursorBefore, fieldBefore, textBefore] = [cursor(), field(), field()?.value];
      let frames = 0;
      const isShown = (): boolean => {
        frames++;
        // With Ctrl it chooses all or copies: no letter.
        if (fieldBefore !== null && key.length === 1 && !ctrlKey)
          return fieldBefore.value !== textBefore && grid()?.getAttribute('aria-busy') !== 'true';
        if (fieldBefore === null && (key === 'j' || key === 'k'))
          // At an end of the list there is nowhere to go.
          return cursor() !== cursorBefore || frames > 60;
        return true;
      };
      const look = (): void => {
        if (!isShown()) return void requestAnimationFrame(look);
        // A task after the frame's own callbacks runs when the frame has been painted.
        setTimeout(() => window.keysForTest.push([key, performance.now() - timeStamp]));
      };
      requestAnimationFrame(look);
    },
    { capture: true },
  );
}
