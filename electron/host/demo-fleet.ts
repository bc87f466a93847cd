import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { failed, success, type Result } from '#shared/result.ts';
import type { DemoFleetAddress } from './port.ts';

/**
 * Keeps the demo fleet running as a process of its own while there is no configuration. It says first where
 * it serves; one that dies is started again at the same ports, so that the core, which was told once, finds
 * it again. How a process is made is the host's business; it must end with the host, however that ends.
 */

export interface DemoFleet {
  readonly address: DemoFleetAddress;
  /** Ends the fleet. Resolves when its process is gone. */
  readonly close: () => Promise<void>;
}

/** A fleet's process, however the host makes one. */
export interface FleetProcess {
  /** What it said first, not checked; undefined where it ended before or said what is no data. Never rejects. */
  readonly said: Promise<unknown>;
  /** Resolves when it is gone, also where it could not be started. Never rejects. */
  readonly ended: Promise<void>;
  askToEnd(): void;
  kill(): void;
}

/** @param args the fleet's arguments, as `electron/demo/main.ts` tells them. */
export type SpawnFleet = (args: readonly string[]) => FleetProcess;

const startMs = 10_000;
const restartPauseMs = 1_000;
const endGraceMs = 1_000;
const loopbackUrl = v.pipe(v.string(), v.regex(/^http:\/\/127\.0\.0\.1:\d{1,5}\/?$/u));
const folder = v.pipe(v.string(), v.maxLength(4_096));
const addressSchema = v.object({
  prometheus: loopbackUrl,
  alertmanager: loopbackUrl,
  loki: loopbackUrl,
  jaeger: loopbackUrl,
  rulesFolder: folder,
  runbooksFolder: folder,
});

/** @returns the running fleet, or why it did not start. */
export async function startDemoFleet(spawn: SpawnFleet): Promise<Result<DemoFleet, string>> {
  const first = spawn([]);
  const address = await readAddress(first);
  if (address === undefined) {
    first.kill();
    return failed('the demo fleet did not start');
  }
  const ports = [
    ['--prometheus-port', new URL(address.prometheus).port],
    ['--alertmanager-port', new URL(address.alertmanager).port],
    ['--loki-port', new URL(address.loki).port],
    ['--jaeger-port', new URL(address.jaeger).port],
  ].flat();
  let current = first;
  let restart: NodeJS.Timeout | undefined;
  let closing = false;
  const keep = (fleet: FleetProcess): void => {
    current = fleet;
    void fleet.ended.then(() => {
      if (!closing) restart = setTimeout(() => keep(spawn(ports)), restartPauseMs);
    });
  };
  keep(first);
  return success({
    address,
    close() {
      closing = true;
      clearTimeout(restart);
      return endFleet(current);
    },
  });
}

async function readAddress(fleet: FleetProcess): Promise<DemoFleetAddress | undefined> {
  const timer = new AbortController();
  const late = sleep(startMs, undefined, { signal: timer.signal }).catch(() => undefined);
  const parsed = v.safeParse(addressSchema, await Promise.race([fleet.said, late]));
  timer.abort();
  return parsed.success ? parsed.output : undefined;
}

async function endFleet(fleet: FleetProcess): Promise<void> {
  const force = setTimeout(() => fleet.kill(), endGraceMs);
  fleet.askToEnd();
  await fleet.ended;
  clearTimeout(force);
}
