import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright';
import { openWindow } from '#support/browser.ts';
import { Cleanup } from '#support/cleanup.ts';
import { startConsole } from '#support/console.ts';
import { startAlertmanagers } from '#support/real-servers.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { hourMs } from '#shared/time.ts';
import { findServers, provideServers, type Generation } from '../../../scripts/provide/servers.ts';
import { fleet10k, fleetAlerts, markerAlert, type FleetAlert } from './alerts.ts';
import { CoreStalls } from './core-stalls.ts';
import { RecordedServer } from './recorded-server.ts';

/**
 * A real Alertmanager with ten thousand alerts, the whole console in front of it, and a window: how long it takes
 * from the last byte of the server's answer until a person sees what is new, against fetching and parsing alone.
 */
export interface FetchToPaint {
  readonly alerts: number;
  readonly bytes: number;
  readonly server: Generation;
  /** Fetching and parsing alone, each time. */
  readonly bareMs: readonly number[];
  /** From the last byte to painted, of polls in which one more alert of the ten thousand is new. */
  readonly paintedMs: readonly number[];
  /** The same of the poll that brings all of them at once. */
  readonly firstPaintedMs: number;
  /** Of the core's event loop: in the poll that brings all at once, and the longest of those after it. */
  readonly firstStallMs: number;
  readonly stallMs: readonly number[];
}

const laterPolls = 8;
const limitMs = 60_000;
const pollSeconds = 3;

export async function measureFetchToPaint(browser: Browser): Promise<FetchToPaint> {
  const cleanup = new Cleanup();
  try {
    const folder = temporaryFolder(cleanup);
    const { server, url } = await startServer(folder, cleanup);
    await postAlerts(url, fleetAlerts(fleet10k), hourMs);
    const recorded = await RecordedServer.start(url, cleanup);
    const configurationPath = join(folder, 'opssight.yaml');
    writeFileSync(configurationPath, configurationOf(recorded.url));
    const console = await startConsole({ dataDirectory: join(folder, 'data'), configurationPath }, cleanup);
    const window = await openWindow(browser, console.address, cleanup);
    await window.page.getByText('Nothing fires').waitFor({ timeout: limitMs });
    const stalls = await CoreStalls.watch(await console.corePid());
    await stalls.longestMs();

    const first = await paintedAfter(window.page, recorded, 'ServiceLatencyAbove00', () => recorded.open());
    const firstStallMs = await settled(stalls);
    const paintedMs: number[] = [];
    const stallMs: number[] = [];
    for (let number = 0; number < laterPolls; number++) {
      const post = (): Promise<void> => postAlerts(url, [markerAlert(number)], (number + 2) * hourMs);
      paintedMs.push(await paintedAfter(window.page, recorded, `Marker${number}`, post));
      stallMs.push(await settled(stalls));
    }
    stalls.close();
    await window.close();
    await console.stop();
    const bare = await fetchBare(url);
    return {
      ...bare,
      alerts: fleet10k.alerts,
      server,
      paintedMs,
      firstPaintedMs: first,
      firstStallMs,
      stallMs,
    };
  } finally {
    await cleanup.run();
  }
}

async function startServer(folder: string, cleanup: Cleanup): Promise<{ server: Generation; url: string }> {
  await provideServers((line) => console.log(line));
  for (const server of ['new', 'old'] as const) {
    const found = await findServers(server);
    if (found.status !== 'ready') {
      console.log(found.reason);
      continue;
    }
    const [started] = await startAlertmanagers({ commands: found.thing, folder, cleanup });
    if (started !== undefined) return { server, url: started.url };
  }
  throw new Error('there is no real Alertmanager on this machine');
}

function configurationOf(url: string): string {
  const source = { name: 'am', kind: 'alertmanager', url, poll: `${pollSeconds}s`, timeout: '10s' };
  // JSON is YAML.
  return JSON.stringify({ environment: 'bench', operator: 'bench', sources: [source] });
}

/** The older an alert, the higher it stands. */
async function postAlerts(url: string, alerts: readonly FleetAlert[], ageMs: number): Promise<void> {
  const batch = 2_000;
  const nowMs = Date.now();
  const times = {
    startsAt: new Date(nowMs - ageMs).toISOString(),
    endsAt: new Date(nowMs + 24 * hourMs).toISOString(),
    generatorURL: 'http://prometheus.example/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
  };
  for (let from = 0; from < alerts.length; from += batch) {
    const body = JSON.stringify(alerts.slice(from, from + batch).map((alert) => ({ ...alert, ...times })));
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${url}/api/v2/alerts`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`Alertmanager did not take the alerts: ${await answer.text()}`);
  }
}

declare global {
  interface Window {
    textPaintedAtMs: number | undefined;
  }
}

/** @returns milliseconds from the last byte of the list that told of it to the moment after the frame with it. */
async function paintedAfter(
  page: Page,
  recorded: RecordedServer,
  text: string,
  act: () => void | Promise<void>,
): Promise<number> {
  await page.evaluate(watchForText, text);
  await act();
  const painted = await page.waitForFunction(() => window.textPaintedAtMs, undefined, { timeout: limitMs });
  const paintedAtMs = (await painted.jsonValue()) ?? Number.NaN;
  const told = recorded.lists.findLast(({ lastByteAtMs }) => lastByteAtMs <= paintedAtMs);
  return paintedAtMs - (told?.lastByteAtMs ?? Number.NaN);
}

/** Runs in the page: looks once a frame whether a row says it. */
function watchForText(text: string): void {
  window.textPaintedAtMs = undefined;
  const look = (): void => {
    const isThere = document.querySelector('[role="grid"]')?.textContent?.includes(text) === true;
    // A task after the frame's own callbacks runs when the frame has been painted.
    if (isThere) setTimeout(() => (window.textPaintedAtMs = Date.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Until what follows from a poll is done, and into the next. */
async function settled(stalls: CoreStalls): Promise<number> {
  await pause(1_000);
  return await stalls.longestMs();
}

async function fetchBare(url: string): Promise<Pick<FetchToPaint, 'bytes' | 'bareMs'>> {
  const script = new URL('bare-fetch.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, `${url}/api/v2/alerts`, '9']);
  const { bytes, tookMs } = JSON.parse(stdout) as { bytes: number; tookMs: number[] };
  return { bytes, bareMs: tookMs };
}
