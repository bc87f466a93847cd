import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import type { HostNotification } from '#shared/host-window.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { startAlertmanagerDouble, type DoubleAlert } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import type { ContractClient } from '#support/contract-client.ts';
import { forkCoreUnderTest } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { inProject } from '../../../scripts/project.ts';
import { notificationsIn } from '../core-kill/journal-of.ts';

/**
 * From nothing to five thousand alerts in one poll, then five hundred changes with every second's poll. A person
 * is told no more often than ever, every alert is in the inbox, each incident is told or waits to be, and the
 * core answers all the while.
 */
const isFull = process.env['OPSSIGHT_FULL'] === '1';
const stormMs = isFull ? minuteMs : 10 * secondMs;
const alertCount = 5_000;
const changesPerSecond = 500;
/** Of those the ones that open an incident of their own. */
const newIncidentsPerSecond = 100;
const alertsPerIncident = 5;
/** On two processors that do all of this at once, the test's own servers and window included. */
const longestStallMs = 2 * secondMs;
const longestAnswerMs = 10 * secondMs;

const cleanup = new Cleanup();
afterAll(() => cleanup.run());

interface Shown {
  readonly notification: HostNotification;
  readonly atMs: number;
}

/** The alerts of the storm as they are after so many seconds of it. */
class Storm {
  readonly alerts: DoubleAlert[] = Array.from({ length: alertCount }, (_, index) =>
    alertOf(`Storm${Math.floor(index / alertsPerIncident)}`, index, 0),
  );
  #second = 0;

  /** Five hundred end, and as many others begin: most in incidents that there are. */
  change(): void {
    this.#second++;
    const from = (this.#second * changesPerSecond) % alertCount;
    for (let index = from; index < from + changesPerSecond; index++) {
      const isNew = index - from < newIncidentsPerSecond;
      const name = isNew ? `Later${this.#second}x${index}` : `Storm${Math.floor(index / alertsPerIncident)}`;
      this.alerts[index] = alertOf(name, index, this.#second);
    }
  }
}

function alertOf(alertname: string, index: number, generation: number): DoubleAlert {
  const severity = index % 7 === 0 ? 'critical' : 'warning';
  return { labels: { alertname, severity, pod: `pod-${index}`, generation: String(generation) } };
}

function keyOf(labels: Readonly<Record<string, string>>): string {
  return `${labels['alertname']} ${labels['pod']} ${labels['generation']}`;
}

test('a storm is told in bounds, and nothing of it is lost', async () => {
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const delayFile = join(folder, 'delay.txt');
  const alertmanager = await startAlertmanagerDouble(cleanup);
  const configurationPath = writeConfiguration(folder, [
    { name: 'am', kind: 'alertmanager', url: alertmanager.url },
  ]);
  const shown: Shown[] = [];
  const core = forkCoreUnderTest(
    {
      dataDirectory,
      configurationPath,
      preload: inProject('test/faults/storm/loop-delay.ts'),
      env: { OPSSIGHT_TEST_LOOP_DELAY: delayFile },
      onNotify: (notification) => {
        shown.push({ notification, atMs: performance.now() });
        core.confirm(notification.id, 'shown', Date.now());
      },
    },
    cleanup,
  );
  const client = await core.connect();
  await client.until('it answers', 'console', ({ sight }) => sight.kind === 'live');
  const storm = new Storm();
  alertmanager.setAlerts(storm.alerts);
  const asked = askAllTheWhile(client);
  const endAtMs = performance.now() + stormMs;
  await client.until('all are there', 'alerts', (incidents) => firing(incidents).size === alertCount);
  while (performance.now() < endAtMs) {
    await pause(secondMs);
    storm.change();
    alertmanager.setAlerts([...storm.alerts]);
  }
  const wanted = new Set(storm.alerts.map(({ labels }) => keyOf(labels)));
  await client.until('none is missing', 'alerts', (incidents) => {
    const there = firing(incidents);
    return there.size === wanted.size && [...wanted].every((key) => there.has(key));
  });
  const rows = await client.until('the inbox', 'incidents', () => true);
  const open = rows.filter(({ resolvedAtMs }) => resolvedAtMs === null);
  expect(open.reduce((sum, row) => sum + row.alertCount, 0)).toBe(alertCount);
  expect(await asked.end()).toBeLessThan(longestAnswerMs);
  await core.stop();
  expect(Number(readFileSync(delayFile, 'utf8'))).toBeLessThan(longestStallMs);
  expectBounded(shown);
  const meant = new Set(notificationsIn(dataDirectory).map(({ incidentId }) => incidentId));
  expect(open.filter(({ id }) => !meant.has(id))).toEqual([]);
}, 240_000);

function firing(
  incidents: readonly { readonly alerts: readonly { readonly labels: object; readonly ended: boolean }[] }[],
): Set<string> {
  const alerts = incidents.flatMap((incident) => incident.alerts.filter(({ ended }) => !ended));
  return new Set(alerts.map(({ labels }) => keyOf(labels as Readonly<Record<string, string>>)));
}

/** Asks something small again and again. @returns what ends it, with the longest time that an answer took. */
function askAllTheWhile(client: ContractClient): { end(): Promise<number> } {
  const over = new AbortController();
  const asking = (async (): Promise<number> => {
    let longestMs = 0;
    while (!over.signal.aborted) {
      const askedAtMs = performance.now();
      await client.call('settings.read', {});
      longestMs = Math.max(longestMs, performance.now() - askedAtMs);
      await pause(100);
    }
    return longestMs;
  })();
  return {
    end: () => {
      over.abort();
      return asking;
    },
  };
}

/** In any minute five and one summary. What the core asked for just before a minute's end may arrive after it. */
function expectBounded(shown: readonly Shown[]): void {
  const lateMs = 50;
  for (const isSummary of [true, false]) {
    const times = shown
      .filter(({ notification: { id } }) => id.startsWith('summary') === isSummary)
      .map(({ atMs }) => atMs);
    const most = isSummary ? 1 : 5;
    expect(times.length).toBeGreaterThan(0);
    times.forEach((atMs, index) => {
      const next = times[index + most];
      if (next !== undefined) expect(next - atMs).toBeGreaterThan(minuteMs - lateMs);
    });
  }
}
