import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type CommandOutcome } from '../run-command.ts';

/**
 * Downloads packages of any Debian suite and unpacks them into a folder, with package lists of its own:
 * the system's lists, sources and installed packages stay as they are. Needs no root.
 */

const limitMs = 5 * 60_000;

/** @returns undefined when all are unpacked into `target`; else why not, in one line. */
export async function unpackPackages(
  suite: string,
  packages: readonly string[],
  target: string,
): Promise<string | undefined> {
  if (!existsSync('/usr/bin/apt-get') || !existsSync('/usr/bin/dpkg-deb'))
    return `Debian ${suite}: this is not Debian, apt-get and dpkg-deb are missing`;
  const state = `${target}.apt`;
  try {
    return await download(suite, packages, state, target);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

async function download(
  suite: string,
  packages: readonly string[],
  state: string,
  target: string,
): Promise<string | undefined> {
  const archives = join(state, 'packages');
  for (const folder of ['lists/partial', 'cache/archives/partial', 'packages'])
    mkdirSync(join(state, folder), { recursive: true });
  const mirror = await findMirror(state);
  if (mirror === undefined) return `Debian ${suite}: apt names no Debian mirror`;
  writeFileSync(join(state, 'sources.list'), `deb ${mirror} ${suite} main\n`);
  const update = await aptGet(state, ['-qq', 'update'], archives);
  if (update.exitCode !== 0) return failure(suite, 'apt-get update', update);
  const downloaded = await aptGet(state, ['-qq', 'download', ...packages], archives);
  if (downloaded.exitCode !== 0) return failure(suite, 'apt-get download', downloaded);
  mkdirSync(target, { recursive: true });
  for (const archive of readdirSync(archives)) {
    const unpacked = await runCommand('dpkg-deb', ['-x', join(archives, archive), target], { limitMs });
    if (unpacked.exitCode !== 0) return failure(suite, `dpkg-deb -x ${archive}`, unpacked);
  }
  return undefined;
}

/** The mirror that apt is set up to use for Debian itself, told without its lists and without root. */
async function findMirror(state: string): Promise<string | undefined> {
  const { output } = await aptGet(state, ['update', '--print-uris'], state);
  const sites = [...output.matchAll(/^'(\S+)\/dists\/\S+\/InRelease'/gm)].map((match) => match[1] ?? '');
  return sites.find((site) => site.includes('debian') && !site.includes('security'));
}

function aptGet(state: string, args: readonly string[], cwd: string): Promise<CommandOutcome> {
  const ownSources = join(state, 'sources.list');
  const options = [
    ...(existsSync(ownSources)
      ? [`Dir::Etc::sourcelist=${ownSources}`, 'Dir::Etc::sourceparts=/dev/null']
      : []),
    `Dir::State::lists=${state}/lists`,
    `Dir::Cache=${state}/cache`,
    // As root, apt would drop to a user that may not write into our folder.
    'APT::Sandbox::User=root',
    'APT::Update::Error-Mode=any',
    'Acquire::Retries=2',
    'Acquire::Languages=none',
  ];
  return runCommand('apt-get', [...options.flatMap((option) => ['-o', option]), ...args], {
    cwd,
    limitMs,
  });
}

function failure(suite: string, step: string, outcome: CommandOutcome): string {
  const cause = outcome.timedOut ? 'timed out' : (outcome.output.trim().split('\n').at(-1) ?? '');
  return `Debian ${suite}: ${step} failed: ${cause}`;
}
