import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BrowserContext } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linkProtocol } from '#shared/browser-link.ts';
import { openBrowser } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { findChromium } from '../../scripts/provide/chromium.ts';
import { startLoopback } from './loopback-fixture.ts';

/**
 * Another page of the same browser, on another port of the same machine, tries to reach a console that
 * the person has open: what the door's table says, by a real browser's own requests.
 */

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

describe.skipIf(findChromium() === undefined)('a page of another origin (needs Chromium)', () => {
  let loopback: Awaited<ReturnType<typeof startLoopback>>;
  let context: BrowserContext;
  let foreignOrigin: string;

  beforeAll(async () => {
    loopback = await startLoopback();
    cleanup.add(() => loopback.close());
    foreignOrigin = await foreignSite();
    const browser = await openBrowser(cleanup);
    context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`http://${loopback.authority}/#token=${loopback.sessions.launchToken}`);
    await page.getByText('the console').waitFor();
    // The token is in no history, and the session is the browser's from here on.
    expect(page.url()).toBe(`http://${loopback.authority}/`);
    expect(await context.cookies()).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
  });

  async function foreignPage() {
    const page = await context.newPage();
    await page.goto(foreignOrigin);
    return page;
  }

  it('reads nothing, with or without asking first', async () => {
    const page = await foreignPage();
    const outcomes = await page.evaluate(async (origin) => {
      const attempts: [string, RequestInit][] = [
        ['/', {}],
        ['/', { credentials: 'include' }],
        ['/session', { method: 'POST', credentials: 'include', body: '{}' }],
        ['/session', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json' } }],
      ];
      return Promise.all(
        attempts.map(([path, init]) =>
          fetch(origin + path, init).then(
            () => 'read',
            () => 'refused',
          ),
        ),
      );
    }, `http://${loopback.authority}`);
    expect(outcomes).toEqual(['refused', 'refused', 'refused', 'refused']);
    await page.close();
  });

  it('opens no link', async () => {
    const page = await foreignPage();
    const outcome = await page.evaluate(
      ([address, protocol]) =>
        new Promise((resolve) => {
          const socket = new WebSocket(address!, [protocol!]);
          socket.addEventListener('open', () => resolve('open'));
          socket.addEventListener('error', () => resolve('refused'));
        }),
      [`ws://${loopback.authority}/link`, linkProtocol],
    );
    expect(outcome).toBe('refused');
    expect(loopback.opened).toEqual([]);
    await page.close();
  });

  it('shows it in no frame and runs none of its scripts', async () => {
    const page = await foreignPage();
    const outcome = await page.evaluate(async (origin) => {
      const load = (element: HTMLIFrameElement | HTMLScriptElement, url: string): Promise<string> =>
        new Promise((resolve) => {
          element.addEventListener('load', () => resolve('loaded'));
          element.addEventListener('error', () => resolve('refused'));
          element.src = url;
          document.body.append(element);
        });
      const frame = document.createElement('iframe');
      await load(frame, `${origin}/`);
      return [
        await load(document.createElement('script'), `${origin}/assets/main-Ab12Cd34.js`),
        frame.contentDocument,
      ];
    }, `http://${loopback.authority}`);
    expect(outcome).toEqual(['refused', null]);
    const framed = page.frames().filter((frame) => frame !== page.mainFrame());
    for (const frame of framed) expect(await frame.content()).not.toContain('the console');
    await page.close();
  });
});

/** A site on a port of its own. */
async function foreignSite(): Promise<string> {
  const server: Server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html');
    response.end('<!doctype html><title>foreign</title><link rel="icon" href="data:,"><body></body>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => new Promise((resolve) => server.close(resolve).closeAllConnections()));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
