import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';
import type { MenuReport } from './stand-in/menu.ts';
import { onStandIn } from './only-stand-in.ts';
import { down, menuOfWindow, shownNotifications, trayToSay, watch } from './watched-desktop.ts';

/** The menu, what a person decides about the app, and the parts as other systems have them. */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 240_000);
afterEach(() => cleanup.run());

describe('the menu', () => {
  it('is the window’s keymap, and a click runs the command there', async () => {
    const { desktop, standIn } = await watch([], cleanup);
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await menuOfWindow(standIn);
    await standIn.ask('clickMenu', ['Go', 'Sources']);
    await page.getByRole('heading', { name: 'Sources' }).waitFor();
    await standIn.ask('clickMenu', ['Go', 'Local rules']);
    await page.getByRole('heading', { name: 'Local rules' }).waitFor();
    await standIn.ask('clickMenu', ['Commands', 'Console', 'Keys of this view']);
    await page.getByRole('dialog').waitFor();
    // Single keys belong to the window: as keys of the menu they would be lost to every text field.
    expect(await standIn.ask('pressAccelerator', 'A')).toBe(false);
    expect(await standIn.ask('complaints')).toEqual([]);
  });
});

describe('every entry of the menu', () => {
  it('can be clicked, and the window stands it', async () => {
    const { desktop, standIn } = await watch([down], cleanup);
    const page = await desktop.page();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.getByRole('row').filter({ hasText: 'Down' }).first().waitFor();
    const menu = (await standIn.ask('applicationMenu')) ?? [];
    const clicked: string[] = [];
    for (const path of pathsOf(menu.filter(({ label }) => ['Go', 'Incident', 'Commands'].includes(label)))) {
      await standIn.ask('clickMenu', path);
      clicked.push(path.join(' > '));
      await page.keyboard.press('Escape');
    }
    expect(clicked.length).toBeGreaterThan(60);
    await standIn.ask('clickMenu', ['Go', 'Inbox']);
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    expect(errors).toEqual([]);
    expect(await standIn.ask('complaints')).toEqual([]);
  });
});

function pathsOf(
  items: readonly MenuReport[],
  above: readonly string[] = [],
): readonly (readonly string[])[] {
  return items.flatMap(({ label, items: below }) => {
    const path = [...above, label.replaceAll('&', '')];
    return below.length === 0 ? [path] : pathsOf(below, path);
  });
}

describe('what is decided about the app', () => {
  it('zoom by keys, wheel and menu stays within its bounds and is kept', async () => {
    const { desktop, standIn, again } = await watch([], cleanup);
    await desktop.page();
    const [window] = await standIn.ask('windows');
    const id = window?.id ?? 0;
    const zoomIs = (factor: number, on = standIn) =>
      eventually(`zoom is ${factor}`, async () =>
        (await on.ask('windows'))[0]?.zoomFactor === factor ? true : undefined,
      );
    const key = {
      type: 'keyDown',
      key: '+',
      control: true,
      meta: false,
      alt: false,
      shift: false,
    } as Electron.Input;
    expect(await standIn.ask('beforeInput', id, key)).toBe(true);
    await zoomIs(1.1);
    await standIn.ask('zoomWheel', id, 'in');
    await zoomIs(1.25);
    await standIn.ask('clickMenu', ['View', 'Actual size']);
    await zoomIs(1);
    for (let press = 0; press < 12; press++) await standIn.ask('beforeInput', id, { ...key, key: '-' });
    await zoomIs(0.5);
    for (let press = 0; press < 20; press++) await standIn.ask('zoomWheel', id, 'in');
    await zoomIs(3);
    expect(await desktop.quit()).toBe('0');
    await zoomIs(3, onStandIn(await again()));
  });

  it('the system’s own parts follow the theme of the window, from the start on', async () => {
    const { desktop, standIn, again } = await watch([], cleanup, { machine: { darkColors: true } });
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await menuOfWindow(standIn);
    await standIn.ask('clickMenu', ['Commands', 'Console', 'Light theme']);
    await eventually('the theme is light', async () =>
      (await standIn.ask('themeSource')) === 'light' ? true : undefined,
    );
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('light');
    expect(await desktop.quit()).toBe('0');
    const restarted = onStandIn(await again());
    await eventually(
      'it is light again',
      async () => (await restarted.ask('themeSource')) === 'light' || undefined,
    );
  });

  it('the settings have it: a key that another app has is said to be taken, and closing may end the app', async () => {
    const { desktop, standIn } = await watch([], cleanup, {
      machine: { shortcutsTaken: ['CmdOrCtrl+Alt+O'] },
    });
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await menuOfWindow(standIn);
    await standIn.ask('clickMenu', ['Go', 'Settings']);
    await page.getByRole('button', { name: 'Desktop' }).click();
    await page.getByRole('radio', { name: 'Ctrl + Alt + O' }).click();
    await page.getByText('Taken by another app').waitFor();
    await page.getByRole('radio', { name: 'Alt + Shift + O' }).click();
    await eventually('it is registered', async () =>
      (await standIn.ask('globalShortcuts')).length === 1 ? true : undefined,
    );
    await standIn.ask('pressGlobalShortcut', 'Alt+Shift+O');
    await eventually('it hides', async () =>
      (await standIn.ask('windows'))[0]?.isVisible === false ? true : undefined,
    );
    await standIn.ask('pressGlobalShortcut', 'Alt+Shift+O');
    await eventually('it shows', async () =>
      (await standIn.ask('windows'))[0]?.isVisible === true ? true : undefined,
    );
    expect(await page.getByRole('checkbox', { name: /Start at login/ }).isDisabled()).toBe(true);
    await page.screenshot({ path: inProject('test-results/states/desktop-settings.png') });
    await page.getByRole('checkbox', { name: /Go on in the tray/ }).click();
    await eventually(
      'it is off',
      async () => !(await page.getByRole('checkbox', { name: /Go on in the tray/ }).isChecked()) || undefined,
    );
    const [window] = await standIn.ask('windows');
    await standIn.ask('closeWindow', window?.id ?? 0);
    expect(await desktop.ended).toBe('0');
  });

  it('installed, it starts at login by a file of the desktop, and is who opens its links', async () => {
    const { desktop, standIn, dataDirectory } = await watch([], cleanup, { machine: { isPackaged: true } });
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    expect((await standIn.ask('app')).protocolClients).toEqual(['opssight']);
    await page.keyboard.press('g');
    await page.keyboard.press(',');
    await page.getByRole('button', { name: 'Desktop' }).click();
    const file = join(`${dataDirectory}-machine`, 'home/.config/autostart/opssight.desktop');
    const choice = page.getByRole('checkbox', { name: /Start at login/ });
    await choice.click();
    await eventually('the file is there', () => existsSync(file) || undefined);
    expect(readFileSync(file, 'utf8')).toMatch(/^Exec=".+" --hidden$/m);
    await choice.click();
    await eventually('the file is gone', () => !existsSync(file) || undefined);
  });
});

describe('on other systems', () => {
  it('macOS: a template with the count beside it, the menu of the app, and no single key in it', async () => {
    const { standIn, desktop } = await watch([down], cleanup, { machine: { platform: 'darwin' } });
    const tray = await trayToSay(standIn, /1 firing, critical/);
    expect(tray).toMatchObject({ title: '1', image: { isTemplate: true, width: 18, scaleFactors: [1, 2] } });
    const [first] = await shownNotifications(standIn, 1);
    expect(first).toMatchObject({ sound: 'Sosumi', id: expect.stringMatching(/^incident-\d+$/) as unknown });
    const menu = await menuOfWindow(standIn);
    const roles = menu.map(({ role }) => role);
    expect(roles[0]).toBe('appMenu');
    const keys = menu.flatMap(keysOf);
    expect(keys.filter((key) => !key.startsWith('CmdOrCtrl+'))).toEqual([]);
    const [window] = await standIn.ask('windows');
    await standIn.ask('closeWindow', window?.id ?? 0);
    await standIn.ask('activate');
    await eventually('it shows again', async () => (await standIn.ask('windows'))[0]?.isVisible);
    expect(await desktop.quit()).toBe('0');
  });

  it('macOS: started with the session, it waits in the menu bar until it is wanted', async () => {
    const { standIn } = await watch([down], cleanup, {
      machine: { platform: 'darwin', openedAtLogin: true },
    });
    await trayToSay(standIn, /1 firing, critical/);
    expect((await standIn.ask('windows'))[0]?.isVisible).toBe(false);
    await standIn.ask('clickTrayMenu', ['Open OpsSight']);
    expect((await standIn.ask('windows'))[0]?.isVisible).toBe(true);
  });

  it.each(['darwin', 'win32'] as const)(
    '%s: starting at login is an item of the system',
    async (platform) => {
      const { desktop, standIn } = await watch([], cleanup, { machine: { platform, isPackaged: true } });
      const page = await desktop.page();
      await page.getByRole('heading', { name: 'Inbox' }).waitFor();
      for (const key of ['g', ',']) await page.keyboard.press(key);
      await page.getByRole('button', { name: 'Desktop' }).click();
      const item = async () => (await standIn.ask('app')).loginItem;
      expect(await item()).toEqual({ openAtLogin: false });
      const choice = page.getByRole('checkbox', { name: /Start at login/ });
      await choice.click();
      await eventually('the system starts it, hidden', async () =>
        (await item()).openAtLogin === true ? true : undefined,
      );
      expect((await item()).args).toEqual(['--hidden']);
      await choice.click();
      await eventually('the system does not any more', async () =>
        (await item()).openAtLogin === false ? true : undefined,
      );
    },
  );

  it('Windows: five sizes, a picture on the button in the taskbar, and a name by which it may notify', async () => {
    const { standIn, server } = await watch([down], cleanup, { machine: { platform: 'win32' } });
    const tray = await trayToSay(standIn, /1 firing, critical/);
    expect(tray.image).toMatchObject({ isTemplate: false, width: 16, scaleFactors: [1, 1.25, 1.5, 2, 3] });
    expect((await standIn.ask('app')).appUserModelId).toBe('app.opssight.desktop');
    expect((await standIn.ask('windows'))[0]?.overlay).toBe('1 firing, critical.');
    const [first] = await shownNotifications(standIn, 1);
    expect(first).toMatchObject({ actions: ['Acknowledge', 'Snooze', 'Open'], toastXml: '' });
    await standIn.ask('actOnNotification', 1, 0);
    await trayToSay(standIn, /Watched, and nothing fires/);
    expect((await standIn.ask('windows'))[0]?.overlay).toBeNull();
    server.setAlerts([]);
    expect(await standIn.ask('complaints')).toEqual([]);
  });
});

function keysOf({ accelerator, items }: MenuReport): readonly string[] {
  return [...(accelerator === null ? [] : [accelerator]), ...items.flatMap(keysOf)];
}
