import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { startDesktop, type Desktop } from './driver.ts';
import { onStandIn } from './only-stand-in.ts';

/**
 * What a page that was taken over tries: each test tells its attack, and runs it as script in the real
 * window, in front of the real host. Nothing may get through, and the console must go on working.
 */

const cleanup = new Cleanup();
let desktop: Desktop;
let page: Page;
/** A server of the attacker's, and what reached it. */
let outside = '';
const reached: string[] = [];

beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
  const server: Server = createServer((request, response) => {
    reached.push(request.url ?? '');
    response.setHeader('Access-Control-Allow-Origin', '*');
    response.end('<script>document.title = "taken"</script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => void server.close());
  outside = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const folder = temporaryFolder(cleanup);
  const configPath = join(folder, 'opssight.yaml');
  writeFileSync(configPath, 'environment: test\nsources: []\n');
  desktop = await startDesktop(
    { dataDirectory: join(folder, 'data'), configPath, machine: { trayShown: false } },
    cleanup,
  );
  page = await desktop.page();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
}, 120_000);
afterAll(() => cleanup.run());

/** The window shows what it showed, is linked, and nothing came out. */
async function stillOurs(): Promise<void> {
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  expect(await page.title()).toBe('OpsSight');
  expect(await page.evaluate(() => document.querySelector('[data-taken]') === null)).toBe(true);
  expect(reached).toEqual([]);
}

describe('a page that was taken over', () => {
  const targets = [
    'https://evil.example/',
    'OUTSIDE/page',
    'app://opssight.example/',
    'app://evil@opssight/',
    'app://opssight/icon.svg',
    'app://opssight/assets/../../../etc/passwd',
    'javascript:void(document.body.setAttribute("data-taken",1))',
  ];
  it.each(targets)('cannot become %s: by location, by a link, by a form', async (target) => {
    const url = target.replace('OUTSIDE', outside);
    await page.evaluate((to) => {
      const attempts = [
        () => location.assign(to),
        () => {
          const link = Object.assign(document.createElement('a'), { href: to });
          document.body.append(link);
          link.click();
          link.remove();
        },
        () => {
          const form = Object.assign(document.createElement('form'), { action: to, method: 'post' });
          document.body.append(form);
          form.submit();
          form.remove();
        },
      ];
      for (const attempt of attempts)
        try {
          attempt();
        } catch {
          // Refused at once is as good as refused later.
        }
    }, url);
    await page.waitForTimeout(100);
    await stillOurs();
    expect(new URL(page.url()).hostname).toMatch(/^opssight/);
  });

  /** What Chromium itself refuses here, or does without a request: asked of the guards of the real window. */
  const elsewhere = [
    'file:///etc/passwd',
    'about:blank',
    'data:text/html,<title>taken</title>',
    'blob:app://opssight/1',
    'opssight://incident/1',
    'ms-msdt:/id',
    'smb://server/share',
    'chrome://gpu',
    'devtools://devtools/bundled/inspector.html',
    'view-source:app://opssight/',
  ];
  it.each(elsewhere)('cannot become %s, nor any frame of it', async (url) => {
    const refused = await desktop.evaluateMain(({ BrowserWindow }, to) => {
      const [window] = BrowserWindow.getAllWindows();
      return ['will-navigate', 'will-redirect', 'will-frame-navigate'].map((name) => {
        let prevented = false;
        const event = { url: to, isMainFrame: true, preventDefault: () => (prevented = true) };
        window?.webContents.emit(name, event, to);
        return prevented;
      });
    }, url);
    expect(refused).toEqual([true, true, true]);
  });

  it('opens no window, by script or by a link, whatever it is named', async () => {
    // For a link the stand-in can only close what Chromium has opened already: nobody must answer there.
    const made = await page.evaluate((to) => {
      const windows = [
        window.open(to),
        window.open('about:blank'),
        window.open('', 'x', 'width=10'),
        window.open(location.href),
      ];
      for (const target of ['_blank', 'other', '_top']) {
        const href = 'https://evil.example/popup';
        const link = Object.assign(document.createElement('a'), { href, target, rel: 'opener' });
        document.body.append(link);
        link.click();
        link.remove();
      }
      return windows.filter((one) => one !== null).length;
    }, `${outside}/popup`);
    expect(made).toBe(0);
    await page.waitForTimeout(200);
    const windows = await desktop.evaluateMain(
      ({ BrowserWindow }) => BrowserWindow.getAllWindows().length,
      null,
    );
    expect(windows).toBe(1);
    await stillOurs();
    expect(await onStandIn(desktop).ask('openedUrls')).toEqual([]);
  });

  it('has no frame, no webview, no plug-in: not of another origin, not of its own, not of text', async () => {
    await page.evaluate((to) => {
      for (const [name, attribute] of [
        ['iframe', 'src'],
        ['embed', 'src'],
        ['object', 'data'],
        ['webview', 'src'],
        ['frame', 'src'],
      ] as const)
        for (const url of [to, '/index.html', 'about:blank', 'data:text/html,x']) {
          const element = document.createElement(name);
          try {
            element.setAttribute(attribute, url);
          } catch {
            // Trusted types: not even as an attribute.
          }
          document.body.append(element);
        }
    }, `${outside}/frame`);
    await page.waitForTimeout(300);
    const frames = page.frames().map((frame) => frame.url());
    expect(frames.filter((url) => url.includes('index.html') || url.startsWith(outside))).toEqual([]);
    await page.evaluate(() => {
      for (const element of document.querySelectorAll('iframe,embed,object,webview,frame')) element.remove();
    });
    await stillOurs();
  });

  it('reaches no server: not by fetch, beacon, socket, event stream, image, style, script, font or worker', async () => {
    const outcome = await page.evaluate(async (to) => {
      const socket = to.replace('http', 'ws');
      const load = (name: string, attribute: string, rel?: string): Promise<string> =>
        new Promise((resolve) => {
          const element = document.createElement(name);
          if (rel !== undefined) element.setAttribute('rel', rel);
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => resolve('refused'));
          try {
            element.setAttribute(attribute, `${to}/${name}`);
          } catch {
            resolve('refused');
          }
          document.body.append(element);
          setTimeout(() => resolve('refused'), 500);
        });
      const failing = (make: () => unknown): Promise<string> =>
        new Promise((resolve) => {
          try {
            const made = make() as EventTarget;
            made.addEventListener('open', () => resolve('open'));
            made.addEventListener('error', () => resolve('refused'));
            setTimeout(() => resolve('refused'), 500);
          } catch {
            resolve('refused');
          }
        });
      navigator.sendBeacon(`${to}/beacon`, 'x');
      return Promise.all([
        fetch(`${to}/fetch`).then(
          () => 'fetched',
          () => 'refused',
        ),
        fetch(`${to}/no-cors`, { mode: 'no-cors' }).then(
          () => 'fetched',
          () => 'refused',
        ),
        failing(() => new WebSocket(`${socket}/socket`)),
        failing(() => new EventSource(`${to}/events`)),
        load('img', 'src'),
        load('script', 'src'),
        load('link', 'href', 'stylesheet'),
        load('link', 'href', 'preload'),
        load('video', 'src'),
        failing(() => new Worker(URL.createObjectURL(new Blob(['postMessage(1)'])))),
      ]);
    }, outside);
    expect(new Set(outcome)).toEqual(new Set(['refused']));
    await stillOurs();
  });

  it('reads no file of the machine through its own scheme', async () => {
    const answers = await page.evaluate(async () => {
      const paths = [
        '/../../../../etc/passwd',
        '/..%2f..%2f..%2fetc%2fpasswd',
        '/%2e%2e/%2e%2e/package.json',
        '/assets/..%5c..%5cpackage.json',
        '/%00',
        '//etc/passwd',
        '/desktop/main.js',
        '/INDEX.HTML',
        '/assets/',
      ];
      const statuses = await Promise.all(
        paths.map((path) =>
          fetch(path).then(
            ({ status }) => status,
            () => 404,
          ),
        ),
      );
      const methods = await Promise.all(
        ['POST', 'PUT', 'DELETE'].map(async (method) => (await fetch('/index.html', { method })).status),
      );
      return [...statuses, ...methods];
    });
    // A leading `//` names a host: it is no request of ours and fails in the page.
    expect(answers.slice(0, 9).every((status) => status === 404)).toBe(true);
    expect(answers.slice(9)).toEqual([405, 405, 405]);
  });

  it('is given no permission, no device, no screen and no download', async () => {
    const outcome = await page.evaluate(async () => {
      const states = await Promise.all(
        ['notifications', 'geolocation', 'camera', 'microphone', 'midi', 'clipboard-read'].map(
          async (name) => {
            try {
              return (await navigator.permissions.query({ name: name as PermissionName })).state;
            } catch {
              return 'denied';
            }
          },
        ),
      );
      const asked = await Promise.all([
        Notification.requestPermission(),
        navigator.mediaDevices.getUserMedia({ audio: true }).then(
          () => 'granted',
          () => 'denied',
        ),
        navigator.mediaDevices.getDisplayMedia().then(
          () => 'granted',
          () => 'denied',
        ),
      ]);
      return { states, asked };
    });
    expect(outcome.states).not.toContain('granted');
    expect(outcome.asked).toEqual(['denied', 'denied', 'denied']);
    const downloaded: (string | null)[] = [];
    page.on('download', (download) => void download.failure().then((failure) => downloaded.push(failure)));
    await page.evaluate(() => {
      const link = document.createElement('a');
      link.href = '/icon.svg';
      link.download = 'evil.exe';
      document.body.append(link);
      link.click();
      link.remove();
    });
    await page.waitForTimeout(200);
    // Where the browser tells of it at all, it tells that nothing was saved.
    expect(downloaded).not.toContain(null);
    await stillOurs();
  });

  it('finds nothing of Node or Electron, and cannot change what it was given', async () => {
    const found = await page.evaluate(() => {
      const global = globalThis as unknown as Record<string, unknown>;
      const names = [
        'require',
        'process',
        'module',
        'Buffer',
        'global',
        'electron',
        'ipcRenderer',
        '__dirname',
      ];
      const bridge = global['opssight'] as Record<string, unknown>;
      try {
        bridge['send'] = () => undefined;
        bridge['connect'] = () => undefined;
      } catch {
        // Frozen: as good.
      }
      return {
        globals: names.filter((name) => global[name] !== undefined),
        bridge: Object.keys(bridge),
        result: typeof (bridge['connect'] as () => unknown)(),
      };
    });
    expect(found.globals).toEqual([]);
    expect(found.bridge).toEqual(['connect']);
    expect(found.result).toBe('undefined');
  });

  it('runs no text as code', async () => {
    const outcome = await page.evaluate(
      () =>
        new Promise<string[]>((resolve) => {
          // From a timer: what the driver itself calls is exempt from the policy.
          setTimeout(() => {
            const attempt = (act: () => unknown): string => {
              try {
                act();
                return 'ran';
              } catch {
                return 'refused';
              }
            };
            const global = globalThis as unknown as Record<string, unknown>;
            const div = document.createElement('div');
            resolve([
              attempt(() => (global['eval'] as (code: string) => unknown)('1')),
              attempt(() => Reflect.construct(global['Function'] as never, ['return 1'])),
              attempt(() => Reflect.set(div, 'innerHTML', '<img src=x onerror=alert(1)>')),
              attempt(() => document.write('<script>1</script>')),
            ]);
          }, 0);
        }),
    );
    expect(outcome).toEqual(['refused', 'refused', 'refused', 'refused']);
    await stillOurs();
  });

  it('does not fool the window with ports of its own, nor the host with a flood of calls', async () => {
    await page.evaluate(() => {
      const { port1, port2 } = new MessageChannel();
      port1.postMessage({ kind: 'open-incident', incidentId: 1 });
      // From another origin or window, as a frame would: the source of this event is not the window.
      dispatchEvent(
        new MessageEvent('message', {
          data: { kind: 'opssight:ports', generation: 99 },
          origin: 'https://evil.example',
          ports: [port2],
        }),
      );
      const { connect } = (globalThis as unknown as { opssight: { connect: () => void } }).opssight;
      for (let turn = 0; turn < 500; turn++) connect();
    });
    await page.waitForTimeout(500);
    await eventually('the window is live again', async () => {
      await page.getByRole('heading', { name: 'Inbox' }).waitFor();
      return page.evaluate(() => document.querySelector('[role=alert]') === null || undefined);
    });
    await stillOurs();
  });
});

it('a link of an alert opens in the browser after a question, and only what is a web address', async () => {
  const standIn = onStandIn(desktop);
  const click = (href: string): Promise<void> =>
    page.evaluate((to) => {
      const link = Object.assign(document.createElement('a'), {
        href: to,
        target: '_blank',
        rel: 'noopener noreferrer',
      });
      document.body.append(link);
      link.click();
      link.remove();
    }, href);
  const before = (await standIn.ask('dialogs')).length;
  await standIn.ask('answerDialog', 'Open');
  await click('https://runbooks.opssight.example/disk');
  await eventually('it is opened', async () => (await standIn.ask('openedUrls'))[0]);
  await click('file:///etc/passwd');
  await click('https://user@runbooks.opssight.example/');
  await page.waitForTimeout(300);
  expect(await standIn.ask('openedUrls')).toEqual(['https://runbooks.opssight.example/disk']);
  expect((await standIn.ask('dialogs')).slice(before).map(({ message }) => message)).toEqual([
    'Open runbooks.opssight.example in your browser?',
  ]);
});
