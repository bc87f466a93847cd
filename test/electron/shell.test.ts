import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { writeOwner } from '#core/store/lock.ts';
import { claimAsHost } from '#host/console-setup.ts';
import { secureWebPreferences } from '#host/desktop/web-preferences.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';
import { familyOf, startDesktop, stillRunning, type Desktop, type DesktopOptions } from './driver.ts';
import { needsStandIn, onStandIn } from './only-stand-in.ts';

/** The desktop from its start to its end: `main.ts` as it is, a real core, a real window. */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 120_000);
afterEach(() => cleanup.run());

interface Folder {
  readonly dataDirectory: string;
  readonly configPath: string;
}

/** @param configured false: the demo fleet runs. */
function folder(configured: boolean): Folder {
  const path = temporaryFolder(cleanup);
  const configPath = join(path, 'opssight.yaml');
  if (configured) writeFileSync(configPath, 'environment: test\nsources: []\n');
  return { dataDirectory: join(path, 'data'), configPath };
}

function open(where: Folder, more: Partial<DesktopOptions> = {}): Promise<Desktop> {
  // Without a tray, closing the window is the end of the app.
  return startDesktop({ ...where, machine: { trayShown: false }, ...more }, cleanup);
}

async function corePid(desktop: Desktop, otherThan = 0): Promise<number> {
  return eventually('the core runs', async () => (await desktop.corePids()).find((pid) => pid !== otherThan));
}

/** The window holds a link to a core that serves. */
async function isLive(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
}

describe('the desktop', () => {
  it('paints the demo fleet’s inbox, and its end leaves no process and no lock', async () => {
    const where = folder(false);
    const desktop = await open(where);
    const page = await desktop.page();
    await page.getByText('Demo fleet').first().waitFor();
    await page.getByRole('row').filter({ hasText: 'nobody' }).first().waitFor({ timeout: 30_000 });
    const [window] = await onStandIn(desktop).ask('windows');
    expect(window).toMatchObject({ url: 'app://opssight/', isVisible: true });
    expect(window?.webPreferences).toEqual({
      ...secureWebPreferences,
      preload: inProject('dist/desktop/preload.cjs'),
      devTools: true,
    });
    expect(
      await page.evaluate(() => Object.keys((globalThis as { opssight?: object }).opssight ?? {})),
    ).toEqual(['connect']);
    const processes = await onStandIn(desktop).ask('utilityProcesses');
    expect(processes.map(({ serviceName }) => serviceName).toSorted()).toEqual([
      'OpsSight core',
      'OpsSight demo fleet',
    ]);
    const claim = await claimAsHost(where.dataDirectory);
    expect(claim).toMatchObject({ ok: false, failure: { code: 'conflict', owner: 'opssight://show' } });

    const family = familyOf(desktop.pid);
    expect(family.length).toBeGreaterThan(3);
    expect(await desktop.quit()).toBe('0');
    await eventually('no process is left', () => (stillRunning(family).length === 0 ? true : undefined));
    const free = await claimAsHost(where.dataDirectory);
    if (!free.ok) throw new Error(free.failure.message);
    free.value.release();
    expect(
      await onStandIn(desktop)
        .ask('complaints')
        .catch(() => []),
    ).toEqual([]);
  });

  it('built, does the same without any TypeScript', async () => {
    const desktop = await open(folder(false), { entry: inProject('dist/desktop/main.js') });
    const page = await desktop.page();
    await page.getByRole('row').filter({ hasText: 'nobody' }).first().waitFor({ timeout: 30_000 });
    const processes = await onStandIn(desktop).ask('utilityProcesses');
    expect(processes.map(({ entry }) => entry).toSorted()).toEqual([
      inProject('dist/desktop/core-entry.js'),
      inProject('dist/desktop/demo-entry.js'),
    ]);
    expect(await desktop.quit()).toBe('0');
  });

  it('shows the first window at a second start, which touches nothing', async () => {
    const where = folder(true);
    const first = await open(where);
    await isLive(await first.page());
    const [window] = await onStandIn(first).ask('windows');
    await onStandIn(first).ask('minimizeWindow', window?.id ?? 0);
    const second = await open(where);
    expect(await second.ended).toBe('0');
    await eventually('the first comes to the front', async () => {
      const [shown] = await onStandIn(first).ask('windows');
      return shown?.isMinimized === false && shown.isFocused ? true : undefined;
    });
    expect((await onStandIn(first).ask('utilityProcesses')).length).toBe(1);
  });

  it('names another console that has the data folder, and opens it where it can', async () => {
    needsStandIn();
    const where = folder(true);
    mkdirSync(where.dataDirectory, { recursive: true });
    const claim = await claimAsHost(where.dataDirectory);
    if (!claim.ok) throw new Error(claim.failure.message);
    writeOwner(where.dataDirectory, 'http://127.0.0.1:4780/#token=abc');
    const desktop = await open(where);
    const standIn = onStandIn(desktop);
    await standIn.ask('answerDialog', 'Open it');
    // It ends right after: what it opened is read from what it prints.
    await desktop.evaluateMain(({ shell }) => {
      const open = (url: string): Promise<void> => {
        process.stdout.write(`opened ${url}\n`);
        return Promise.resolve();
      };
      Reflect.set(shell, 'openExternal', open);
    }, null);
    expect(await desktop.ended).toBe('0');
    claim.value.release();
    expect(standIn.output).toContain('opened http://127.0.0.1:4780/#token=abc\n');
  });

  it('ends when its only window is closed and nothing else could bring it back', async () => {
    const desktop = await open(folder(true));
    await isLive(await desktop.page());
    const [window] = await onStandIn(desktop).ask('windows');
    await onStandIn(desktop).ask('closeWindow', window?.id ?? 0);
    expect(await desktop.ended).toBe('0');
  });

  it('only hides while a tray can bring it back; a second start does, and the end is an end', async () => {
    const where = folder(true);
    const desktop = await open(where, { machine: { trayShown: true } });
    const standIn = onStandIn(desktop);
    await isLive(await desktop.page());
    const core = await corePid(desktop);
    const [window] = await standIn.ask('windows');
    await standIn.ask('closeWindow', window?.id ?? 0);
    await eventually('it is hidden', async () =>
      (await standIn.ask('windows'))[0]?.isVisible === false ? true : undefined,
    );
    const second = await open(where, { machine: { trayShown: true } });
    expect(await second.ended).toBe('0');
    await eventually('it is back', async () =>
      (await standIn.ask('windows'))[0]?.isVisible === true ? true : undefined,
    );
    expect([(await standIn.ask('windows')).length, await corePid(desktop)]).toEqual([1, core]);
    await standIn.ask('closeWindow', window?.id ?? 0);
    expect(await desktop.quit()).toBe('0');
  });

  it('puts the window back where it was, on a screen that still exists', async () => {
    const where = folder(true);
    const wide = {
      id: 1,
      bounds: { x: 0, y: 0, width: 1_920, height: 1_080 },
      workArea: { x: 0, y: 0, width: 1_920, height: 1_040 },
      scaleFactor: 1,
    };
    const beside = {
      ...wide,
      id: 2,
      bounds: { ...wide.bounds, x: 1_920 },
      workArea: { ...wide.workArea, x: 1_920 },
    };
    const placed = { x: 2_300, y: 120, width: 1_000, height: 700 };
    const first = await open(where, { machine: { trayShown: false, displays: [wide, beside] } });
    await isLive(await first.page());
    const [window] = await onStandIn(first).ask('windows');
    await onStandIn(first).ask('moveWindow', window?.id ?? 0, placed);
    expect(await first.quit()).toBe('0');

    const second = await open(where, { machine: { trayShown: false, displays: [wide, beside] } });
    await isLive(await second.page());
    expect((await onStandIn(second).ask('windows'))[0]?.bounds).toEqual(placed);
    expect(await second.quit()).toBe('0');

    const small = { ...wide, workArea: { x: 0, y: 0, width: 900, height: 600 } };
    const third = await open(where, { machine: { trayShown: false, displays: [small] } });
    await isLive(await third.page());
    expect((await onStandIn(third).ask('windows'))[0]?.bounds).toEqual({
      x: 0,
      y: 0,
      width: 900,
      height: 600,
    });
  });
});

describe('a crash', () => {
  it('of the renderer loads the page again at once, with new ports and the same core', async () => {
    const desktop = await open(folder(true));
    await isLive(await desktop.page());
    const core = await corePid(desktop);
    const [window] = await onStandIn(desktop).ask('windows');
    await desktop.evaluateMain(({ BrowserWindow, ipcMain }) => {
      const [one] = BrowserWindow.getAllWindows();
      const times = { gone: 0, linked: 0 };
      Object.assign(globalThis, { times });
      one?.webContents.prependListener('render-process-gone', () => (times.gone = performance.now()));
      ipcMain.once('opssight:connect', () => (times.linked = performance.now()));
    }, null);
    await onStandIn(desktop).ask('crashWindow', window?.id ?? 0);
    await isLive(await desktop.page());
    const took = await desktop.evaluateMain(() => {
      const { times } = globalThis as unknown as { times: { gone: number; linked: number } };
      return times.linked - times.gone;
    }, null);
    console.log(`the page was linked again ${Math.round(took)} ms after its renderer crashed`);
    expect(took).toBeGreaterThan(0);
    // 500 ms where nothing else loads the machine; the test's machine has two cores and other tests.
    expect(took).toBeLessThan(2_000);
    expect(await corePid(desktop)).toBe(core);
  });

  it('over and over asks the person instead', async () => {
    const desktop = await open(folder(true));
    const standIn = onStandIn(desktop);
    await isLive(await desktop.page());
    const [window] = await standIn.ask('windows');
    await standIn.ask('answerDialog', 'Quit OpsSight');
    for (let crash = 1; crash <= 5; crash++) {
      if (crash > 1) await isLive(await desktop.page());
      await standIn.ask('crashWindow', window?.id ?? 0);
    }
    expect(await desktop.ended).toBe('0');
  });

  it('of a window that hangs is the person’s wish', async () => {
    const desktop = await open(folder(true));
    const standIn = onStandIn(desktop);
    await isLive(await desktop.page());
    const [window] = await standIn.ask('windows');
    await standIn.ask('answerDialog', 'Wait');
    await standIn.ask('unresponsive', window?.id ?? 0, true);
    await isLive(await desktop.page());
    const marker = await standIn.ask('pageMarker', window?.id ?? 0);
    await standIn.ask('answerDialog', 'Reload');
    await standIn.ask('unresponsive', window?.id ?? 0, true);
    await eventually('another page came', async () => {
      const now = await standIn.ask('pageMarker', window?.id ?? 0);
      return now !== undefined && now !== marker ? true : undefined;
    });
    await isLive(await desktop.page());
    expect((await standIn.ask('dialogs')).map(({ message }) => message)).toEqual([
      'The window does not respond.',
      'The window does not respond.',
    ]);
  });

  it('of the core, five times within a minute: the window stays and offers safe mode', async () => {
    const desktop = await open(folder(true));
    const page = await desktop.page();
    await isLive(page);
    let pid = 0;
    for (let crash = 1; crash <= 5; crash++) {
      pid = await corePid(desktop, pid);
      process.kill(pid, 'SIGKILL');
    }
    const safeMode = page.getByRole('button', { name: /safe mode/i });
    await safeMode.waitFor();
    await isLive(page);
    const windows = await desktop.evaluateMain(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().length,
      null,
    );
    expect(windows).toBe(1);
    await safeMode.click();
    await corePid(desktop, pid);
    await page
      .getByText(/runs in safe mode|nothing is polled/i)
      .first()
      .waitFor();
    expect(await desktop.quit()).toBe('0');
  });

  it('of the app itself leaves no core and no lock', async () => {
    const where = folder(true);
    const desktop = await open(where);
    await isLive(await desktop.page());
    const core = await corePid(desktop);
    await desktop.kill();
    await eventually('the core ends', () => (stillRunning([core]).length === 0 ? true : undefined));
    const claim = await claimAsHost(where.dataDirectory);
    if (!claim.ok) throw new Error(claim.failure.message);
    claim.value.release();
  });
});
