import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { openBrowser, openWindow, type ConsoleWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { ScriptedCore } from '#support/scripted-core.ts';
import { ScriptedHost } from '#support/scripted-host.ts';
import { evidenceScreens } from '#support/scripted-evidence-screens.ts';
import { inboxStates } from '#support/scripted-inbox-screens.ts';
import { logStates } from '#support/scripted-log-screens.ts';
import { screenStates, type ScreenState } from '#support/scripted-screens.ts';
import { settingsStates } from '#support/scripted-settings-screens.ts';
import { silenceStates } from '#support/scripted-silence-screens.ts';
import { traceStates } from '#support/scripted-trace-screens.ts';
import { verdictStates } from '#support/scripted-verdict-screens.ts';
import type { Browser } from 'playwright';

/**
 * Every state of every screen, dark and light, small and large: shown over the real protocol under the
 * real content security policy, checked by axe, and kept as a picture for a person to look at.
 */

const root = join(import.meta.dirname, '../..');
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
] as const;

const windowFiles = join(root, 'dist/renderer');
const preferences = { theme: 'system', keys: {} };

const everything = new Cleanup();
let browser: Browser;
/** A window costs more than a state: one shows all that leave its console and its permissions as they are. */
let shared: Promise<Place> | undefined;

test.beforeAll(async () => {
  browser = await openBrowser(everything);
});
test.afterAll(() => everything.run());

const themes = ['dark', 'light'] as const;
type Size = (typeof sizes)[number];
interface Look {
  readonly theme: (typeof themes)[number];
  readonly sizes: readonly Size[];
}

const everyLook: readonly Look[] = themes.map((theme) => ({ theme, sizes }));
const oneLook: readonly (readonly Look[])[] = themes.flatMap((theme) =>
  sizes.map((size) => [{ theme, sizes: [size] }]),
);
const isFull = process.env['OPSSIGHT_FULL'] === '1';

/**
 * With `npm test` each state in one of the four ways in its turn, and of the views of an investigation and of the
 * desktop's settings those alone in which something may look other than it is; with `npm run check` every state
 * in every way.
 */
const looksOf = (index: number): readonly Look[] =>
  isFull ? everyLook : (oneLook[index % oneLook.length] ?? everyLook);

for (const [index, [name, state]] of Object.entries({ ...screenStates, ...inboxStates }).entries())
  lookedAt(name, state, looksOf(index));

const sampled =
  /-(?:live|evidence|cached|blind|failed|unknown|hostile|problems|patterns|held|desktop|asked|asks)$/;
const investigation = Object.entries({
  ...logStates,
  ...traceStates,
  ...evidenceScreens,
  ...settingsStates,
  ...silenceStates,
  ...verdictStates,
});
for (const [index, [name, state]] of investigation
  .filter(([name]) => isFull || sampled.test(name))
  .entries()) {
  lookedAt(name, state, looksOf(index));
}

function lookedAt(name: string, state: ScreenState, looks: readonly Look[]): void {
  test(name, async () => {
    const cleanup = new Cleanup();
    try {
      const window = await openState(name, state, cleanup);
      const { page } = window;
      for (const { theme, sizes: wanted } of looks) {
        await page.emulateMedia({ colorScheme: theme });
        for (const size of wanted) await photograph(page, `${name}-${theme}`, size);
        expect(await violations(page), theme).toEqual([]);
      }
      await window.complain();
    } finally {
      await cleanup.run();
    }
  });
}

test('an address with a key: it leaves the address, and a new one is taken to the host', async () => {
  const cleanup = new Cleanup();
  try {
    const host = await ScriptedHost.start(windowFiles, new ScriptedCore({}), cleanup);
    const { page } = await openWindow(browser, `${host.address}#token=used`, cleanup);
    await expect(page).toHaveURL(/#\/inbox$/);
    const reloaded = page.waitForEvent('load');
    await page.evaluate(() => (location.hash = '#token=new'));
    await reloaded;
    await expect(page).toHaveURL(/#\/inbox$/);
  } finally {
    await cleanup.run();
  }
});

interface Place {
  readonly host: ScriptedHost;
  readonly window: ConsoleWindow;
}

async function openState(name: string, state: ScreenState, cleanup: Cleanup): Promise<ConsoleWindow> {
  const core = state.core();
  const needsOwn = state.notifications !== undefined || state.tolerated !== undefined;
  const { host, window } = needsOwn ? await openOwn(state, core, cleanup) : await goTo(name, state, core);
  await state.arrange?.(window.page, host, core);
  return window;
}

async function openOwn(state: ScreenState, core: ScriptedCore, cleanup: Cleanup): Promise<Place> {
  const host = await ScriptedHost.start(windowFiles, core, cleanup);
  const { notifications = 'granted' } = state;
  const address = `${host.address}${state.at ?? ''}`;
  const window = await openWindow(browser, address, cleanup, { preferences, notifications });
  for (const pattern of state.tolerated ?? []) window.tolerate(pattern);
  return { host, window };
}

/** The shared window begins anew before this core: as one that was just opened, with nothing kept. */
async function goTo(name: string, state: ScreenState, core: ScriptedCore): Promise<Place> {
  shared ??= openShared();
  const place = await shared;
  const { host, window } = place;
  const { page } = window;
  host.serve(core);
  await page.setViewportSize(sizes[0]);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.mouse.move(0, 0);
  await page.evaluate(
    (kept) => {
      localStorage.clear();
      localStorage.setItem('opssight.preferences', JSON.stringify(kept));
    },
    { ...preferences, tourSeen: true },
  );
  // Another query is another page to load; another fragment alone would not be.
  await page.goto(`${host.address}?${name}${state.at ?? ''}`);
  return place;
}

async function openShared(): Promise<Place> {
  const host = await ScriptedHost.start(windowFiles, new ScriptedCore({}), everything);
  const window = await openWindow(browser, host.address, everything, { preferences });
  return { host, window };
}

async function photograph(page: Page, name: string, size: Size): Promise<void> {
  await page.setViewportSize(size);
  await settled(page);
  await page.screenshot({ path: join(root, 'test-results/states', `${name}-${size.width}.png`) });
  expect(await outsideTheWindow(page), `${name} at ${size.width}`).toEqual([]);
}

/** Controls that stand out of the window at a side, where nobody could press them; a page too wide. */
function outsideTheWindow(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const controls = [...document.querySelectorAll('button, input, select, textarea, a')].flatMap(
      (control) => {
        const { left, right, width } = control.getBoundingClientRect();
        if (width === 0 || (left >= 0 && right <= innerWidth)) return [];
        return [`${control.textContent} from ${Math.round(left)} to ${Math.round(right)}`];
      },
    );
    const { scrollWidth } = document.documentElement;
    return scrollWidth <= innerWidth ? controls : [...controls, `the page is ${scrollWidth} wide`];
  });
}

/** Until fonts are there and nothing moves any more. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
}

/** axe as evaluated source: a script tag would rightly be refused. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run: (
          options: unknown,
        ) => Promise<{ violations: { id: string; nodes: { html: string; any: { message: string }[] }[] }[] }>;
      };
    };
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations: found } = await axe.run({
      resultTypes: ['violations'],
      runOnly: { type: 'tag', values: tags },
    });
    return found.flatMap(({ id, nodes }) =>
      nodes.map(
        (node) => `${id}: ${node.html.slice(0, 200)} ${node.any.map((check) => check.message).join('; ')}`,
      ),
    );
  });
}
