import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ConsolePaths } from '../console-setup.ts';
import { defaultPaths } from '../paths.ts';

/**
 * What the command line says. Chromium's own switches, addresses that the system opens and whatever else
 * stand there too: only our options are read, and nothing is refused.
 */
export interface DesktopOptions extends ConsolePaths {
  /**
   * The app's own small files and Chromium's, within the data folder: another one is another console beside
   * the usual one. Electron's own choice would be a folder beside that of the configuration, `OpsSight` to
   * its `opssight`.
   */
  readonly userDataDirectory: string;
  /** Started with the system: the window waits until it is wanted. */
  readonly hidden: boolean;
}

/** @param home the person's home directory. */
export function readDesktopOptions(
  argv: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): DesktopOptions {
  const { values } = parseArgs({
    args: argv.slice(1),
    options: { config: { type: 'string' }, data: { type: 'string' }, hidden: { type: 'boolean' } },
    strict: false,
    allowPositionals: true,
  });
  const paths = defaultPaths(process.platform, environment, home);
  const dataDirectory = pathFrom(values.data, environment) ?? paths.dataDirectory;
  return {
    configurationPath: pathFrom(values.config, environment) ?? paths.configurationPath,
    dataDirectory,
    userDataDirectory: join(dataDirectory, 'desktop'),
    hidden: values.hidden === true,
  };
}

/** A relative path is from where the person called npm, which itself runs scripts in the checkout. */
function pathFrom(
  value: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  return resolve(environment['INIT_CWD'] ?? '', value);
}
