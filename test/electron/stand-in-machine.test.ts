import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { inProject } from '../../scripts/project.ts';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { familyOf, stillRunning } from './driver.ts';
import { globalOf, inMain, startScript } from './fixture.ts';

/** What the stand-in keeps of the machine around an application, and what a test can do with it. */
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** 2 x 1 pixels, BGRA: blue, then half-transparent red. */
const bitmap = [255, 0, 0, 255, 0, 0, 255, 128];

describe('tray and menus', () => {
  test('the tray shows its image, tooltip and menu, whose items can be clicked', async () => {
    const standIn = startScript('bare-main.ts', cleanup);
    await inMain(
      standIn,
      ({ Menu, nativeImage, Tray }, pixels) => {
        const clicked: string[] = [];
        const image = nativeImage.createFromBitmap(Buffer.from(pixels), { width: 2, height: 1 });
        image.setTemplateImage(true);
        const tray = new Tray(image);
        tray.setToolTip('4 firing');
        tray.on('click', () => clicked.push('tray'));
        const submenu = [{ label: '1 hour', click: () => clicked.push('pause') }];
        tray.setContextMenu(
          Menu.buildFromTemplate([
            { label: 'Pause', submenu },
            { type: 'separator' },
            { label: 'Off', enabled: false, click: () => clicked.push('off') },
          ]),
        );
        Object.assign(globalThis, { clicked });
      },
      bitmap,
    );
    const tray = await standIn.ask('tray');
    expect(tray).toMatchObject({
      toolTip: '4 firing',
      image: { width: 2, height: 1, isTemplate: true, isEmpty: false },
      menu: [{ label: 'Pause', items: [{ label: '1 hour' }] }, { type: 'separator' }, { enabled: false }],
    });
    const path = join(temporaryFolder(cleanup), 'tray.png');
    writeFileSync(path, tray?.image.png ?? '');
    const read = await inMain(
      standIn,
      ({ nativeImage }, file) => nativeImage.createFromPath(file).getSize(),
      path,
    );
    expect(read).toEqual({ width: 2, height: 1 });
    await standIn.ask('clickTrayMenu', ['Pause', '1 hour']);
    await standIn.ask('clickTray');
    await expect(standIn.ask('clickTrayMenu', ['Off'])).rejects.toThrow('cannot be clicked');
    expect(await globalOf(standIn, 'clicked')).toEqual(['pause', 'tray']);
  });

  test("a key of the application's menu finds its item, and quit quits", async () => {
    const standIn = startScript('bare-main.ts', cleanup);
    await inMain(
      standIn,
      ({ Menu }) => {
        const clicked: string[] = [];
        const items = [
          { label: 'Inbox', accelerator: 'CmdOrCtrl+1', click: () => clicked.push('inbox') },
          {
            label: 'Shown only',
            accelerator: 'J',
            registerAccelerator: false,
            click: () => clicked.push('j'),
          },
        ];
        Menu.setApplicationMenu(
          Menu.buildFromTemplate([
            { label: 'Go', submenu: items },
            { label: 'App', submenu: [{ role: 'quit' }] },
          ]),
        );
        Object.assign(globalThis, { clicked });
      },
      undefined,
    );
    expect(await standIn.ask('pressAccelerator', 'Control+1')).toBe(true);
    expect(await standIn.ask('pressAccelerator', 'J')).toBe(false);
    expect(await globalOf(standIn, 'clicked')).toEqual(['inbox']);
    await standIn.ask('clickMenu', ['App', 'Quit OpsSight']);
    expect(await standIn.ended).toBe('0');
  });
});

describe('what the system tells', () => {
  test('notifications are shown, clicked, acted on and closed', async () => {
    const standIn = startScript('bare-main.ts', cleanup);
    await inMain(
      standIn,
      ({ Notification }) => {
        const heard: unknown[] = [];
        for (const title of ['one', 'two', 'three']) {
          const shown = new Notification({ title, actions: [{ type: 'button', text: 'Acknowledge' }] });
          shown.on('show', () => heard.push(`${title} show`));
          shown.on('click', () => heard.push(`${title} click`));
          shown.on('action', ({ actionIndex }) => heard.push(`${title} action ${actionIndex}`));
          shown.on('close', ({ reason }) => heard.push(`${title} close ${String(reason)}`));
          shown.show();
        }
        Object.assign(globalThis, { heard });
      },
      undefined,
    );
    await eventually('all are shown', async () =>
      (await standIn.ask('notifications')).every(({ isOpen }) => isOpen) ? true : undefined,
    );
    await standIn.ask('clickNotification', 1);
    await standIn.ask('actOnNotification', 2, 0);
    await standIn.ask('closeNotification', 3, 'timedOut');
    const isHeard = await eventually('all was heard', async () => {
      const heard = await globalOf<string[]>(standIn, 'heard');
      return heard.includes('three close timedOut') ? heard : undefined;
    });
    expect(isHeard).toEqual([
      'one show',
      'two show',
      'three show',
      'one click',
      'one close undefined',
      'two action 0',
      'two close undefined',
      'three close timedOut',
    ]);
    await expect(standIn.ask('clickNotification', 1)).rejects.toThrow('not on the screen');
  });

  test('power, displays, colours, shortcuts, addresses and dialogs', async () => {
    const standIn = startScript('bare-main.ts', cleanup, { machine: { shortcutsTaken: ['Ctrl+Alt+T'] } });
    const registered = await inMain(
      standIn,
      ({ app, dialog, globalShortcut, nativeTheme, powerMonitor, screen, shell }) => {
        const heard: unknown[] = [];
        powerMonitor.on('suspend', () => heard.push('suspend'));
        screen.on('display-removed', (_event, { id }) => heard.push(`display ${id} removed`));
        nativeTheme.on('updated', () => heard.push(`dark ${nativeTheme.shouldUseDarkColors}`));
        app.on('open-url', (event, url) => {
          event.preventDefault();
          heard.push(url);
        });
        Object.assign(globalThis, { heard });
        void shell.openExternal('https://runbooks.example/');
        void dialog
          .showMessageBox({ message: 'Sure?', buttons: ['No', 'Yes'] })
          .then(({ response }) => heard.push(`answer ${response}`));
        return [
          globalShortcut.register('Alt+Shift+O', () => heard.push('summoned')),
          globalShortcut.register('Alt+Control+T', () => undefined),
        ];
      },
      undefined,
    );
    expect(registered).toEqual([true, false]);
    await standIn.ask('power', 'suspend');
    const second = { x: 1920, y: 0, width: 800, height: 600 };
    const first = { id: 1, bounds: { ...second, x: 0 }, workArea: { ...second, x: 0 }, scaleFactor: 1 };
    await standIn.ask('setDisplays', [first, { id: 2, bounds: second, workArea: second, scaleFactor: 2 }]);
    await standIn.ask('setDisplays', [first]);
    await standIn.ask('systemColors', false);
    expect(await standIn.ask('pressGlobalShortcut', 'Shift+Alt+O')).toBe(true);
    expect(await standIn.ask('openUrl', 'opssight://incident/7')).toBe(true);
    expect(await standIn.ask('openedUrls')).toEqual(['https://runbooks.example/']);
    expect(await standIn.ask('dialogs')).toMatchObject([{ message: 'Sure?', buttons: ['No', 'Yes'] }]);
    expect(await globalOf(standIn, 'heard')).toEqual([
      'answer 0',
      'suspend',
      'display 2 removed',
      'dark false',
      'summoned',
      'opssight://incident/7',
    ]);
  });
});

describe('processes', () => {
  test('a utility process that is killed is told of', async () => {
    const standIn = startScript('bare-main.ts', cleanup);
    const entry = inProject('test/electron/stand-in/scripts/idle.ts');
    await inMain(
      standIn,
      ({ app, utilityProcess }, path) => {
        const heard: unknown[] = [];
        Object.assign(globalThis, { heard });
        app.on('child-process-gone', (_event, { reason, serviceName }) => heard.push(reason, serviceName));
        utilityProcess.fork(path, [], { serviceName: 'core' }).on('exit', (code) => heard.push(code !== 0));
      },
      entry,
    );
    const { pid } = await eventually('it runs', async () =>
      (await standIn.ask('utilityProcesses')).find(({ serviceName }) => serviceName === 'core'),
    );
    process.kill(pid, 'SIGKILL');
    const heard = await eventually('it is told', async () => {
      const all = await globalOf<unknown[]>(standIn, 'heard');
      return all.length === 3 ? all : undefined;
    });
    expect(heard).toEqual([true, 'killed', 'core']);
  });

  test('nothing is left of an application that was killed', async () => {
    const standIn = startScript('basic-main.ts', cleanup);
    await standIn.page();
    const family = familyOf(standIn.pid);
    expect(family.length).toBeGreaterThan(3);
    await standIn.kill();
    await eventually('every process is gone', () => (stillRunning(family).length === 0 ? true : undefined));
  });

  test.each(['win32', 'darwin'] as const)(
    'on %s it starts, paints and ends all the same',
    async (platform) => {
      const standIn = startScript('page-main.ts', cleanup, { args: ['--deny'], machine: { platform } });
      expect(await (await standIn.page()).title()).toBe('first');
      expect(await inMain(standIn, () => process.platform, undefined)).toBe(platform);
      const family = familyOf(standIn.pid);
      expect(await standIn.quit()).toBe('0');
      expect(stillRunning(family)).toEqual([]);
    },
  );

  test('a quit that a window prevents goes no further', async () => {
    const standIn = startScript('bare-main.ts', cleanup);
    await inMain(
      standIn,
      ({ app, BrowserWindow }) => {
        const heard: string[] = [];
        Object.assign(globalThis, { heard });
        app.on('before-quit', () => heard.push('before-quit'));
        app.on('will-quit', () => heard.push('will-quit'));
        new BrowserWindow({ show: false }).once('close', (event) => event.preventDefault());
      },
      undefined,
    );
    await standIn.ask('quit');
    expect(await globalOf(standIn, 'heard')).toEqual(['before-quit']);
    expect(await standIn.quit()).toBe('0');
  });
});
