import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { unpackPackages } from './debian-packages.ts';
import { ready, unavailable, type Progress, type Provision } from './provision.ts';
import { runCommand } from '../run-command.ts';

/**
 * The real Prometheus and Alertmanager that the tests run against, in two generations, unpacked from
 * Debian's packages into a cache folder. They are never installed: their packages would start daemons.
 */

/** How to call each server: a program and its first arguments. One node_exporter serves both generations. */
export interface ServerCommands {
  readonly prometheus: Command;
  readonly alertmanager: Command;
  readonly nodeExporter: Command;
}
export type Command = readonly [file: string, ...args: string[]];

interface PackageSet {
  /** The Debian suite that has these versions. */
  readonly suite: string;
  readonly packages: readonly string[];
  /** Each binary with the start of the version that is expected of it. */
  readonly versions: Readonly<Record<string, string>>;
}

const packageSets = {
  old: {
    suite: 'bookworm',
    packages: ['prometheus', 'prometheus-alertmanager', 'prometheus-node-exporter'],
    versions: {
      'usr/bin/prometheus': '2.42.',
      'usr/bin/prometheus-alertmanager': '0.25.',
      'usr/bin/prometheus-node-exporter': '1.5.',
    },
  },
  new: {
    suite: 'sid',
    packages: ['prometheus', 'promtool', 'prometheus-alertmanager'],
    versions: { 'usr/bin/prometheus': '3.5.', 'usr/bin/prometheus-alertmanager': '0.33.' },
  },
} as const satisfies Record<string, PackageSet>;
export type Generation = keyof typeof packageSets;
export const generations = Object.keys(packageSets) as Generation[];

const limitMs = 10_000;

/** Unpacks what is missing of both generations. What cannot be had is told by `findServers`. */
export async function provideServers(progress: Progress): Promise<void> {
  for (const generation of generations) await unpackGeneration(generation, progress);
}

/** The servers of a generation that are in the cache folder, if they are of the version expected. */
export async function findServers(generation: Generation): Promise<Provision<ServerCommands>> {
  const reason =
    (await reasonAgainst(generation)) ?? (generation === 'old' ? undefined : await reasonAgainst('old'));
  if (reason !== undefined) return unavailable(reason);
  const folder = folderOf(generation);
  const alertmanager = withOwnShare(folder, join(folder, 'usr/bin/prometheus-alertmanager'));
  const [file, ...args] = alertmanager;
  const started = await runCommand(file, [...args, '--version'], { limitMs });
  if (started.exitCode !== 0)
    return unavailable(
      `Debian's Alertmanager reads templates under /usr/share, which \`unshare --mount\` would show it: ${started.output.trim()}`,
    );
  return ready({
    prometheus: [join(folder, 'usr/bin/prometheus')],
    alertmanager,
    nodeExporter: [join(folderOf('old'), 'usr/bin/prometheus-node-exporter')],
  });
}

/**
 * Debian's Alertmanager opens its templates by their absolute path. In a mount namespace of its own it
 * finds the unpacked package's folder there; the system's stays as it is.
 */
function withOwnShare(folder: string, binary: string): Command {
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const script = 'mount --bind "$1" /usr/share && shift && exec "$@"';
  return ['unshare', ...asRoot, '--mount', 'sh', '-c', script, 'sh', join(folder, 'usr/share'), binary];
}

async function unpackGeneration(generation: Generation, progress: Progress): Promise<void> {
  const { suite, packages } = packageSets[generation];
  const target = folderOf(generation);
  if (existsSync(target)) return;
  progress(`unpacking ${packages.join(', ')} of Debian ${suite} into ${target} …`);
  mkdirSync(cacheFolder(), { recursive: true });
  const working = `${target}.${process.pid}`;
  const problem = await unpackPackages(suite, packages, working);
  // Renamed only when whole, so that a run cut short leaves nothing that looks like the real thing.
  if (problem === undefined && !existsSync(target)) renameSync(working, target);
  else if (problem !== undefined) progress(problem);
  rmSync(working, { recursive: true, force: true });
}

async function reasonAgainst(generation: Generation): Promise<string | undefined> {
  const { suite, versions } = packageSets[generation];
  for (const [path, expected] of Object.entries(versions)) {
    const binary = join(folderOf(generation), path);
    if (!existsSync(binary))
      return `${path} of Debian ${suite} is not in ${cacheFolder()}; \`npm test real\` fetches it where it can`;
    const { output } = await runCommand(binary, ['--version'], { limitMs });
    const version = /version (\S+)/.exec(output)?.[1] ?? 'unknown';
    if (!version.startsWith(expected))
      return `${path} of Debian ${suite} is version ${version}, not ${expected}x; remove ${folderOf(generation)} to fetch it anew`;
  }
  return undefined;
}

function folderOf(generation: Generation): string {
  return join(cacheFolder(), packageSets[generation].suite);
}

function cacheFolder(): string {
  const base = process.env['XDG_CACHE_HOME'];
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'opssight-servers');
}
