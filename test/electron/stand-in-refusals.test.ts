import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { inProject } from '../../scripts/project.ts';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { globalOf, inMain, startScript } from './fixture.ts';

/**
 * What Electron refuses, the stand-in refuses; each line names where Electron says so.
 *
 * | refusal | said in |
 * |---|---|
 * | enableSandbox after ready | docs/api/app.md |
 * | registerSchemesAsPrivileged after ready, or twice | docs/api/protocol.md |
 * | BrowserWindow, Tray before ready | docs/api/browser-window.md, docs/api/tray.md |
 * | screen before ready | docs/api/screen.md |
 * | powerMonitor before ready | docs/api/power-monitor.md; later Electron lets listeners be set (#21716) |
 * | utilityProcess.fork before ready | docs/api/utility-process.md |
 * | session and protocol.handle before ready | docs/api/session.md, docs/api/protocol.md |
 * | Notification before ready; nothing where unsupported | docs/api/notification.md |
 * | globalShortcut before ready | docs/api/global-shortcut.md |
 * | dialog before ready | docs/api/dialog.md |
 * | safeStorage before ready | docs/api/safe-storage.md |
 * | a preload without Node, and no ES module | docs/tutorial/sandbox.md, docs/tutorial/esm.md |
 * | a MessagePort over contextBridge is dead | electron#27024, vscode#116194 |
 * | a message with a transferred buffer is lost whole | electron#34905 |
 * | a MessagePortMain does not go to a worker thread | electron#33086 |
 * | a page's functions and prototypes do not cross | docs/api/context-bridge.md |
 */
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const scripts = 'test/electron/stand-in/scripts';

describe('before and after ready', () => {
  test('what must wait for ready throws before it, and what must come before throws after it', async () => {
    const standIn = startScript('attempts-main.ts', cleanup);
    const before = await eventually(
      'the attempts were made',
      async () => (await globalOf<Record<string, string> | undefined>(standIn, 'before')) ?? undefined,
    );
    expect(before).toEqual({
      'app.enableSandbox': 'done',
      'protocol.registerSchemesAsPrivileged': 'done',
      'the same again': 'protocol.registerSchemesAsPrivileged can be called only once (docs/api/protocol.md)',
      'new BrowserWindow': 'Cannot create BrowserWindow before app is ready',
      'new Tray': 'Cannot create Tray before app is ready',
      screen: "The 'screen' module can't be used before the app 'ready' event",
      'powerMonitor.on': "The 'powerMonitor' module can't be used before the app 'ready' event",
      'utilityProcess.fork': 'utilityProcess cannot be created before app is ready.',
      'session.defaultSession': 'Session can only be received when app is ready',
      'protocol.handle': 'Session can only be received when app is ready',
      'new Notification': 'Cannot create Notification before app is ready',
      'globalShortcut.register': 'globalShortcut cannot be used before the app is ready',
      'dialog.showMessageBox': 'dialog module can only be used after app is ready',
      'safeStorage.encryptString': 'Safe storage cannot be used before app is ready',
    });
    expect(await globalOf(standIn, 'storageBefore')).toEqual([false, 'unknown']);
    const {
      'app.enableSandbox': sandbox,
      'protocol.registerSchemesAsPrivileged': schemes,
      'the same again': again,
      ...others
    } = await globalOf<Record<string, string>>(standIn, 'after');
    expect(sandbox).toBe('app.enableSandbox() can only be called before app is ready');
    expect(schemes).toBe('protocol.registerSchemesAsPrivileged should be called before app is ready');
    expect(again).toBe(schemes);
    expect(new Set(Object.values(others))).toEqual(new Set(['done']));
    expect(await globalOf(standIn, 'portToWorker')).not.toBe('done');
  });
});

describe('what is not modelled', () => {
  test('throws with its name: an API, a method, an event, an option, a property that is set', async () => {
    const standIn = startScript('attempts-main.ts', cleanup);
    const messages = await inMain(
      standIn,
      ({ app, BrowserWindow, desktopCapturer, utilityProcess }) => {
        const messageOf = (attempt: () => unknown): string => {
          try {
            return `no error: ${String(attempt())}`;
          } catch (error) {
            return (error as Error).message;
          }
        };
        return [
          messageOf(() => desktopCapturer.getSources({ types: ['screen'] })),
          messageOf(() => app.getGPUFeatureStatus()),
          messageOf(() => app.on('gpu-info-update', () => undefined)),
          messageOf(() => new BrowserWindow({ kiosk: true })),
          messageOf(() => (app.userAgentFallback = 'x')),
          messageOf(() => utilityProcess.fork('x.js', [], { respondToAuthRequestsFromMainProcess: true })),
        ];
      },
      undefined,
    );
    expect(messages).toEqual([
      'the electron stand-in does not model desktopCapturer.getSources',
      'the electron stand-in does not model app.getGPUFeatureStatus',
      "the electron stand-in does not model app.on('gpu-info-update')",
      'the electron stand-in does not model the option kiosk of BrowserWindow',
      'the electron stand-in does not model setting app.userAgentFallback',
      'the electron stand-in does not model the option respondToAuthRequestsFromMainProcess of utilityProcess.fork',
    ]);
  });

  test('a window that is less confined than ours is refused', async () => {
    const standIn = startScript('attempts-main.ts', cleanup);
    const messages = await inMain(
      standIn,
      ({ BrowserWindow }) =>
        [
          { sandbox: false },
          { contextIsolation: false },
          { nodeIntegration: true },
          { webSecurity: false },
          { webviewTag: true },
        ].map((webPreferences) => {
          try {
            new BrowserWindow({ webPreferences }).destroy();
            return 'no error';
          } catch (error) {
            return (error as Error).message;
          }
        }),
      undefined,
    );
    expect(messages.map((message) => message.replace('the electron stand-in does not model ', ''))).toEqual([
      'a window without sandbox',
      'a window without context isolation',
      'a window with nodeIntegration',
      'a window without webSecurity',
      'a window with webviewTag',
    ]);
  });

  test('a scheme that was not made privileged before ready has no handler', async () => {
    const standIn = startScript('attempts-main.ts', cleanup);
    const message = await inMain(
      standIn,
      ({ protocol }) => {
        try {
          protocol.handle('other', () => new Response(''));
          return 'no error';
        } catch (error) {
          return (error as Error).message;
        }
      },
      undefined,
    );
    expect(message).toContain("protocol.handle('other')");
  });
});

describe('ports', () => {
  test('only a live MessagePortMain can be transferred, and only once', async () => {
    const standIn = startScript('attempts-main.ts', cleanup);
    const messages = await inMain(
      standIn,
      ({ MessageChannelMain }) => {
        const { port1, port2 } = new MessageChannelMain();
        const other = new MessageChannelMain();
        const native = new MessageChannel();
        const messageOf = (attempt: () => unknown): string => {
          try {
            attempt();
            return 'done';
          } catch (error) {
            return (error as Error).message;
          }
        };
        return [
          messageOf(() => port1.postMessage({}, [native.port1 as never])),
          messageOf(() => port1.postMessage({}, [other.port1])),
          messageOf(() => port1.postMessage({}, [other.port1])),
          messageOf(() => port1.postMessage(() => undefined)),
          messageOf(() => port2.close()),
        ];
      },
      undefined,
    );
    expect(messages).toEqual([
      'Port at index 0 is not a valid port',
      'done',
      'MessagePort was already transferred or closed',
      expect.stringContaining('could not be cloned'),
      'done',
    ]);
  });

  test('a message with a transferred buffer is lost whole; one without arrives', async () => {
    const standIn = startScript('basic-main.ts', cleanup);
    const page = await standIn.page();
    await eventually('ports came', () => page.evaluate(() => ('corePort' in window ? true : undefined)));
    const heard = await page.evaluate(async () => {
      const { corePort: port } = window as unknown as { corePort: MessagePort };
      const answers: unknown[] = [];
      const answered = new Promise<void>((resolve) =>
        port.addEventListener('message', ({ data }) => {
          const { asked } = data as { asked: unknown };
          answers.push(asked);
          if (asked === 'last') resolve();
        }),
      );
      const transferred = new Float64Array([1]);
      const post = (message: unknown, transfer: Transferable[]): void => port.postMessage(message, transfer);
      post({ transferred }, [transferred.buffer]);
      post({ cloned: new Float64Array([2]).length }, []);
      post('last', []);
      await answered;
      return { answers, lengthLeft: transferred.length };
    });
    expect(heard).toEqual({ answers: [{ cloned: 1 }, 'last'], lengthLeft: 0 });
  });
});

describe('the preload', () => {
  test('has no Node and shares no objects with the page; a port over the bridge is dead', async () => {
    const preload = inProject(join(scripts, 'sandbox-preload.cjs'));
    const standIn = startScript('page-main.ts', cleanup, { args: [`--preload=${preload}`] });
    const page = await standIn.page();
    const found = await page.evaluate(async () => {
      type Found = Record<'node' | 'port', Record<string, unknown>> &
        Record<string, (...args: unknown[]) => unknown>;
      const { found: given } = window as unknown as { found: Found };
      const messageOf = (attempt: () => unknown): string => {
        try {
          return `no error: ${String(attempt())}`;
        } catch (error) {
          return (error as Error).message;
        }
      };
      const rejection = (promise: unknown): Promise<string> =>
        (promise as Promise<unknown>).then(
          () => 'no rejection',
          (error: Error) => error.message,
        );
      return {
        node: given.node,
        portKeys: [typeof given.port['postMessage'], given.port instanceof MessagePort],
        portFromCall: typeof (given['portAgain']?.() as { postMessage?: unknown } | undefined)?.postMessage,
        sum: given['add']?.(1, 2),
        failure: messageOf(() => given['fail']?.()),
        later: await given['later']?.(new Float64Array([1])),
        answer: await given['ask']?.({ a: 1 }),
        refusal: await rejection(given['ask']?.('fail')),
        secret: (window as { secretOfPreload?: string }).secretOfPreload ?? 'unseen',
        isFrozen: Object.isFrozen(given),
        isReadOnly: Object.getOwnPropertyDescriptor(window, 'found')?.writable === false,
      };
    });
    expect(found).toEqual({
      node: {
        requireFs: 'module not found: node:fs',
        requireRelative: 'module not found: ./other.cjs',
        process: 'undefined',
        Buffer: 'undefined',
        global: 'undefined',
        setImmediate: 'undefined',
        filename: 'undefined',
        shell: "the electron stand-in does not model require('electron').shell",
        sendSync: 'the electron stand-in does not model ipcRenderer.sendSync',
        executeInMainWorld: 'the electron stand-in does not model contextBridge.executeInMainWorld',
      },
      portKeys: ['undefined', false],
      portFromCall: 'undefined',
      sum: 3,
      failure: 'as asked',
      later: { value: new Float64Array([1]) },
      answer: { value: { a: 1 }, from: 'app://opssight/' },
      refusal: "Error invoking remote method 'ask': Error: refused",
      secret: 'unseen',
      isFrozen: true,
      isReadOnly: true,
    });
  });

  test('an ECMAScript module is refused, and the page is without a preload', async () => {
    const preload = inProject(join(scripts, 'esm-preload.mjs'));
    const standIn = startScript('page-main.ts', cleanup, { args: [`--preload=${preload}`] });
    const page = await standIn.page();
    expect(await page.evaluate(() => 'found' in window)).toBe(false);
    expect(await globalOf(standIn, 'asked')).toContainEqual([
      'preload-error',
      expect.stringContaining('cannot be an ECMAScript module'),
    ]);
  });
});

describe('the machine', () => {
  test('without notifications none is shown, and isSupported says so', async () => {
    const standIn = startScript('attempts-main.ts', cleanup, { machine: { notificationsSupported: false } });
    const isSupported = await inMain(
      standIn,
      ({ Notification }) => {
        new Notification({ title: 'lost' }).show();
        return Notification.isSupported();
      },
      undefined,
    );
    expect(isSupported).toBe(false);
    const shown = await standIn.ask('notifications');
    expect(shown.filter(({ shows }) => shows > 0)).toEqual([]);
  });

  test('basic_text encrypts nothing unless it was asked for, and another backend cannot read it', async () => {
    const standIn = startScript('attempts-main.ts', cleanup, { machine: { backend: 'basic_text' } });
    const first = await inMain(
      standIn,
      async ({ safeStorage }) => {
        const before = await safeStorage.isAsyncEncryptionAvailable();
        const refused = await safeStorage.encryptStringAsync('x').catch((error: Error) => error.message);
        safeStorage.setUsePlainTextEncryption(true);
        const encrypted = await safeStorage.encryptStringAsync('password');
        return { before, refused, backend: safeStorage.getSelectedStorageBackend(), encrypted };
      },
      undefined,
    );
    expect(first).toMatchObject({
      before: false,
      refused: expect.stringContaining('Error while encrypting') as string,
      backend: 'basic_text',
    });
    expect(first.encrypted.toString('latin1')).not.toContain('password');
    await standIn.ask('setStorageBackend', 'kwallet6');
    const readable = await inMain(
      standIn,
      ({ safeStorage }, encrypted) =>
        safeStorage.decryptStringAsync(encrypted).then(
          ({ result }) => result,
          (error: Error) => error.message,
        ),
      first.encrypted,
    );
    expect(readable).toContain('Error while decrypting');
  });
});
