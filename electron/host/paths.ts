import { isAbsolute, posix, win32 } from 'node:path';

/**
 * Where configuration and data are when nobody says otherwise: the XDG base directories, and what macOS
 * and Windows have in their place. Pure; creates and reads nothing.
 */
export interface DefaultPaths {
  readonly configurationPath: string;
  readonly dataDirectory: string;
  /** For what can be made again: Node's compiled code. */
  readonly cacheDirectory: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const configurationFile = 'opssight.yaml';

/** @param home the person's home directory. */
export function defaultPaths(
  platform: NodeJS.Platform,
  environment: Environment,
  home: string,
): DefaultPaths {
  if (platform === 'win32') {
    const roaming = environment['APPDATA'] ?? win32.join(home, 'AppData', 'Roaming');
    const local = environment['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local');
    return {
      configurationPath: win32.join(roaming, 'OpsSight', configurationFile),
      dataDirectory: win32.join(local, 'OpsSight', 'data'),
      cacheDirectory: win32.join(local, 'OpsSight', 'cache'),
    };
  }
  if (platform === 'darwin') {
    const support = posix.join(home, 'Library', 'Application Support', 'OpsSight');
    return {
      configurationPath: posix.join(support, configurationFile),
      dataDirectory: posix.join(support, 'data'),
      cacheDirectory: posix.join(home, 'Library', 'Caches', 'OpsSight'),
    };
  }
  return {
    configurationPath: posix.join(
      baseDirectory(environment['XDG_CONFIG_HOME'], posix.join(home, '.config')),
      'opssight',
      configurationFile,
    ),
    dataDirectory: posix.join(
      baseDirectory(environment['XDG_DATA_HOME'], posix.join(home, '.local', 'share')),
      'opssight',
    ),
    cacheDirectory: posix.join(
      baseDirectory(environment['XDG_CACHE_HOME'], posix.join(home, '.cache')),
      'opssight',
    ),
  };
}

/** A relative path there is invalid and to be ignored (XDG Base Directory Specification 0.8). */
function baseDirectory(value: string | undefined, otherwise: string): string {
  return value !== undefined && isAbsolute(value) ? value : otherwise;
}
