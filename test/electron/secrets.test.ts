import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { startProxy } from '#support/proxy-server.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { findCanaries, newCanary } from '../security/canaries.ts';
import { startDesktop, type Desktop, type DesktopOptions } from './driver.ts';
import { needsStandIn, onStandIn } from './only-stand-in.ts';

/** Secrets of the desktop: typed once, kept by the system, given to the core, and seen nowhere else. */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 120_000);
afterEach(() => cleanup.run());

/** An Alertmanager that wants a token, and the tokens that it was shown. */
async function startGuarded(token: string): Promise<{ url: string; shown: string[] }> {
  const double = new AlertmanagerDouble();
  const shown: string[] = [];
  const server = createServer((request, response) => {
    const given = request.headers.authorization ?? '';
    shown.push(given);
    const answer = double.answer((request.url ?? '').split('?')[0] ?? '');
    const isLetIn = given === `Bearer ${token}` && answer !== undefined;
    response.writeHead(isLetIn ? 200 : 401, { 'content-type': 'application/json' });
    response.end(isLetIn ? JSON.stringify(answer) : JSON.stringify({ message: `not ${given}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.add(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, shown };
}

interface Place {
  readonly dataDirectory: string;
  readonly configPath: string;
}

function place(url: string, ...lines: readonly string[]): Place {
  const folder = temporaryFolder(cleanup);
  const configPath = join(folder, 'opssight.yaml');
  const source = [
    'sources:',
    '  - name: guarded',
    '    kind: alertmanager',
    `    url: ${url}`,
    '    poll: 1s',
  ];
  writeFileSync(configPath, `${[...source, ...lines.map((line) => `    ${line}`)].join('\n')}\n`);
  return { dataDirectory: join(folder, 'data'), configPath };
}

function open(where: Place, machine: DesktopOptions['machine'] = {}): Promise<Desktop> {
  return startDesktop({ ...where, machine: { trayShown: false, ...machine } }, cleanup);
}

async function press(page: Page, ...keys: readonly string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Where it starts, or where it was before it was loaded again. */
async function isShown(page: Page): Promise<void> {
  await page
    .getByRole('heading', { name: /^(Inbox|Settings)/ })
    .first()
    .waitFor();
}

/** Into the form of the one source, and to its token. */
async function editSource(page: Page): Promise<void> {
  await isShown(page);
  await press(page, 'g', ',');
  // Not any text that names it: what says that nothing is seen does too, as soon as the server has refused.
  await page.getByRole('gridcell', { name: 'guarded', exact: true }).click();
  await press(page, 'Enter');
  await page.getByLabel('Authentication').selectOption('bearer');
}

async function storeToken(page: Page, token: string): Promise<void> {
  await page.getByLabel('Type the token').fill(token);
  await page.getByRole('button', { name: 'Store', exact: true }).click();
  await page.getByRole('button', { name: /^Save/ }).click();
}

function letIn(shown: readonly string[], token: string): Promise<true> {
  return eventually('the server is shown the token', () =>
    shown.includes(`Bearer ${token}`) ? true : undefined,
  );
}

async function heapOf(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page);
  const chunks: string[] = [];
  session.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => chunks.push(chunk));
  await session.send('HeapProfiler.collectGarbage');
  await session.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
  return chunks.join('');
}

async function keptFile(desktop: Desktop): Promise<string> {
  const folder = await desktop.evaluateMain((electron) => electron.app.getPath('userData'), null);
  try {
    return readFileSync(join(folder, 'secrets.json'), 'utf8');
  } catch {
    return '';
  }
}

describe('a secret of the desktop', () => {
  it('is typed once, kept encrypted, and is the core’s alone, also after a restart', async () => {
    const token = newCanary(1);
    const { url, shown } = await startGuarded(token);
    const where = place(url);
    const desktop = await open(where);
    const page = await desktop.page();
    await editSource(page);
    await storeToken(page, token);
    await letIn(shown, token);

    const file = readFileSync(where.configPath, 'utf8');
    expect(file).toContain('${keychain:guarded-token}');
    const kept = await keptFile(desktop);
    expect(kept).toContain('guarded-token');
    for (const output of [file, kept, await page.content(), desktop.standIn?.output ?? ''])
      expect(findCanaries(output)).toEqual([]);
    // What was typed was in the page; a page that is loaded anew is told names, and never gets it back.
    await page.reload();
    await isShown(page);
    await press(page, 'g', ',');
    await page.getByText('${keychain:guarded-token}').first().waitFor();
    expect(findCanaries(await heapOf(page))).toEqual([]);

    await desktop.quit();
    shown.length = 0;
    const again = await open(where);
    await letIn(shown, token);
    await again.quit();
  });

  it('is not written without a keychain before the person agreed, in a dialog of the host’s', async () => {
    needsStandIn();
    const token = newCanary(2);
    const { url, shown } = await startGuarded(token);
    const where = place(url);
    const desktop = await open(where, { backend: 'basic_text' });
    const standIn = onStandIn(desktop);
    const page = await desktop.page();
    await editSource(page);
    await page.getByText('lasts until OpsSight is quit').waitFor();
    await storeToken(page, token);
    await letIn(shown, token);
    expect(await keptFile(desktop)).toBe('');

    await editSource(page);
    const agree = page.getByRole('button', { name: /^Keep them all the same/ });
    await agree.click();
    await eventually('the host asked', async () =>
      (await standIn.ask('dialogs')).some(({ message }) => message.includes('without a keychain'))
        ? true
        : undefined,
    );
    expect(await keptFile(desktop)).toBe('');
    await standIn.ask('answerDialog', 'Keep in the file');
    await agree.click();
    await page.getByText('only hides them, as agreed').waitFor();
    expect(await keptFile(desktop)).toContain('"plainAllowed":true');
    await desktop.quit();
    shown.length = 0;
    const again = await open(where, { backend: 'basic_text' });
    await letIn(shown, token);
    await again.quit();

    // Another session has another keychain: said by name, and nothing garbled is sent.
    shown.length = 0;
    const other = await open(where, { backend: 'kwallet6' });
    const otherPage = await other.page();
    await otherPage.getByRole('heading', { name: 'Inbox' }).waitFor();
    await press(otherPage, 'g', 'o');
    await otherPage.getByText('was stored with basic_text, and this session has kwallet6').first().waitFor();
    expect(shown).toEqual([]);
  });
});

it('is forgotten by keys alone, after a question: its list is empty, its file has no name of it, the core none of it', async () => {
  const token = newCanary(3);
  const { url, shown } = await startGuarded(token);
  const where = place(url);
  const desktop = await open(where);
  const page = await desktop.page();
  await editSource(page);
  await storeToken(page, token);
  await letIn(shown, token);
  await press(page, 'g', ',');
  await page.getByRole('button', { name: 'Desktop' }).focus();
  await press(page, 'Enter');
  const stored = page.getByRole('list', { name: 'Stored secrets' });
  await stored.getByText('guarded-token').waitFor();
  await stored.getByText('used by guarded').waitFor();
  const forget = page.getByRole('button', { name: 'Forget guarded-token' });
  await eventually('the keys reach its button', async () => {
    await press(page, 'Tab');
    return (await forget.evaluate((button) => button === document.activeElement)) ? true : undefined;
  });
  await press(page, 'Enter');
  await page.getByRole('dialog', { name: 'Forget guarded-token?' }).waitFor();
  expect(await keptFile(desktop)).toContain('guarded-token');
  await press(page, 'Enter');
  await page.getByText('Forgot guarded-token').waitFor();
  await page.getByText('None.').waitFor();
  expect(await keptFile(desktop)).not.toContain('guarded-token');
  await press(page, 'g', 'o');
  await page.getByText('is not in the keychain of this machine').first().waitFor();
  expect(findCanaries(await page.content())).toEqual([]);
});

it('goes to its servers as the system says', async () => {
  needsStandIn();
  const proxy = await startProxy({ status: 403 }, cleanup);
  const where = place('https://alerts.invalid');
  const desktop = await open(where, { proxy: `PROXY ${proxy.host}` });
  await eventually('the proxy is asked', () => (proxy.asked.length > 0 ? true : undefined));
  expect(proxy.asked[0]).toBe('CONNECT alerts.invalid:443');
  const page = await desktop.page();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await press(page, 'g', 'o');
  await page.getByText(`the proxy ${proxy.host} refuses the connection with status 403`).first().waitFor();
});
