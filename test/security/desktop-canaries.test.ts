import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from 'playwright';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { startDesktop } from '../electron/driver.ts';
import { onStandIn } from '../electron/only-stand-in.ts';
import type { StandIn } from '../electron/stand-in/control.ts';
import { findCanaries, newCanary } from './canaries.ts';
import { makeCanaryWorld } from './canary-world.ts';

/**
 * The attack: a secret gets out of the desktop by what it prints, shows or leaves on the disk, above all
 * where it crashes. The same twenty as for the core; three of them were typed into the window.
 */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 240_000);
afterEach(() => cleanup.run());

/** What the stand-in keeps of the output. */
const keptOutputCharacters = 50_000;

test('twenty secrets leave the desktop by no output, notification, menu or file, though core and app crash', async () => {
  const folder = temporaryFolder(cleanup);
  const world = await makeCanaryWorld(folder, cleanup);
  const dataDirectory = join(folder, 'data');
  const desktop = await startDesktop(
    { dataDirectory, configPath: world.configurationPath, env: world.environment },
    cleanup,
  );
  const standIn = onStandIn(desktop);
  const page = await desktop.page();
  await page.getByText('Planted').first().waitFor();
  for (const [name, value] of world.kept) await typeSecret(page, name, value);
  await eventually('the servers have been sent the secrets', () =>
    ['00', '02', '08', '10', '15'].every((number) => world.heard().includes(`c4n4ry${number}`))
      ? true
      : undefined,
  );
  expectPlantedOnly(await shownBy(standIn));

  const cores = await standIn.ask('utilityProcesses');
  for (const { pid } of cores) if (pid !== undefined) process.kill(pid, 'SIGKILL');
  await eventually('the tray says so', async () =>
    (await standIn.ask('tray'))?.toolTip.includes('started again') === true ? true : undefined,
  );
  for (const key of ['g', 'i']) await page.keyboard.press(key);
  await page.getByText('Planted').first().waitFor();
  await desktop.evaluateMain((_electron, planted) => {
    setImmediate(() => {
      throw new Error(`planted ${planted}`);
    });
  }, newCanary(99));
  expect(await desktop.ended).toBe('1');

  expectPlantedOnly(standIn.output);
  expect(standIn.output).toContain('desktop.crashed');
  expect(standIn.output.length).toBeLessThan(keptOutputCharacters);
  const left = [...filesOf(dataDirectory), ...filesOf(`${dataDirectory}-machine`)];
  // The app's own folder and the browser's profile are among them, or the sweep proves little.
  const names = new Set(left.map((path) => basename(path)));
  const expected = ['journal.db', 'owner.json', 'secrets.json', 'Local State'];
  expect(expected.filter((name) => !names.has(name))).toEqual([]);
  const finds = left.map((path) => [path, findCanaries(readFileSync(path))] as const);
  expect(finds.flatMap(([, found]) => found)).toContain('99 as it is');
  expect(finds.filter(([, found]) => found.some((find) => !find.startsWith('99 ')))).toEqual([]);
});

/** Into the form of a source that has a token; its reference decides the name. */
async function typeSecret(page: Page, name: string, value: string): Promise<void> {
  for (const key of ['g', ',']) await page.keyboard.press(key);
  await page.getByRole('row', { name: /^s02/ }).click();
  await page.keyboard.press('Enter');
  await page.getByLabel('Token', { exact: true }).fill(`\${keychain:${name}}`);
  await page.getByLabel('Type the token').fill(value);
  await page.getByRole('button', { name: 'Store', exact: true }).click();
  await page.getByRole('button', { name: /Back$/ }).click();
  await page.getByRole('row', { name: /^s02/ }).waitFor();
}

/** Everything that the system was given to show. */
async function shownBy(standIn: StandIn): Promise<string> {
  const parts = [
    await standIn.ask('notifications'),
    (await standIn.ask('tray'))?.toolTip,
    (await standIn.ask('tray'))?.menu,
    await standIn.ask('applicationMenu'),
    await standIn.ask('dialogs'),
    (await standIn.ask('windows')).map(({ url, title }) => [url, title]),
    await standIn.ask('utilityProcesses'),
  ];
  return JSON.stringify(parts);
}

/** The planted one is there, so the place was really searched; and nothing else is. */
function expectPlantedOnly(output: string): void {
  const finds = findCanaries(output);
  expect(finds).toContain('99 as it is');
  expect(finds.filter((find) => !find.startsWith('99 '))).toEqual([]);
}

/** Every file below, but the private copy of the configuration, which has what the file has. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'last-good-configuration.yaml')
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).isFile());
}
