import { join } from 'node:path';
import { writeOwner, type ClaimFailure } from '#core/store/lock.ts';
import {
  addressOfOther,
  claimAsHost,
  coreStartFor,
  isConfigured,
  type ConsolePaths,
} from '../console-setup.ts';
import { startDemoFleet, type DemoFleet } from '../demo-fleet.ts';
import type { CoreState } from '../supervisor.ts';
import { startBrowserHost } from './browser-host.ts';
import { spawnFleet } from './demo-child.ts';

/**
 * One run of the browser host from claim to release: takes the data folder, starts the demo fleet where there
 * is no configuration, prints the address once the core serves, and ends everything in order when asked.
 */

export interface ServeOptions extends ConsolePaths {
  readonly port: number | undefined;
  /** The renderer's build. */
  readonly windowDirectory: string;
}

export interface Terminal {
  print(line: string): void;
  /** For what went wrong: standard error. */
  warn(line: string): void;
}

const demoEntry = join(import.meta.dirname, '../../demo/main.ts');

/** Serves until a signal says to end. @returns the exit code. */
export async function serveConsole(options: ServeOptions, terminal: Terminal): Promise<number> {
  const claim = await claimAsHost(options.dataDirectory);
  if (!claim.ok) return await showOther(claim.failure, options.dataDirectory, terminal);
  const signals = watchSignals();
  try {
    return await serveOwned(options, terminal, signals.asked);
  } finally {
    signals.release();
    claim.value.release();
  }
}

async function serveOwned(options: ServeOptions, terminal: Terminal, asked: Promise<void>): Promise<number> {
  const { configurationPath, dataDirectory, port, windowDirectory } = options;
  const configured = isConfigured(options);
  const demo = configured ? undefined : await startDemo(terminal);
  const settled = Promise.withResolvers<CoreState>();
  try {
    const host = await startBrowserHost({
      coreStart: coreStartFor(options, configured, demo),
      windowDirectory,
      port,
      onCoreState: (state) => {
        if (state.state === 'running' || state.state === 'stopped') settled.resolve(state);
      },
    });
    if (!host.ok) return refuse(host.failure, terminal);
    try {
      tellAddress(dataDirectory, host.value.address, terminal);
      const state = await Promise.race([settled.promise, asked]);
      if (host.value.supervisor.refusal !== undefined)
        return refuse(host.value.supervisor.state.message, terminal);
      if (state !== undefined) greet(state, host.value.address, { configurationPath, configured }, terminal);
      await asked;
      return 0;
    } finally {
      await host.value.close();
    }
  } finally {
    await demo?.close();
  }
}

async function startDemo(terminal: Terminal): Promise<DemoFleet | undefined> {
  const fleet = await startDemoFleet((args) => spawnFleet(demoEntry, args));
  if (fleet.ok) return fleet.value;
  terminal.warn(`${fleet.failure}; the console opens without it.`);
  return undefined;
}

function greet(
  state: CoreState,
  address: string,
  from: { readonly configurationPath: string; readonly configured: boolean },
  terminal: Terminal,
): void {
  if (state.state === 'stopped') terminal.warn(`${state.message} The window offers safe mode.`);
  terminal.print(
    from.configured
      ? `OpsSight runs with ${from.configurationPath}.`
      : `OpsSight runs with the demo fleet: there is no ${from.configurationPath} yet.`,
  );
  terminal.print('Open this address in a browser on this machine; Ctrl-C ends OpsSight.');
  terminal.print(address);
}

/** A second start is no failure where it can say where the first one is. */
async function showOther(failure: ClaimFailure, dataDirectory: string, terminal: Terminal): Promise<number> {
  if (failure.code !== 'conflict') return refuse(`${failure.message} ${failure.nextStep}`, terminal);
  const address = await addressOfOther(failure, dataDirectory);
  if (address === null) return refuse(`${failure.message} ${failure.nextStep}`, terminal);
  terminal.print(`OpsSight runs already with ${dataDirectory}:`);
  terminal.print(address);
  return 0;
}

function tellAddress(dataDirectory: string, address: string, terminal: Terminal): void {
  try {
    writeOwner(dataDirectory, address);
  } catch {
    // A full or read-only disk: only a second start suffers, and the core says the rest.
    terminal.warn(`The address cannot be noted in ${dataDirectory}: a second start will not find this one.`);
  }
}

function refuse(message: string, terminal: Terminal): number {
  terminal.warn(message);
  return 1;
}

/** The first signal asks for the end, the second one does not wait for it. */
function watchSignals(): { readonly asked: Promise<void>; readonly release: () => void } {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  let signals = 0;
  const listener = (): void => {
    signals++;
    // The core and the demo fleet end by themselves when this process is gone.
    if (signals > 1) process.exit(130);
    resolve();
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, listener);
  return {
    asked,
    release: () => {
      for (const name of names) process.off(name, listener);
    },
  };
}
