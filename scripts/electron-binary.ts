import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inProject } from './project.ts';

/** Whether a desktop window can open here, decided by looking; nothing is fetched and nothing is started. */

export type DesktopReadiness =
  | { readonly kind: 'ready'; readonly binary: string }
  | { readonly kind: 'no-binary' }
  | { readonly kind: 'no-display' };

export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Folder of the package `electron`. Importing the package would fetch the binary. */
  readonly electronDirectory: string;
}

export const fetchCommand = 'npx install-electron';

export function desktopReadiness({
  platform,
  environment,
  electronDirectory,
}: Surroundings): DesktopReadiness {
  const binary = findElectron({ platform, environment, electronDirectory })?.binary;
  if (binary === undefined) return { kind: 'no-binary' };
  const needsDisplay = platform !== 'darwin' && platform !== 'win32';
  const display = environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '';
  return needsDisplay && display === '' ? { kind: 'no-display' } : { kind: 'ready', binary };
}

export function hereAndNow(): Surroundings {
  return {
    platform: process.platform,
    environment: process.env,
    electronDirectory: inProject('node_modules/electron'),
  };
}

/** The unpacked Electron: its folder, and the program in it. */
export interface UnpackedElectron {
  readonly folder: string;
  readonly binary: string;
}

/** As the package finds it itself: `path.txt` beside it names the program in its folder `dist`. */
export function findElectron({ electronDirectory, environment }: Surroundings): UnpackedElectron | undefined {
  const nameFile = join(electronDirectory, 'path.txt');
  if (!existsSync(nameFile)) return undefined;
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(electronDirectory, 'dist');
  const binary = join(folder, readFileSync(nameFile, 'utf8').trim());
  return existsSync(binary) ? { folder, binary } : undefined;
}
