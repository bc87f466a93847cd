import { extractAll, extractFile, getRawHeader, listPackage } from '@electron/asar';
import { cpSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import {
  measurePackage,
  packageApp,
  readBuilderConfiguration,
  resourcesOf,
  type PackageTarget,
} from '../../scripts/packaging.ts';
import { inProject } from '../../scripts/project.ts';
import { startDesktop } from './driver.ts';
import { needsStandIn, onStandIn } from './only-stand-in.ts';

/**
 * What is in the packages: packed for each platform around a stub in Electron's place, and the archive
 * read. That the binary obeys its fuses only a real one can show; see docs/release.md.
 */

const cleanup = new Cleanup();
const targets: readonly (PackageTarget & { readonly prebuild: string })[] = [
  { platform: 'linux', arch: 'x64', prebuild: 'linux-x64' },
  { platform: 'win32', arch: 'x64', prebuild: 'win32-x64' },
  { platform: 'darwin', arch: 'arm64', prebuild: 'darwin-arm64' },
];
const packed = new Map<string, string>();

beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
  for (const { platform, arch } of targets) {
    const outDirectory = join(temporaryFolder(cleanup), 'packages');
    packed.set(
      platform,
      await packageApp({ platform, arch, outDirectory, electron: 'stub', result: 'directory' }),
    );
  }
}, 120_000);
afterAll(() => cleanup.run());

function archiveOf(platform: PackageTarget['platform']): string {
  return join(resourcesOf(packed.get(platform) ?? '', platform), 'app.asar');
}

/** Files, not folders, from the archive's root on. */
function filesIn(archive: string): readonly string[] {
  const paths = listPackage(archive, { isPack: false }).map((path) => path.slice(1).replaceAll('\\', '/'));
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`))).toSorted();
}

/** Each file of the archive is of one of these, and each of these has a file. */
const allowed: readonly RegExp[] = [
  /^package\.json$/,
  /^LICENSE$/,
  /^dist\/desktop\/(?:main|core-entry|demo-entry|[a-z]+-worker)\.js$/,
  /^dist\/desktop\/[\w-]+-[\w-]{8}\.js$/,
  /^dist\/desktop\/preload\.cjs$/,
  /^dist\/renderer\/index\.html$/,
  /^dist\/renderer\/assets\/[\w-]+-[\w-]{8}\.(?:js|css|svg|woff2)$/,
  /^resources\/demo\/alertmanager\.yml$/,
  /^resources\/demo\/rules\/[\w-]+\.yml$/,
  /^resources\/demo\/local-rules\/[\w-]+\.yml$/,
  /^resources\/demo\/runbooks\/[\w-]+\/[\w-]+\.md$/,
  /^resources\/icons\/512\.png$/,
  /^node_modules\/better-sqlite3\/(?:package\.json|LICENSE)$/,
  /^node_modules\/better-sqlite3\/lib\/(?:index|binding|database|util|sqlite-error)\.js$/,
  /^node_modules\/better-sqlite3\/lib\/methods\/\w+\.js$/,
  /^node_modules\/better-sqlite3\/prebuilds\/[\w-]+\.node$/,
];

describe.each(targets)('the archive for $platform $arch', ({ platform, prebuild }) => {
  it('holds exactly what the allow-list says', () => {
    const files = filesIn(archiveOf(platform));
    expect(files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
    expect(allowed.filter((pattern) => !files.some((file) => pattern.test(file)))).toEqual([]);
    // Each of the build is there: a thread that is missing would only be missed when it is started.
    expect(files.filter((file) => file.startsWith('dist/desktop/'))).toEqual(
      readdirSync(inProject('dist/desktop'))
        .map((name) => `dist/desktop/${name}`)
        .toSorted(),
    );
    for (const entry of ['main', 'core-entry', 'demo-entry', 'store-worker', 'parse-worker'])
      expect(files).toContain(`dist/desktop/${entry}.js`);
    expect(files.filter((file) => file.startsWith('resources/demo/'))).toEqual(
      readdirSync(inProject('resources/demo'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => relative(inProject('.'), join(parentPath, name)).replaceAll(sep, '/'))
        .toSorted(),
    );
  });

  it('has its own binary of SQLite and no other, outside of the archive, and nothing else is outside', () => {
    const own = `node_modules/better-sqlite3/prebuilds/${prebuild}.node`;
    const natives = filesIn(archiveOf(platform)).filter((file) => file.endsWith('.node'));
    expect(natives).toEqual([own]);
    const outside = readdirSync(`${archiveOf(platform)}.unpacked`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
    expect(outside).toEqual([`${prebuild}.node`]);
  });

  it('brings no Node, no test, no TypeScript and no source map, and stays small', () => {
    const folder = packed.get(platform) ?? '';
    const names = readdirSync(folder, { recursive: true }).map(String);
    const suspicious = /(?:^|[/\\])node(?:\.exe)?$|\.test\.|\.tsx?$|\.map$|\.pdb$/;
    expect([...names, ...filesIn(archiveOf(platform))].filter((name) => suspicious.test(name))).toEqual([]);
    const bytes = measurePackage(folder, platform);
    console.log(`RESULT ${JSON.stringify({ platform, ...bytes })}`);
    expect(bytes.asarBytes).toBeLessThan(8_000_000);
    expect(bytes.unpackedBytes).toBeLessThan(4_000_000);
  });

  it('tells of each file what it has to be, for the binary to check', () => {
    const { header } = getRawHeader(archiveOf(platform));
    const json = JSON.stringify(header);
    expect(json.match(/"algorithm":"SHA256"/g)?.length).toBe(filesIn(archiveOf(platform)).length);
  });
});

/** The one that runs here. */
const here = targets.find(({ platform, arch }) => platform === process.platform && arch === process.arch);

it('the packed app runs: window, preload, core with its threads, demo fleet', async (context) => {
  context.skip(here === undefined, `there is no package for ${process.platform} ${process.arch}`);
  const folder = join(temporaryFolder(cleanup), 'app');
  extractAll(archiveOf(here?.platform ?? 'linux'), folder);
  const place = temporaryFolder(cleanup);
  const desktop = await startDesktop(
    {
      entry: join(folder, 'dist/desktop/main.js'),
      dataDirectory: join(place, 'data'),
      configPath: join(place, 'none.yaml'),
    },
    cleanup,
  );
  const page = await desktop.page();
  // Painted from the core's store, which the demo fleet's Alertmanager filled.
  await page.getByText('LowFeatureAdoption').first().waitFor({ timeout: 30_000 });
  await page.keyboard.press('g');
  await page.keyboard.press(',');
  await page.getByRole('navigation', { name: 'Settings' }).getByText('Desktop').click();
  await page.getByText('Updates are off: no feed is configured.').waitFor();
  expect(await desktop.quit()).toBe('0');
});

it('an installed app that is started without its sandbox tells why and ends', async () => {
  needsStandIn();
  const place = temporaryFolder(cleanup);
  const desktop = await startDesktop(
    {
      entry: inProject('dist/desktop/main.js'),
      args: ['--no-sandbox'],
      dataDirectory: join(place, 'data'),
      configPath: join(place, 'none.yaml'),
      machine: { isPackaged: true },
    },
    cleanup,
  );
  expect(await desktop.ended).toBe('1');
  expect(onStandIn(desktop).output).toContain('OpsSight does not start with --no-sandbox');
  // Only Electron's own folder is there: the data were not touched.
  expect(readdirSync(join(place, 'data'))).toEqual(['desktop']);
});

/** What electron-builder would hand to fpm for the deb: it is stopped there, because fpm is not here. */
async function desktopEntryOfDeb(): Promise<{
  readonly entry: Readonly<Record<string, string>>;
  readonly packed: readonly string[];
}> {
  const folder = temporaryFolder(cleanup);
  const prepackaged = join(folder, 'app');
  cpSync(packed.get('linux') ?? '', prepackaged, { recursive: true });
  const handed: { args: readonly string[]; text: string }[] = [];
  const { Arch, build, Platform } = await import('electron-builder');
  await build({
    projectDir: inProject('.'),
    prepackaged,
    config: { directories: { output: join(folder, 'packages') } },
    publish: 'never',
    targets: Platform.LINUX.createTarget('deb', Arch.x64),
    effectiveOptionComputed: ([args, path]: [readonly string[], string]) => {
      handed.push({ args, text: readFileSync(path, 'utf8') });
      return Promise.resolve(true);
    },
  });
  const [{ args, text } = { args: [], text: '' }] = handed;
  const [head, ...lines] = text.trim().split('\n');
  expect(head).toBe('[Desktop Entry]');
  return {
    entry: Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    ),
    packed: args.filter((arg) => arg.includes('=/')),
  };
}

describe('electron-builder.yml', () => {
  const configuration = readBuilderConfiguration();

  it('sets each fuse as docs/security.md decides', () => {
    expect(configuration.electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('publishes nowhere and asks for no administrator', () => {
    expect(configuration.publish).toBeNull();
    expect(configuration.nsis?.perMachine).toBe(false);
    expect(configuration.mac?.hardenedRuntime).toBe(true);
    const entitlements = readFileSync(inProject(configuration.mac?.entitlements ?? ''), 'utf8');
    expect(entitlements.match(/<key>[^<]+<\/key>/g)).toEqual(['<key>com.apple.security.cs.allow-jit</key>']);
  });

  it('names registered categories, and the scheme of our links', () => {
    // Main categories first; `Monitor` is related to both of them (Desktop Menu Specification 1.1).
    expect(configuration.linux?.category).toBe('Network;System;Monitor;');
    expect(configuration.protocols).toEqual([{ name: 'OpsSight incident', schemes: ['opssight'] }]);
    const plist = readFileSync(join(packed.get('darwin') ?? '', 'OpsSight.app/Contents/Info.plist'), 'utf8');
    expect(plist.match(/<string>opssight<\/string>/g)?.length).toBe(1);
    expect(plist).toContain(`<string>${configuration.appId ?? ''}</string>`);
  });

  it('makes a deb whose desktop entry is named as the window, takes our links, and starts what is packed', async () => {
    const { entry, packed: files } = await desktopEntryOfDeb();
    expect(entry).toEqual({
      Name: 'OpsSight',
      GenericName: 'On-call console',
      Comment: "A desktop on-call console that still answers when the servers don't.",
      Exec: '/opt/OpsSight/opssight %U',
      Icon: 'opssight',
      Terminal: 'false',
      Type: 'Application',
      Categories: 'Network;System;Monitor;',
      Keywords: 'alert;incident;monitoring;prometheus;alertmanager;loki;jaeger;',
      MimeType: 'x-scheme-handler/opssight;',
      StartupWMClass: 'opssight',
      StartupNotify: 'true',
      SingleMainWindow: 'true',
    });
    // Electron names its windows by this: else the dock shows them beside the entry.
    const metadata = extractFile(archiveOf('linux'), 'package.json').toString();
    expect((JSON.parse(metadata) as { desktopName?: string }).desktopName).toBe('opssight.desktop');
    expect(files.map((file) => file.split('=').at(-1))).toEqual(
      expect.arrayContaining([
        '/opt/OpsSight',
        '/usr/share/applications/opssight.desktop',
        '/usr/share/icons/hicolor/256x256/apps/opssight.png',
      ]),
    );
  });

  it('has the name by which Windows knows the app’s notifications', () => {
    const part = readFileSync(inProject('electron/host/desktop/notify-natively.ts'), 'utf8');
    expect(part).toContain(`const appUserModelId = '${configuration.appId ?? ''}';`);
  });
});

describe('the icons', () => {
  const sizeOfPng = (png: Buffer): number =>
    png.toString('latin1', 1, 4) === 'PNG' ? png.readUInt32BE(16) : 0;
  const icon = (name: string): Buffer => readFileSync(inProject(`resources/icons/${name}`));

  it.each([16, 24, 32, 48, 64, 128, 256, 512, 1024])('%d.png is of its size', (size) => {
    expect(sizeOfPng(icon(`${size}.png`))).toBe(size);
  });

  it('Windows’ holds every size from 16 to 256', () => {
    const ico = icon('icon.ico');
    const offsets = Array.from({ length: ico.readUInt16LE(4) }, (_, index) =>
      ico.readUInt32LE(6 + 16 * index + 12),
    );
    expect(offsets.map((offset) => sizeOfPng(ico.subarray(offset)))).toEqual([16, 24, 32, 48, 64, 128, 256]);
  });

  it('Apple’s is whole and holds every size to 1024', () => {
    const icns = icon('icon.icns');
    expect(icns.readUInt32BE(4)).toBe(statSync(inProject('resources/icons/icon.icns')).size);
    const sizes = [];
    for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4))
      sizes.push(sizeOfPng(icns.subarray(at + 8)));
    expect([...new Set(sizes)].toSorted((a, b) => a - b)).toEqual([16, 32, 64, 128, 256, 512, 1024]);
  });
});
