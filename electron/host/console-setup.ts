import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { claimDataFolder, readOwner, type Claim, type ClaimFailure } from '#core/store/lock.ts';
import type { Result } from '#shared/result.ts';
import type { DemoFleet } from './demo-fleet.ts';
import type { CoreStart } from './port.ts';

/**
 * What both hosts do before a core starts: take the data folder (with the lock, the one thing of the core
 * that a host uses, so that host and core agree on who owns it), and decide what the core is told.
 */

/** How long a host that was just told to end may still hold the data folder. */
const claimWaitMs = 500;
/** How long another host may take from its claim to its address. */
const ownerWaitMs = 10_000;
const ownerPollMs = 100;

/** Where the four servers usually are; the core looks there and offers what it finds. */
const usualServers: CoreStart['discovery'] = [
  { kind: 'prometheus', url: 'http://127.0.0.1:9090' },
  { kind: 'alertmanager', url: 'http://127.0.0.1:9093' },
  { kind: 'loki', url: 'http://127.0.0.1:3100' },
  { kind: 'jaeger', url: 'http://127.0.0.1:16686' },
];

export interface ConsolePaths {
  readonly configurationPath: string;
  readonly dataDirectory: string;
}

export function claimAsHost(dataDirectory: string): Promise<Result<Claim, ClaimFailure>> {
  return claimDataFolder(dataDirectory, 'host', claimWaitMs);
}

/** @returns the address of the console that has the folder; null where it tells none in time. */
export async function addressOfOther(failure: ClaimFailure, dataDirectory: string): Promise<string | null> {
  const deadlineMs = performance.now() + ownerWaitMs;
  let address = failure.owner ?? null;
  while (address === null && performance.now() < deadlineMs) {
    await sleep(ownerPollMs);
    address = readOwner(dataDirectory);
  }
  return address;
}

/** Without a configuration there is the demo fleet, and servers are looked for. */
export function isConfigured({ configurationPath }: ConsolePaths): boolean {
  return existsSync(configurationPath);
}

export function coreStartFor(
  { configurationPath, dataDirectory }: ConsolePaths,
  configured: boolean,
  demo: DemoFleet | undefined,
): Omit<CoreStart, 'safeMode'> {
  return {
    dataDirectory,
    configurationPath,
    demo: demo?.address ?? null,
    discovery: configured ? [] : usualServers,
  };
}
