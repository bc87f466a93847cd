import { existsSync } from 'node:fs';
import { runCommand } from '../run-command.ts';
import { ready, unavailable, type Progress, type Provision } from './provision.ts';

/**
 * Finds the browser that the tests drive, and installs Debian's where this process may. Installing it is
 * the only change that the project ever makes to a system.
 */

const knownPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const installCommand = 'apt-get install --yes --no-install-recommends chromium';
const installLimitMs = 6 * 60_000;

/** The path of a Chromium that is there already; `OPSSIGHT_CHROMIUM` names another one. */
export function findChromium(): string | undefined {
  const named = process.env['OPSSIGHT_CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...knownPaths].find((path) => existsSync(path));
}

/** Flags under which Chromium runs in a test: its sandbox does not work for root. */
export function chromiumArguments(): readonly string[] {
  return process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

/** Installs Chromium where it is missing and this is root on Debian; else names the one command. */
export async function provideChromium(progress: Progress): Promise<Provision<string>> {
  const found = findChromium();
  if (found !== undefined) return ready(found);
  if (!existsSync('/usr/bin/apt-get'))
    return unavailable('no Chromium found; install it and name its path in OPSSIGHT_CHROMIUM');
  if (process.getuid?.() !== 0) return unavailable(`no Chromium found; run: sudo ${installCommand}`);
  progress('installing Chromium with apt-get (about a minute) …');
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const update = await runCommand('apt-get', ['-qq', 'update'], { env, limitMs: installLimitMs });
  const [file = '', ...args] = installCommand.split(' ');
  const install = await runCommand(file, args, { env, limitMs: installLimitMs });
  const installed = findChromium();
  if (installed !== undefined) return ready(installed);
  const lastLine = (install.output || update.output).trim().split('\n').at(-1) ?? '';
  return unavailable(`\`${installCommand}\` did not bring Chromium: ${lastLine}`);
}
