import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AlertmanagerDouble, startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';
import { startDesktop, type Desktop, type DesktopOptions } from './driver.ts';
import type { StandIn } from './stand-in/control.ts';
import type { MenuReport } from './stand-in/menu.ts';

/** Tray, notifications, menu, links and the machine under the app: with a real core, asked by the second. */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 240_000);
afterEach(() => cleanup.run());

interface Watch {
  readonly desktop: Desktop;
  readonly standIn: StandIn;
  readonly server: AlertmanagerDouble;
  readonly dataDirectory: string;
  /** Starts the app once more on the same folder. */
  readonly again: (more?: Partial<DesktopOptions>) => Promise<Desktop>;
}

const down = { alertname: 'Down', severity: 'critical', service: 'api' };
const slow = { alertname: 'Slow', severity: 'warning', service: 'web' };

async function watch(
  alerts: readonly Readonly<Record<string, string>>[],
  more: Partial<DesktopOptions> = {},
): Promise<Watch> {
  const server = await startAlertmanagerDouble(cleanup);
  server.setAlerts(alerts.map((labels) => ({ labels, annotations: { summary: 'It does not answer' } })));
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const configPath = writeConfiguration(folder, [{ name: 'prod', kind: 'alertmanager', url: server.url }]);
  const again = (other: Partial<DesktopOptions> = {}): Promise<Desktop> =>
    startDesktop({ dataDirectory, configPath, ...other }, cleanup);
  const desktop = await again(more);
  return { desktop, standIn: onStandIn(desktop), server, dataDirectory, again };
}

function onStandIn(desktop: Desktop): StandIn {
  if (desktop.standIn === undefined) throw new Error('only the stand-in can tell');
  return desktop.standIn;
}

/** Waits for the tray to say something like it. */
function trayToSay(standIn: StandIn, words: RegExp) {
  return eventually(
    `the tray says ${words.source}`,
    async () => {
      const tray = await standIn.ask('tray');
      if (tray !== undefined && words.test(tray.toolTip)) return tray;
      throw new Error(tray?.toolTip ?? 'there is no tray');
    },
    30_000,
  );
}

function shownNotifications(standIn: StandIn, count: number) {
  return eventually(
    `${count} notifications are shown`,
    async () => {
      const all = await standIn.ask('notifications');
      return all.filter(({ shows }) => shows > 0).length >= count ? all : undefined;
    },
    30_000,
  );
}

/** What the journal of an app that has ended says it did, in order. */
function auditIn(dataDirectory: string): readonly string[] {
  const database = new Database(join(dataDirectory, 'journal.db'), { fileMustExist: true });
  try {
    return database
      .prepare<[], string>("SELECT action || ': ' || outcome FROM audit ORDER BY id")
      .pluck()
      .all();
  } finally {
    database.close();
  }
}

describe('the tray', () => {
  it('follows well, firing, blind and paused, each with a picture of its own', async () => {
    const { standIn, server } = await watch([]);
    const pictures = new Map<string, string>();
    const well = await trayToSay(standIn, /Watched, and nothing fires/);
    pictures.set('well', well.image.png.toString('base64'));
    expect(well.image).toMatchObject({ isEmpty: false, isTemplate: false, width: 24, scaleFactors: [1, 2] });

    await standIn.ask('clickTrayMenu', ['Pause notifications', 'For 1 hour']);
    const paused = await trayToSay(standIn, /Nothing fires\. Notifications are paused until/);
    pictures.set('paused', paused.image.png.toString('base64'));
    await standIn.ask('clickTrayMenu', ['Resume notifications']);
    await trayToSay(standIn, /Watched, and nothing fires/);

    const front = await eventually('the window is in front', async () =>
      (await standIn.ask('windows')).find(({ isFocused }) => isFocused),
    );
    await standIn.ask('blurWindow', front.id);
    server.setAlerts([{ labels: down }, { labels: slow }]);
    const firing = await trayToSay(standIn, /2 firing, the worst critical/);
    pictures.set('firing', firing.image.png.toString('base64'));
    expect((await standIn.ask('app')).badgeCount).toBe(2);
    const [window] = await standIn.ask('windows');
    expect(window).toMatchObject({ isFocused: false, isFlashing: true });
    await standIn.ask('focusWindow', window?.id ?? 0);
    expect((await standIn.ask('windows'))[0]?.isFlashing).toBe(false);
    expect(firing.menu.map(({ label }) => label)).toEqual(
      expect.arrayContaining(['Open OpsSight', 'Quit OpsSight', expect.stringMatching(/^Critical: Down/)]),
    );

    server.answer = () => undefined;
    const blind = await trayToSay(standIn, /2 fired when last seen.*Blind/);
    pictures.set('blind', blind.image.png.toString('base64'));
    expect(new Set(pictures.values()).size).toBe(pictures.size);
    const states = inProject('test-results/states');
    mkdirSync(states, { recursive: true });
    for (const [name, png] of pictures) writeFileSync(join(states, `tray-${name}.png`), png, 'base64');
  }, 120_000);

  it('opens the incident that is clicked in it, and keeps the app when the window is closed', async () => {
    const { desktop, standIn } = await watch([down]);
    const tray = await trayToSay(standIn, /1 firing, critical/);
    const [window] = await standIn.ask('windows');
    await standIn.ask('closeWindow', window?.id ?? 0);
    await eventually('it is hidden', async () =>
      (await standIn.ask('windows'))[0]?.isVisible === false ? true : undefined,
    );
    const label = tray.menu.find((item) => item.label.startsWith('Critical:'))?.label ?? '';
    await standIn.ask('clickTrayMenu', [label]);
    const page = await desktop.page();
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    expect((await standIn.ask('windows'))[0]?.isVisible).toBe(true);
    await standIn.ask('clickTrayMenu', ['Quit OpsSight']);
    expect(await desktop.ended).toBe('0');
  });

  it('says that nothing is watched while no core runs, whatever it said before', async () => {
    const { standIn } = await watch([]);
    await trayToSay(standIn, /Watched/);
    for (let crash = 0; crash < 2; crash++) {
      const cores = await standIn.ask('utilityProcesses');
      for (const { pid } of cores) if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await trayToSay(standIn, /started again\. Nothing is watched yet/);
      await trayToSay(standIn, /Watched/);
    }
  });
});

describe('a notification', () => {
  it('is one for each incident, and its button acknowledges the incident', async () => {
    const { desktop, standIn } = await watch([down]);
    const [first] = await shownNotifications(standIn, 1);
    expect(first).toMatchObject({
      actions: ['Acknowledge', 'Snooze', 'Open'],
      urgency: 'critical',
      timeoutType: 'never',
      silent: false,
    });
    await standIn.ask('actOnNotification', 1, 0);
    await trayToSay(standIn, /Watched, and nothing fires/);
    const page = await desktop.page();
    await page.getByRole('row').filter({ hasText: 'TE' }).first().waitFor();
    expect((await standIn.ask('notifications')).length).toBe(1);
  });

  it('a click opens its incident, and neither a crash of the core nor of the window has it shown again', async () => {
    const { desktop, standIn } = await watch([down]);
    await shownNotifications(standIn, 1);
    const [window] = await standIn.ask('windows');
    await standIn.ask('crashWindow', window?.id ?? 0);
    for (const { pid } of await standIn.ask('utilityProcesses'))
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
    await trayToSay(standIn, /started again/);
    await trayToSay(standIn, /1 firing, critical/);
    await standIn.ask('clickNotification', 1);
    const page = await desktop.page();
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    const all = await standIn.ask('notifications');
    expect(all.map(({ shows }) => shows)).toEqual([1]);
  }, 90_000);

  it('has no markup of an alert’s: what would be a link is text', async () => {
    const { standIn } = await watch([
      {
        alertname: '<b>Down</b>\u202Egpj',
        severity: 'critical',
        service: '<a href="http://evil.example">x</a>&',
      },
    ]);
    const [first] = await shownNotifications(standIn, 1);
    expect(first?.body).not.toMatch(/[<>\u202E]/);
    expect(first?.title).not.toMatch(/[\u202A-\u202E\p{Cc}]/u);
    expect(first?.toastXml).toBe('');
  });
});

describe('the menu', () => {
  it('is the window’s keymap, and a click runs the command there', async () => {
    const { desktop, standIn } = await watch([]);
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await eventually('the menu has the commands', async () =>
      (await standIn.ask('applicationMenu'))?.some(({ label }) => label === 'Go') === true ? true : undefined,
    );
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
    const { desktop, standIn } = await watch([down]);
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

describe('a link', () => {
  it('opens its incident, also by a second start; one that does not exist the window says; others do nothing', async () => {
    const { desktop, standIn, again } = await watch([down]);
    await trayToSay(standIn, /1 firing/);
    const page = await desktop.page();
    await again({ args: ['opssight://incident/1'] }).then((second) => second.ended);
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
    expect(await page.evaluate(() => location.hash)).toBe('#/incident/1');
    for (const link of [
      'opssight://incident/1/../2',
      'opssight://evil@incident/9',
      'opssight://settings/1',
      'opssight://incident/2#x',
    ])
      await standIn.ask('secondInstance', ['app', link], '/');
    expect(await standIn.ask('openUrl', 'opssight://incident/9e9')).toBe(true);
    expect(await page.evaluate(() => location.hash)).toBe('#/incident/1');
    await standIn.ask('openUrl', 'opssight://incident/424242');
    await page.getByText('There is no such incident').waitFor();
    expect((await standIn.ask('app')).protocolClients).toEqual([]);
  });

  it('on the own command line is opened once there is a window', async () => {
    const { again, desktop } = await watch([down]);
    await trayToSay(onStandIn(desktop), /1 firing/);
    expect(await desktop.quit()).toBe('0');
    const linked = await again({ args: ['opssight://incident/1'] });
    const page = await linked.page();
    await page.getByRole('region', { name: 'Timeline' }).waitFor();
  });
});

describe('the machine', () => {
  it('tells the core that it sleeps, wakes and is locked; shutting down is an end in order', async () => {
    const { desktop, standIn, dataDirectory } = await watch([]);
    await trayToSay(standIn, /Watched/);
    for (const event of ['lock-screen', 'suspend', 'resume', 'unlock-screen'] as const)
      await standIn.ask('power', event);
    await trayToSay(standIn, /Watched/);
    await standIn.ask('power', 'shutdown');
    expect(await desktop.ended).toBe('0');
    expect(auditIn(dataDirectory)).toEqual([
      'power: lock',
      'power: suspend',
      'the machine woke: the system woke',
      'power: unlock',
    ]);
  });
});

describe('what is decided about the app', () => {
  it('zoom by keys, wheel and menu stays within its bounds and is kept', async () => {
    const { desktop, standIn, again } = await watch([]);
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
    const { desktop, standIn, again } = await watch([], { machine: { darkColors: true } });
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await eventually('the menu is there', async () =>
      (await standIn.ask('applicationMenu'))?.some(({ label }) => label === 'Commands') === true
        ? true
        : undefined,
    );
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
    const { desktop, standIn } = await watch([], { machine: { shortcutsTaken: ['CmdOrCtrl+Alt+O'] } });
    const page = await desktop.page();
    await page.getByRole('heading', { name: 'Inbox' }).waitFor();
    await eventually('the menu is there', async () =>
      (await standIn.ask('applicationMenu'))?.some(({ label }) => label === 'Go') === true ? true : undefined,
    );
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
    const { desktop, standIn, dataDirectory } = await watch([], { machine: { isPackaged: true } });
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
    const { standIn, desktop } = await watch([down], { machine: { platform: 'darwin' } });
    const tray = await trayToSay(standIn, /1 firing, critical/);
    expect(tray).toMatchObject({ title: '1', image: { isTemplate: true, width: 18, scaleFactors: [1, 2] } });
    const [first] = await shownNotifications(standIn, 1);
    expect(first).toMatchObject({ sound: 'Sosumi', id: expect.stringMatching(/^incident-\d+$/) as unknown });
    const menu = await eventually('the menu has the commands', async () => {
      const items = await standIn.ask('applicationMenu');
      return items?.some(({ label }) => label === 'Go') === true ? items : undefined;
    });
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
    const { standIn } = await watch([down], { machine: { platform: 'darwin', openedAtLogin: true } });
    await trayToSay(standIn, /1 firing, critical/);
    expect((await standIn.ask('windows'))[0]?.isVisible).toBe(false);
    await standIn.ask('clickTrayMenu', ['Open OpsSight']);
    expect((await standIn.ask('windows'))[0]?.isVisible).toBe(true);
  });

  it('Windows: five sizes, a picture on the button in the taskbar, and a name by which it may notify', async () => {
    const { standIn, server } = await watch([down], { machine: { platform: 'win32' } });
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
