import { execFileSync } from 'node:child_process';
import type { ElectronApplication, Page } from 'playwright';
import { inProject } from '../../scripts/project.ts';
import type { Cleanup } from '../support/cleanup.ts';
import { electronBinary } from './only-stand-in.ts';
import { startStandIn, type StandIn } from './stand-in/control.ts';
import type { StandInSettings } from './stand-in/settings.ts';

/**
 * The desktop app as a spec drives it: on the stand-in, or on real Electron where `OPSSIGHT_ELECTRON` names
 * its binary. What both can do is here; what only the stand-in can tell is in `standIn`, and a spec that
 * needs it is skipped on real Electron, with the reason: `only-stand-in.ts`.
 */
export interface Desktop {
  readonly kind: 'stand-in' | 'electron';
  /** The main process. */
  readonly pid: number;
  /** Resolves with the exit code or the signal of the main process. */
  readonly ended: Promise<string>;
  readonly standIn: StandIn | undefined;
  /** The core's process; none while it does not run. */
  corePids(): Promise<readonly number[]>;
  /** The console's page; after a crash of the renderer it may be another one than before. */
  page(): Promise<Page>;
  /** Runs a self-contained function in the main process. */
  evaluateMain<Argument, Answer>(
    run: (electron: typeof import('electron'), argument: Argument) => Answer,
    argument: Argument,
  ): Promise<Awaited<Answer>>;
  /** As its menu or the system would; resolves when the process has ended. */
  quit(): Promise<string>;
  /** SIGKILL of the main process. */
  kill(): Promise<void>;
}

export interface DesktopOptions {
  readonly dataDirectory: string;
  readonly configPath: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where not the app itself is driven but a script of a test's own. */
  readonly entry?: string;
  /** What the stand-in's machine is; real Electron takes what there is. */
  readonly machine?: Partial<Omit<StandInSettings, 'root'>>;
}

/** By this the app names the process to the system. */
const coreService = 'OpsSight core';

export async function startDesktop(options: DesktopOptions, cleanup: Cleanup): Promise<Desktop> {
  const binary = electronBinary();
  const args = ['--data', options.dataDirectory, '--config', options.configPath, ...(options.args ?? [])];
  if (binary !== undefined) return startElectron(binary, args, options, cleanup);
  const standIn = startStandIn(
    {
      entry: options.entry ?? inProject('electron/main.ts'),
      args,
      ...(options.env === undefined ? {} : { env: options.env }),
      settings: { ...options.machine, root: `${options.dataDirectory}-machine` },
    },
    cleanup,
  );
  return {
    kind: 'stand-in',
    pid: standIn.pid,
    ended: standIn.ended,
    standIn,
    corePids: async () => {
      const processes = await standIn.ask('utilityProcesses');
      return processes.flatMap(({ serviceName, pid }) => (serviceName === coreService ? [pid] : []));
    },
    page: () => standIn.page(),
    evaluateMain: (run, argument) => standIn.ask('evaluateMain', run.toString(), argument) as never,
    quit: () => standIn.quit(),
    kill: () => standIn.kill(),
  };
}

async function startElectron(
  binary: string,
  args: readonly string[],
  options: DesktopOptions,
  cleanup: Cleanup,
): Promise<Desktop> {
  const { _electron } = await import('playwright');
  const entry = options.entry ?? inProject('dist/desktop/main.js');
  const environment = Object.entries({ ...process.env, ...options.env });
  const env = Object.fromEntries(
    environment.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const app: ElectronApplication = await _electron.launch({
    executablePath: binary,
    args: [entry, ...args],
    env,
  });
  const child = app.process();
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(String(signal ?? code))),
  );
  cleanup.add(() => app.close().catch(() => undefined));
  return {
    kind: 'electron',
    pid: child.pid ?? 0,
    ended,
    standIn: undefined,
    corePids: () =>
      app.evaluate(
        (electron, wanted) =>
          electron.app.getAppMetrics().flatMap(({ name, pid }) => (name === wanted ? [pid] : [])),
        coreService,
      ),
    page: () => app.firstWindow(),
    evaluateMain: (run, argument) => app.evaluate(run as never, argument) as never,
    async quit() {
      await app.evaluate(({ app: electronApp }) => electronApp.quit()).catch(() => undefined);
      return ended;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** A process and everything that it started, itself first. */
export function familyOf(pid: number): readonly number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const family = [pid];
  for (const member of family)
    for (const [child = 0, parent] of table)
      if (parent === member && !family.includes(child)) family.push(child);
  return family;
}

/** Which of these processes still run; a zombie does not. */
export function stillRunning(pids: readonly number[]): readonly number[] {
  const states = execFileSync('ps', ['-eo', 'pid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  const running = new Set(
    states
      .map((line) => line.trim().split(/\s+/))
      .filter(([, state]) => state?.startsWith('Z') === false)
      .map(([pid]) => Number(pid)),
  );
  return pids.filter((pid) => running.has(pid));
}
