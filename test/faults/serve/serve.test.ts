import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { claimDataFolder } from '#core/store/lock.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/** The browser host's whole run with the real core, as processes: who starts, who ends, and what is left. */

const fixture = join(import.meta.dirname, 'serve-fixture.ts');
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

test('a second start shows the first one’s address; an orderly end leaves no process and no lock', async () => {
  const folders = prepare();
  const first = serve(folders);
  const address = await addressOf(first);
  expect(first.output.trim().split('\n')).toEqual([
    `OpsSight runs with ${folders.configurationPath}.`,
    'Open this address in a browser on this machine; Ctrl-C ends OpsSight.',
    address,
  ]);
  const second = serve(folders);
  expect(await second.ended).toBe(0);
  expect(second.output.trim().split('\n').at(-1)).toBe(address);

  const children = childrenOf(first.pid);
  expect(children).toHaveLength(1);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(children.filter(isRunning)).toEqual([]);
  for (const name of ['host', 'core'] as const) {
    const claim = await claimDataFolder(folders.dataDirectory, name, 0);
    expect(claim.ok, name).toBe(true);
    if (claim.ok) claim.value.release();
  }
});

test('a host that is killed leaves neither core nor demo fleet behind, and the next start works', async () => {
  const folders = { ...prepare(), configurationPath: join(temporaryFolder(cleanup), 'absent.yaml') };
  const first = serve(folders);
  await addressOf(first);
  expect(first.output).toContain('demo fleet');
  const children = childrenOf(first.pid);
  expect(children).toHaveLength(2);
  first.child.kill('SIGKILL');
  await eventually('core and demo fleet have ended', () => (children.some(isRunning) ? undefined : true));
  const next = serve(folders);
  await addressOf(next);
  next.child.kill('SIGINT');
  expect(await next.ended).toBe(0);
});

test('a window that is not built is a sentence and exit code 1', async () => {
  const run = serve({ ...prepare(), windowDirectory: temporaryFolder(cleanup) });
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('npm run build');
});

function prepare() {
  const windowDirectory = temporaryFolder(cleanup);
  writeFileSync(join(windowDirectory, 'index.html'), '<p>the console</p>');
  const configurationPath = join(temporaryFolder(cleanup), 'opssight.yaml');
  writeFileSync(configurationPath, 'sources: []\n');
  return { windowDirectory, configurationPath, dataDirectory: join(temporaryFolder(cleanup), 'data') };
}

interface Run {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Both streams together. */
  output: string;
  readonly ended: Promise<number | null>;
}

function serve(folders: ReturnType<typeof prepare>): Run {
  const { configurationPath, dataDirectory, windowDirectory } = folders;
  const child = spawn(process.execPath, [fixture, configurationPath, dataDirectory, windowDirectory], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanup.add(() => child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run: Run = { child, pid: child.pid!, output: '', ended };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (run.output += chunk.toString()));
  return run;
}

function addressOf(run: Run): Promise<string> {
  return eventually('the console prints its address', () => {
    if (run.child.exitCode !== null) throw new Error(`it ended with ${run.child.exitCode}: ${run.output}`);
    return /^http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/mu.exec(run.output)?.[0];
  });
}

/** Reads Linux' process table. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((candidate) => candidate > 0 && statusOf(candidate)?.parent === pid);
}

function isRunning(pid: number): boolean {
  const status = statusOf(pid);
  return status !== undefined && status.state !== 'Z';
}

function statusOf(pid: number): { readonly state: string; readonly parent: number } | undefined {
  try {
    const fields = /\) (\w) (\d+)/u.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return fields === null ? undefined : { state: fields[1]!, parent: Number(fields[2]) };
  } catch {
    // It has ended.
    return undefined;
  }
}
