import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failed, messageOf, success, type Result } from '#shared/result.ts';

/**
 * Starting at login on Linux, where Electron has nothing for it: a desktop entry in the autostart folder of
 * the person (Desktop Application Autostart Specification).
 */

/** @param environment of this process. @param home the person's home directory. */
export function autostartFile(
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const base = environment['XDG_CONFIG_HOME'];
  const folder = base === undefined || !base.startsWith('/') ? join(home, '.config') : base;
  return join(folder, 'autostart', 'opssight.desktop');
}

/** @param program absolute path of what is to be started. */
export function autostartEntry(program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=OpsSight',
    'Comment=Watches alerts',
    `Exec=${quoted(program)} --hidden`,
    'Icon=opssight',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** As the Desktop Entry Specification quotes: reserved characters escaped, then the string's own escapes. */
function quoted(program: string): string {
  const escaped = program.replaceAll(/["`$\\]/g, '\\$&').replaceAll('%', '%%');
  return `"${escaped.replaceAll('\\', '\\\\')}"`;
}

/** Writes it, or takes it away. @returns why that did not work. */
export function setAutostart(file: string, program: string, wanted: boolean): Result<void, string> {
  try {
    if (!wanted) {
      if (existsSync(file)) rmSync(file);
      return success(undefined);
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, autostartEntry(program));
    return success(undefined);
  } catch (error) {
    return failed(messageOf(error));
  }
}
