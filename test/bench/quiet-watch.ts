import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { connectToConsole } from '#support/console-link.ts';
import { startConsole } from '#support/console.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/** What a quiet night costs: the core alone, watching one Alertmanager with 50 alerts as it does by default. */

export interface QuietWatch {
  /** The most resident memory of the core at any sample, in megabytes (10^6 bytes). */
  readonly memoryMb: number;
  /** Of one core, over the whole time. */
  readonly cpuShare: number;
}

const alerts = 50;
const sampleMs = 5_000;
/** Until the first polls are over and the journal is written. */
const settleMs = 10_000;

export async function watchQuietly(seconds: number): Promise<QuietWatch> {
  const cleanup = new Cleanup();
  try {
    const folder = temporaryFolder(cleanup);
    const alertmanager = await startAlertmanagerDouble(cleanup);
    alertmanager.setAlerts(
      Array.from({ length: alerts }, (_, index) => ({
        labels: { alertname: `Alert${index % 10}`, service: 'quiet', severity: 'info', pod: `pod-${index}` },
        annotations: { summary: `pod-${index} is as it was`, runbook_url: 'https://runbooks.invalid/quiet' },
      })),
    );
    const configurationPath = join(folder, 'opssight.yaml');
    writeFileSync(
      configurationPath,
      `sources:\n  - name: am\n    kind: alertmanager\n    url: ${alertmanager.url}\n`,
    );
    const console = await startConsole({ dataDirectory: join(folder, 'data'), configurationPath }, cleanup);
    const client = await connectToConsole(console.address, cleanup);
    await client.until('all alerts are there', 'incidents', (rows) => rows.length === 10);
    const watched = await sampleProcess(await console.corePid(), seconds);
    await console.stop();
    return watched;
  } finally {
    await cleanup.run();
  }
}

async function sampleProcess(pid: number, seconds: number): Promise<QuietWatch> {
  await pause(settleMs);
  const startedAtMs = Date.now();
  const cpuBeforeMs = cpuOf(pid);
  let memoryMb = 0;
  while (Date.now() - startedAtMs < seconds * 1_000) {
    memoryMb = Math.max(memoryMb, residentMbOf(pid));
    await pause(sampleMs);
  }
  return {
    memoryMb: Math.round(memoryMb * 10) / 10,
    cpuShare: Number(((cpuOf(pid) - cpuBeforeMs) / (Date.now() - startedAtMs)).toFixed(4)),
  };
}

/** User and system time, in the kernel's ticks of 10 ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function residentMbOf(pid: number): number {
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kibibytes) * 1_024) / 1e6;
}
