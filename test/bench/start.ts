import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { openBrowser } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { ensureRenderer } from '../../scripts/build.ts';
import { provideChromium } from '../../scripts/provide/chromium.ts';
import { measureStart, type StartSetting } from './first-paint.ts';
import { makeOfflineFolder } from './offline-folder.ts';
import { watchQuietly } from './quiet-watch.ts';

/**
 * `npm run bench:start`: how soon the console is of use, and what it costs while nothing happens. Ends
 * with the line `RESULT {…}`; the exit code says whether the bars were met. `--quiet-seconds N` shortens
 * the quiet watch of five minutes for a look.
 */

const bars = { offline200MbMs: 1_500, quietMb: 150, quietCpuShare: 0.01 } as const;
const startsEach = 5;
const quietSeconds = 300;

export async function main(argv: readonly string[]): Promise<number> {
  const chromium = await provideChromium((line) => console.log(line));
  if (chromium.status !== 'ready') {
    console.error(chromium.reason);
    return 1;
  }
  await ensureRenderer();
  const cleanup = new Cleanup();
  try {
    const browser = await openBrowser(cleanup);
    const measured = await measureStarts(browser, temporaryFolder(cleanup), cleanup);
    await browser.close();
    const seconds = secondsFrom(argv);
    console.log(`watching quietly for ${seconds} s …`);
    const quiet = await watchQuietly(seconds);
    const { cacheMb, ...raw } = measured;
    return report({
      emptyMs: median(raw.empty),
      demoMs: median(raw.demo),
      offline200MbMs: median(raw.offline),
      quietMb: quiet.memoryMb,
      quietCpuShare: quiet.cpuShare,
      raw: { ...raw, cacheMb, quietSeconds: seconds },
    });
  } finally {
    await cleanup.run();
  }
}

interface Starts {
  readonly empty: readonly number[];
  readonly demo: readonly number[];
  readonly offline: readonly number[];
  readonly cacheMb: number;
}

async function measureStarts(browser: Browser, folder: string, cleanup: Cleanup): Promise<Starts> {
  const alertmanager = await startAlertmanagerDouble(cleanup);
  const configurationPath = writeConfiguration(folder, [
    { name: 'am', kind: 'alertmanager', url: alertmanager.url },
  ]);
  const empty = await starts(browser, 'empty', { wanted: 'nothing-fires', configurationPath });
  const demo = await starts(browser, 'demo', {
    wanted: 'incident',
    configurationPath: join(folder, 'none.yaml'),
  });
  console.log('making a cache of 200 MB …');
  const offlineFolder = temporaryFolder(cleanup);
  const offline = await makeOfflineFolder(offlineFolder);
  console.log(`cache of ${(offline.cacheBytes / 1e6).toFixed(0)} MB`);
  const offlineStarts = await starts(browser, 'offline', { wanted: 'incident', ...offline });
  rmSync(offlineFolder, { recursive: true });
  return { empty, demo, offline: offlineStarts, cacheMb: Math.round(offline.cacheBytes / 1e6) };
}

/** @returns milliseconds of each start, in order. */
async function starts(browser: Browser, name: string, setting: StartSetting): Promise<readonly number[]> {
  const figures: number[] = [];
  for (let start = 0; start < startsEach; start++) figures.push(await measureStart(browser, setting));
  console.log(`${name}: ${figures.join(', ')} ms`);
  return figures;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((left, right) => left - right)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

interface Figures {
  readonly emptyMs: number;
  readonly demoMs: number;
  readonly offline200MbMs: number;
  readonly quietMb: number;
  readonly quietCpuShare: number;
  readonly raw: Starts & { readonly quietSeconds: number };
}

function report(result: Figures): number {
  const missed = Object.entries(bars).filter(([name, bar]) => !(result[name as keyof typeof bars] <= bar));
  for (const [name, bar] of missed)
    console.log(`missed: ${name} is ${result[name as keyof typeof bars]}, at most ${bar}`);
  console.log(`RESULT ${JSON.stringify(result)}`);
  return missed.length === 0 ? 0 : 1;
}

function secondsFrom(argv: readonly string[]): number {
  const [, given] = /^--quiet-seconds[= ](\d+)$/.exec(argv.join(' ')) ?? [];
  return given === undefined ? quietSeconds : Number(given);
}
