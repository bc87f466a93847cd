import type { BrowserContext, Request as PageRequest, Route } from 'playwright';
import { addresses } from './addresses.ts';
import { complaints } from './complaints.ts';
import { contentsOfPage, whenOpened, type StandInWebContents } from './contents-registry.ts';
import type { StandInSession } from './session.ts';

/**
 * Answers every request of a profile: navigations are put before the application first, a scheme's handler
 * answers what is its own, and the rest goes to the network where nobody forbids it.
 */
export async function serveRequests(context: BrowserContext, session: StandInSession): Promise<void> {
  await context.route('**/*', async (route) => {
    try {
      await serve(route, session);
    } catch (error) {
      complaints.add(`request ${route.request().url()}: ${String((error as Error).stack)}`);
      await route.abort('failed').catch(() => undefined);
    }
  });
  context.on('page', (page) => {
    // A page that no BrowserWindow opened is a popup, of which none may live.
    void whenOpened().then(() => (contentsOfPage(page) === undefined ? page.close() : undefined));
  });
}

async function serve(route: Route, session: StandInSession): Promise<void> {
  const request = route.request();
  const contents = contentsOf(request);
  const url = addresses.inElectron(request.url());
  if (request.isNavigationRequest()) {
    if (contents === undefined) return route.abort('aborted');
    const isMainFrame = request.frame() === contents.driver?.page.mainFrame();
    if (!contents.mayNavigate(url, isMainFrame)) return route.abort('aborted');
  }
  const handler = session.schemes.handlerFor(url);
  if (handler !== undefined) return answer(route, await handler(asRequest(request, url)), contents);
  if (addresses.inElectron(request.url()) !== request.url()) return route.abort('failed');
  const details = { url, method: request.method(), resourceType: 'other', id: 0, timestamp: Date.now() };
  const isLet = await session.requests.lets(details as unknown as Electron.OnBeforeRequestListenerDetails);
  if (!isLet) return route.abort('blockedbyclient');
  if (!request.isNavigationRequest() || contents === undefined) return route.continue();
  return followRedirects(route, request, contents);
}

/** The browser follows redirects unasked, so each hop is looked at before the browser hears of the first. */
async function followRedirects(
  route: Route,
  request: PageRequest,
  contents: StandInWebContents,
): Promise<void> {
  let first: Awaited<ReturnType<Route['fetch']>> | undefined;
  let url = request.url();
  const isMainFrame = request.frame() === contents.driver?.page.mainFrame();
  for (let hop = 0; hop < 20; hop++) {
    const response = await route.fetch({ url, maxRedirects: 0 }).catch(() => undefined);
    if (response === undefined) return route.abort('failed');
    first ??= response;
    const location = response.headers()['location'];
    if (response.status() < 300 || response.status() > 399 || location === undefined)
      return route.fulfill({ response: first });
    url = new URL(location, url).href;
    if (!contents.mayRedirect(addresses.inElectron(url), isMainFrame)) return route.abort('aborted');
  }
  return route.abort('failed');
}

async function answer(
  route: Route,
  response: Response,
  contents: StandInWebContents | undefined,
): Promise<void> {
  if (response.type === 'error') return route.abort('failed');
  const headers = Object.fromEntries(
    [...response.headers].map(([name, value]) => [name, inBrowserText(value)] as const),
  );
  const location = response.headers.get('location');
  const request = route.request();
  if (request.isNavigationRequest() && response.status >= 300 && response.status < 400 && location !== null) {
    const next = new URL(location, addresses.inElectron(request.url())).href;
    const isMainFrame = request.frame() === contents?.driver?.page.mainFrame();
    if (contents?.mayRedirect(next, isMainFrame) !== true) return route.abort('aborted');
  }
  const body = Buffer.from(await response.arrayBuffer());
  await route.fulfill({ status: response.status, headers, body });
}

/** Addresses of a scheme within a header, such as a policy's sources. */
function inBrowserText(value: string): string {
  return value.replaceAll(/[a-z][a-z0-9+.-]*:\/\/[^\s;,'"]+/gi, (url) => {
    const mapped = addresses.inBrowser(url);
    return /^[^/]*\/\/[^/]*$/.test(url) ? mapped.replace(/\/$/, '') : mapped;
  });
}

function asRequest(request: PageRequest, url: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers()))
    if (!name.startsWith(':')) headers.set(name, addresses.inElectron(value));
  const body = request.postDataBuffer();
  const method = request.method();
  const withBody = body !== null && method !== 'GET' && method !== 'HEAD';
  return new Request(url, { method, headers, ...(withBody ? { body: new Uint8Array(body) } : {}) });
}

function contentsOf(request: PageRequest): StandInWebContents | undefined {
  try {
    return contentsOfPage(request.frame().page());
  } catch {
    // A service worker's, or a page's that is not open yet: a popup's first.
    return undefined;
  }
}
