import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultPaths } from './paths.ts';

/**
 * The environment of the processes that a host starts.
 *
 * The core gets the host's own, because the configuration may refer to any variable (`${env:NAME}`) and
 * the host does not read the configuration. It loses what would change how Node itself runs: variables
 * meant for another program must not load code into the process that holds the credentials. Certificates
 * for the company's proxy stay. The demo fleet refers to nothing and gets next to nothing.
 *
 * Both are told where Node may keep compiled code: with it the sources are neither stripped of their types
 * nor compiled again at each start, and the stripper's 40 MB are not even loaded.
 */

type Environment = Readonly<Record<string, string | undefined>>;

const kept = new Set(['NODE_EXTRA_CA_CERTS']);
const dropped = /^(NODE_|ELECTRON_|DYLD_|LD_PRELOAD$|LD_AUDIT$|DEBUG$)/iu;
const demoNeeds = new Set(['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'TZ', 'LANG', 'SYSTEMROOT']);

export function coreEnvironment(environment: Environment): Record<string, string | undefined> {
  return withCompileCache(
    environment,
    pick(environment, (name) => kept.has(name) || !dropped.test(name)),
  );
}

export function demoEnvironment(environment: Environment): Record<string, string | undefined> {
  return withCompileCache(
    environment,
    pick(environment, (name) => demoNeeds.has(name.toUpperCase())),
  );
}

function withCompileCache(environment: Environment, picked: Environment): Record<string, string | undefined> {
  const { cacheDirectory } = defaultPaths(process.platform, environment, homedir());
  return { ...picked, NODE_COMPILE_CACHE: join(cacheDirectory, 'compiled') };
}

function pick(
  environment: Environment,
  wanted: (name: string) => boolean,
): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => wanted(name)));
}
