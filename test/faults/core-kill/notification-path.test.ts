import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NotificationRelay } from '#host/notifications.ts';
import { AlertmanagerDouble, startAlertmanagerDouble } from '#support/alertmanager-double.ts';
import { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { eventually } from '#support/eventually.ts';
import { forkCoreUnderTest, type ForkedCore } from '#support/forked-core.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { inProject } from '../../../scripts/project.ts';
import { integrityOf, notificationsIn } from './journal-of.ts';

/**
 * A core is killed at every step between learning of an alert and knowing that its notification was
 * shown. Whoever goes on after it must show it: exactly once where the host lived on; where the host died
 * too, a second time only if the journal held an intent without a confirmation.
 */

const preload = inProject('test/faults/core-kill/kill-at-step.ts');
const alert = { labels: { alertname: 'DiskFull', service: 'db', severity: 'critical' } };
/** Every day every other statement; all of them with the full sizes. */
const stride = { main: 1, sqlite: process.env['OPSSIGHT_FULL'] === '1' ? 1 : 2 } as const;
/** More steps than any version of the path is likely to have; each series ends at the last one. */
const mostSteps = 60;

const cleanup = new Cleanup();
let alertmanager: AlertmanagerDouble;
let configurationPath = '';
/** A data folder that was used and put down in order: no run spends its time on making one. */
let usedData = '';

beforeAll(async () => {
  const folder = temporaryFolder(cleanup);
  alertmanager = await startAlertmanagerDouble(cleanup);
  configurationPath = writeConfiguration(folder, [
    { name: 'am', kind: 'alertmanager', url: alertmanager.url },
  ]);
  usedData = join(folder, 'data');
  const core = forkCoreUnderTest({ dataDirectory: usedData, configurationPath }, cleanup);
  await core.ready;
  await core.stop();
  alertmanager.setAlerts([alert]);
});
afterAll(() => cleanup.run());

/** A host with one window in which the person allows notifications. */
class HostWithWindow {
  readonly shown: string[] = [];
  core: ForkedCore | undefined;
  readonly #relay = new NotificationRelay({
    confirm: (id, outcome, atMs) => this.core?.confirm(id, outcome, atMs),
  });

  constructor() {
    const window = {
      send: (message: { readonly kind: string; readonly notification?: { readonly id: string } }): void => {
        if (message.kind !== 'notify' || message.notification === undefined) return;
        const { id } = message.notification;
        this.shown.push(id);
        queueMicrotask(() => this.#relay.answered(window, id, 'shown'));
      },
    };
    this.#relay.windowOpened(window);
    this.#relay.permissionChanged(window, 'granted');
  }

  start(dataDirectory: string, env: Readonly<Record<string, string>> = {}): ForkedCore {
    this.core = forkCoreUnderTest(
      {
        dataDirectory,
        configurationPath,
        preload,
        env,
        onNotify: (notification) => this.#relay.notify(notification),
      },
      cleanup,
    );
    return this.core;
  }

  close(): void {
    this.#relay.close();
  }
}

/** Starts a core on the folder and waits until the journal says that every notification was shown. */
async function goOn(host: HostWithWindow, dataDirectory: string): Promise<void> {
  const core = host.start(dataDirectory);
  await confirmed(dataDirectory);
  await core.kill();
  host.close();
}

function confirmed(dataDirectory: string): Promise<true> {
  return eventually('the notification is confirmed in the journal', () => {
    const records = notificationsIn(dataDirectory);
    return records.length > 0 && records.every((record) => record.outcome === 'shown') ? true : undefined;
  });
}

/** @returns whether the core died at the step; false once the path has no such step. */
async function killAt(step: string): Promise<boolean> {
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  cpSync(usedData, dataDirectory, { recursive: true });
  const armed = join(folder, 'armed');
  const host = new HostWithWindow();
  writeFileSync(armed, '');
  const core = host.start(dataDirectory, {
    OPSSIGHT_TEST_KILL_AT: step,
    OPSSIGHT_TEST_KILL_ARMED: armed,
  });
  const died = await Promise.race([core.ended.then(() => true), confirmed(dataDirectory).then(() => false)]);
  await core.kill();
  if (!died) {
    host.close();
    return false;
  }
  const withoutHost = join(folder, 'without-host');
  cpSync(dataDirectory, withoutHost, { recursive: true });
  const journal = notificationsIn(dataDirectory);
  const shownBefore = host.shown.length;

  const newHost = new HostWithWindow();
  await Promise.all([goOn(host, dataDirectory), goOn(newHost, withoutHost)]);
  expect(host.shown, `core killed at ${step}`).toHaveLength(1);
  const unconfirmed = journal.some((record) => record.outcome === null);
  const shownInAll = shownBefore + newHost.shown.length;
  expect(shownInAll, `everything killed at ${step}`).toBeGreaterThanOrEqual(1);
  if (!unconfirmed) expect(shownInAll, `everything killed at ${step}`).toBe(1);
  for (const folderAfter of [dataDirectory, withoutHost]) {
    expect(integrityOf(folderAfter)).toEqual(['ok', 'ok']);
    expect(notificationsIn(folderAfter)).toHaveLength(1);
  }
  return true;
}

test.each(['main', 'sqlite'] as const)('a kill at every step in the thread %s', async (thread) => {
  let steps = 0;
  for (let next = 0, goesOn = true; goesOn && next < mostSteps;) {
    // Two at a time: each waits for processes to start most of the time.
    const tried = [next, next + stride[thread]];
    const died = await Promise.all(tried.map((step) => killAt(`${thread}:${step}`)));
    for (const [index, step] of tried.entries()) if (died[index] === true) steps = step + 1;
    goesOn = died.every(Boolean);
    next += 2 * stride[thread];
  }
  // The path has at least a message to and one from the host; BEGIN, five records and COMMIT.
  expect(steps).toBeGreaterThanOrEqual(thread === 'main' ? 3 : 7);
  expect(steps).toBeLessThan(mostSteps);
});
