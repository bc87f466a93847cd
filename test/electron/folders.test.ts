import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import { inProject } from '../../scripts/project.ts';
import { inMain } from './fixture.ts';
import { needsStandIn } from './only-stand-in.ts';
import { startStandIn, type StandIn } from './stand-in/control.ts';

/** Where the desktop keeps its own files, which nobody told it: in the home of a person who is the test's. */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 120_000);
afterEach(() => cleanup.run());

function start(root: string, args: readonly string[]): StandIn {
  const entry = inProject('electron/main.ts');
  return startStandIn({ entry, args, settings: { root, trayShown: false } }, cleanup);
}

it('without options all that is the app’s lies in the one data folder, which is private', async () => {
  needsStandIn();
  const root = temporaryFolder(cleanup);
  const standIn = start(root, []);
  await (await standIn.page()).getByRole('heading', { name: 'Inbox' }).waitFor();
  const data = join(root, 'home/.local/share/opssight');
  expect(await inMain(standIn, ({ app }) => app.getPath('userData'), null)).toBe(join(data, 'desktop'));
  expect(readdirSync(data)).toContain('journal.db');
  for (const folder of [data, join(data, 'desktop')]) expect(statSync(folder).mode & 0o777).toBe(0o700);
  // Electron's own choice, which differs from the configuration's folder by two capitals only.
  expect(existsSync(join(root, 'home/.config/OpsSight'))).toBe(false);
  expect(await standIn.quit()).toBe('0');
});

it('a data folder that cannot be made is told by name, and the app ends', async () => {
  needsStandIn();
  const root = temporaryFolder(cleanup);
  writeFileSync(join(root, 'file'), '');
  const standIn = start(root, ['--data', join(root, 'file/data')]);
  expect(await standIn.ended).toBe('1');
  expect(standIn.output).toContain(`The folder ${join(root, 'file/data/desktop')} cannot be used`);
});
