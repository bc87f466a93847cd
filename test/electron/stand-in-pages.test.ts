import type { Page } from 'playwright';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { Cleanup } from '../support/cleanup.ts';
import { eventually } from '../support/eventually.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { globalOf, inMain, startScript } from './fixture.ts';
import type { StandIn } from './stand-in/control.ts';

/** What a page does becomes the events that Electron has for it, and is really stopped where refused. */
const cleanup = new Cleanup();
const applications = new Map<'--deny' | '--allow', StandIn>();
afterAll(() => cleanup.run());

/** The application whose guards do this, its page new and nothing asked yet. */
async function opened(guards: '--deny' | '--allow'): Promise<{ standIn: StandIn; page: Page }> {
  const standIn = applications.get(guards) ?? startScript('page-main.ts', cleanup, { args: [guards] });
  const isNew = !applications.has(guards);
  applications.set(guards, standIn);
  if (!isNew) {
    await inMain(
      standIn,
      async ({ BrowserWindow }) => {
        await BrowserWindow.getAllWindows()[0]?.loadURL('app://opssight/');
        (Reflect.get(globalThis, 'asked') as unknown[]).length = 0;
      },
      undefined,
    );
  }
  return { standIn, page: await standIn.page() };
}

/** Waits until the guards were asked this. */
function askedOf(standIn: StandIn, ...wanted: unknown[]): Promise<true> {
  return eventually(`asked ${JSON.stringify(wanted)}`, async () => {
    const asked = await globalOf<unknown[][]>(standIn, 'asked');
    return asked.some((one) => JSON.stringify(one) === JSON.stringify(wanted)) ? true : undefined;
  });
}

async function titleOf(standIn: StandIn): Promise<string> {
  return (await standIn.page()).title();
}

describe('a page', () => {
  test("is answered by the scheme's handler, with its headers and nobody else's", async () => {
    const { page } = await opened('--deny');
    const answer = await page.evaluate(async () => {
      const response = await fetch('/second');
      const missing = await fetch('/missing');
      return [response.headers.get('x-of'), await response.text(), missing.status];
    });
    expect(answer).toEqual(['handler', '<!doctype html><title>second</title>', 404]);
    const evil = await page.evaluate(
      () =>
        new Promise((resolve) => {
          addEventListener('securitypolicyviolation', (event) => resolve(event.violatedDirective));
          // From a timer: what runs in a debugger's own call is exempt from the policy.
          setTimeout(() => {
            // oxlint-disable-next-line no-eval
            globalThis.eval('1');
          });
        }),
    );
    expect(evil).toBe('script-src');
  });

  test('in a frame of its own can be told from the main frame', async () => {
    const { standIn, page } = await opened('--deny');
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = '/inner';
      document.body.append(frame);
    });
    await askedOf(standIn, 'will-frame-navigate', 'app://opssight/inner');
    const asked = await globalOf<unknown[][]>(standIn, 'asked');
    expect(asked).not.toContainEqual(['will-navigate', 'app://opssight/inner']);
  });
});

describe('navigation', () => {
  test('refused, leaves the page where it was', async () => {
    const { standIn, page } = await opened('--deny');
    await page.click('#out');
    await askedOf(standIn, 'will-navigate', 'https://outside.invalid/a');
    await page.evaluate(() => (location.href = '/second'));
    await askedOf(standIn, 'will-navigate', 'app://opssight/second');
    expect(await titleOf(standIn)).toBe('first');
    expect((await globalOf<unknown[][]>(standIn, 'asked')).map(([what]) => what)).not.toContain('request');
  });

  test('allowed, goes on', async () => {
    const { standIn, page } = await opened('--allow');
    await page.evaluate(() => (location.href = '/second'));
    await eventually('the second page is there', async () =>
      (await titleOf(standIn)) === 'second' ? true : undefined,
    );
    // The page has its title before the application hears that it has come.
    await eventually('the application knows where it is', async () =>
      (await standIn.ask('windows'))[0]?.url === 'app://opssight/second' ? true : undefined,
    );
  });

  test('to a scheme that makes no request is asked about, and then for leave to open it outside', async () => {
    const denied = await opened('--deny');
    await denied.page.click('#mail');
    await askedOf(denied.standIn, 'will-navigate', 'mailto:a@b.invalid');
    expect(await denied.standIn.ask('urlsOpenedByPages')).toEqual([]);
    const allowed = await opened('--allow');
    await allowed.page.click('#mail');
    await askedOf(allowed.standIn, 'permission', 'openExternal');
    await eventually('it was opened', async () =>
      (await allowed.standIn.ask('urlsOpenedByPages')).includes('mailto:a@b.invalid') ? true : undefined,
    );
  });

  test('by a redirect is asked about again', async () => {
    const { standIn, page } = await opened('--allow');
    await page.evaluate(() => (location.href = '/away'));
    await askedOf(standIn, 'will-redirect', 'https://outside.invalid/b');
  });

  test('in a new window is asked about and never opens one', async () => {
    const { standIn, page } = await opened('--deny');
    await page.click('#popup');
    await askedOf(standIn, 'window-open', 'https://outside.invalid/popup');
    const isNull = await page.evaluate(() => window.open('https://outside.invalid/script') === null);
    expect(isNull).toBe(true);
    await askedOf(standIn, 'window-open', 'https://outside.invalid/script');
    await eventually('no page but ours is left', () =>
      page.context().pages().length === 1 ? true : undefined,
    );
    const requests = (await globalOf<unknown[][]>(standIn, 'asked')).filter(([what]) => what === 'request');
    expect(requests).toEqual([]);
  });

  test('by a download asks the session', async () => {
    const { standIn, page } = await opened('--deny');
    await page.click('#download');
    await askedOf(standIn, 'will-download', 'app://opssight/file');
  });
});

describe('permissions', () => {
  test('a page is refused what the handlers refuse, and the handlers were asked', async () => {
    const { standIn, page } = await opened('--deny');
    const answers = await page.evaluate(async () => {
      const position = await new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          ({ code }) => resolve(code),
        ),
      );
      const notification = await Notification.requestPermission();
      const read = await navigator.clipboard.readText().then(
        () => 'given',
        (error: Error) => error.name,
      );
      return { position, notification, read };
    });
    expect(answers).toEqual({ position: 1, notification: 'denied', read: 'NotAllowedError' });
    await askedOf(standIn, 'permission', 'geolocation');
    await askedOf(standIn, 'permission', 'notifications');
    await askedOf(standIn, 'permission', 'clipboard-read');
  });

  test('a page is granted what they grant', async () => {
    const { page } = await opened('--allow');
    expect(await page.evaluate(() => Notification.requestPermission())).toBe('granted');
  });
});

describe('a renderer', () => {
  test('that crashes is told of, and loads again when asked', async () => {
    const { standIn, page } = await opened('--deny');
    await page.evaluate(() => (document.title = 'before the crash'));
    await standIn.ask('crashWindow', 1);
    await askedOf(standIn, 'render-process-gone', 'crashed');
    await eventually('a new page is there', async () =>
      (await titleOf(standIn)) === 'first' ? true : undefined,
    );
  });
});

describe('a second start', () => {
  test('gets no lock and tells the first what it was started with; after the end the lock is free', async () => {
    const root = join(temporaryFolder(cleanup), 'machine');
    const first = startScript('lock-main.ts', cleanup, { root });
    expect(await globalOf(first, 'isFirst')).toBe(true);
    const second = startScript('lock-main.ts', cleanup, { root, args: ['opssight://incident/7'] });
    expect(await second.ended).toBe('0');
    await eventually('the first heard of it', async () => {
      const starts = await globalOf<string[][]>(first, 'starts');
      return starts.length === 1 && starts[0]?.includes('opssight://incident/7') ? true : undefined;
    });
    await first.kill();
    const third = startScript('lock-main.ts', cleanup, { root });
    expect(await globalOf(third, 'isFirst')).toBe(true);
  });

  test('of five at once, one gets the lock', async () => {
    const root = join(temporaryFolder(cleanup), 'machine');
    const starts = Array.from({ length: 5 }, () => startScript('lock-main.ts', cleanup, { root }));
    const winners = await Promise.all(
      starts.map(async (standIn) => {
        const isFirst = await globalOf<boolean>(standIn, 'isFirst').catch(() => false);
        return isFirst ? 1 : 0;
      }),
    );
    expect(winners.reduce<number>((sum, one) => sum + one, 0)).toBe(1);
  });
});
