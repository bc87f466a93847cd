import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { parse } from 'yaml';
import { inProject, projectRoot } from './project.ts';
import { ready, unavailable, type Provision } from './provide/provision.ts';

/**
 * Runs electron-builder over electron-builder.yml. Without Electron's binary it packs all the same, into a
 * stub in its place: everything of ours is then as it will be, and only what is Electron's is missing.
 */

export type PackagePlatform = 'linux' | 'win32' | 'darwin';

export interface PackageTarget {
  readonly platform: PackagePlatform;
  readonly arch: 'x64' | 'arm64';
}

export interface PackageRequest extends PackageTarget {
  /** Where the packages go; made anew. */
  readonly outDirectory: string;
  /** Folder of an unpacked Electron, or `stub`. */
  readonly electron: string;
  /** `directory`: the unpacked app only; else the installers of the platform. */
  readonly result: 'directory' | 'installers';
  /** Where an update feed will lie: its files are written beside the installers, and nothing is uploaded. */
  readonly feed?: string;
}

/** What of the configuration a stub cannot take, and why. */
export const skippedOnStub: readonly string[] = [
  'electronFuses (there is no binary to write them to)',
  'disableAsarIntegrity: no checksum of the archive is written into a binary that is not there',
  'signing of the executable, and its resources (there is none)',
];

export function readBuilderConfiguration(): Configuration {
  return parse(readFileSync(inProject('electron-builder.yml'), 'utf8')) as Configuration;
}

/** This machine, or why nothing can be packed for it. */
export function targetHere(): Provision<PackageTarget> {
  const { platform, arch } = process;
  if (platform !== 'linux' && platform !== 'win32' && platform !== 'darwin')
    return unavailable(`OpsSight is packed for Linux, macOS and Windows; this is ${platform}.`);
  if (arch !== 'x64' && arch !== 'arm64')
    return unavailable(`better-sqlite3 brings no binary for ${arch}; there are x64 and arm64.`);
  return ready({ platform, arch });
}

/**
 * @returns the folder of the unpacked app.
 * @throws with electron-builder's own words.
 */
export async function packageApp(request: PackageRequest): Promise<string> {
  const { platform, arch, outDirectory, electron, result, feed } = request;
  rmSync(outDirectory, { recursive: true, force: true });
  const isStub = electron === 'stub';
  // electron-builder reads the file itself, and joins lists of both: only what differs is said here.
  const config: Configuration = {
    directories: { output: outDirectory },
    electronDist: isStub ? makeStub(join(outDirectory, 'stub'), platform) : electron,
    ...(feed === undefined ? {} : { publish: { provider: 'generic', url: feed } }),
    ...(isStub
      ? { electronFuses: null, disableAsarIntegrity: true, win: { signAndEditExecutable: false } }
      : {}),
  };
  const { Arch, build, Platform } = await import('electron-builder');
  const targetPlatform = { linux: Platform.LINUX, win32: Platform.WINDOWS, darwin: Platform.MAC }[platform];
  await build({
    projectDir: projectRoot,
    config,
    publish: 'never',
    targets: targetPlatform.createTarget(result === 'directory' ? 'dir' : null, Arch[arch]),
  });
  const name = { linux: 'linux', win32: 'win', darwin: 'mac' }[platform];
  return join(
    outDirectory,
    `${name}${arch === 'x64' ? '' : `-${arch}`}${platform === 'darwin' ? '' : '-unpacked'}`,
  );
}

/** The folder of an unpacked app in which its archive lies. */
export function resourcesOf(folder: string, platform: PackagePlatform): string {
  return join(folder, platform === 'darwin' ? 'OpsSight.app/Contents/Resources' : 'resources');
}

/** How much of the app is ours: the archive, and what lies unpacked beside it. */
export function measurePackage(
  folder: string,
  platform: PackagePlatform,
): { readonly asarBytes: number; readonly unpackedBytes: number } {
  const archive = join(resourcesOf(folder, platform), 'app.asar');
  const outside = readdirSync(`${archive}.unpacked`, { recursive: true, withFileTypes: true });
  return {
    asarBytes: statSync(archive).size,
    unpackedBytes: outside
      .filter((entry) => entry.isFile())
      .reduce((total, { parentPath, name }) => total + statSync(join(parentPath, name)).size, 0),
  };
}

/** The least that electron-builder takes for an unpacked Electron. */
function makeStub(folder: string, platform: PackagePlatform): string {
  if (platform === 'darwin') return makeMacStub(folder);
  mkdirSync(join(folder, 'resources'), { recursive: true });
  writeStub(join(folder, platform === 'win32' ? 'electron.exe' : 'electron'));
  return folder;
}

/** A bundle and its helper, each with the property list that electron-builder reads and completes. */
function makeMacStub(folder: string): string {
  const contents = join(folder, 'Electron.app/Contents');
  const helper = join(contents, 'Frameworks/Electron Helper.app/Contents');
  for (const [bundle, name] of [
    [contents, 'Electron'],
    [helper, 'Electron Helper'],
  ] as const) {
    mkdirSync(join(bundle, 'MacOS'), { recursive: true });
    mkdirSync(join(bundle, 'Resources'), { recursive: true });
    writeStub(join(bundle, 'MacOS', name));
    writeFileSync(
      join(bundle, 'Info.plist'),
      `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict><key>CFBundleName</key><string>${name}</string></dict></plist>\n`,
    );
  }
  return folder;
}

function writeStub(path: string): void {
  writeFileSync(path, 'a stub, not Electron\n', { mode: 0o755 });
}
