import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ensureDesktop, ensureRenderer } from './build.ts';
import { fetchCommand, findElectron, hereAndNow } from './electron-binary.ts';
import { packageApp, targetHere } from './packaging.ts';
import { inProject } from './project.ts';

/**
 * `npm run dist`: this platform's installers (AppImage and deb, dmg, nsis). Nothing is fetched unasked:
 * without Electron's binary or the tools that make installers it refuses, and names what would fetch them.
 * `--feed=https://…` writes the files of an update feed as well.
 */
export async function main(argv: readonly string[]): Promise<number> {
  const feed = argv.find((argument) => argument.startsWith('--feed='))?.slice('--feed='.length);
  const refusal = reasonAgainst(argv);
  if (refusal !== undefined) {
    console.error(refusal);
    return 1;
  }
  const target = targetHere();
  const electron = findElectron(hereAndNow());
  if (target.status !== 'ready' || electron === undefined) return 1;
  await ensureRenderer();
  await ensureDesktop();
  const outDirectory = inProject('dist/packages');
  await packageApp({
    ...target.thing,
    outDirectory,
    electron: electron.folder,
    result: 'installers',
    ...(feed === undefined ? {} : { feed }),
  });
  console.log(`The installers are in ${outDirectory}. docs/release.md says what comes next.`);
  return 0;
}

function reasonAgainst(argv: readonly string[]): string | undefined {
  const target = targetHere();
  if (target.status !== 'ready') return target.reason;
  if (findElectron(hereAndNow()) === undefined)
    return `No installer without Electron's binary: \`${fetchCommand}\` fetches it. \`npm run package\` packs around a stub.`;
  if (!argv.includes('--fetch-tools') && !existsSync(toolsFolder()))
    return (
      "No installer without electron-builder's tools, and they are not here: " +
      '`npm run dist -- --fetch-tools` lets it fetch them (fpm, AppImage runtime, NSIS) from GitHub.'
    );
  return undefined;
}

/** Where electron-builder keeps the tools that it fetched. */
function toolsFolder(): string {
  const named = process.env['ELECTRON_BUILDER_CACHE'];
  if (named !== undefined && named !== '') return named;
  if (process.platform === 'darwin') return join(homedir(), 'Library/Caches/electron-builder');
  if (process.platform === 'win32')
    return join(process.env['LOCALAPPDATA'] ?? homedir(), 'electron-builder', 'Cache');
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'electron-builder');
}
