import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { ensureDesktop, ensureRenderer } from '../../scripts/build.ts';
import type { StandIn } from './stand-in/control.ts';
import { down, shownNotifications, slow, trayToSay, watch } from './watched-desktop.ts';

/** What the desktop says to a person who does not look at its window, and what where it cannot say it. */

const cleanup = new Cleanup();
beforeAll(async () => {
  await ensureRenderer();
  await ensureDesktop();
}, 240_000);
afterEach(() => cleanup.run());

interface Told {
  readonly incident_id: number;
  readonly outcome: string | null;
  readonly snoozed_until_ms: number | null;
}

/** What the journal says of the notifications, also while the app runs. */
function toldIn(dataDirectory: string): readonly Told[] {
  const path = join(dataDirectory, 'journal.db');
  if (!existsSync(path)) return [];
  const database = new Database(path, { readonly: true });
  try {
    return database
      .prepare<[], Told>(
        'SELECT incident_id, outcome, snoozed_until_ms FROM notification ORDER BY incident_id',
      )
      .all();
  } finally {
    database.close();
  }
}

async function closeWindow(standIn: StandIn): Promise<void> {
  const [window] = await standIn.ask('windows');
  await standIn.ask('closeWindow', window?.id ?? 0);
  await visible(standIn, false);
}

function visible(standIn: StandIn, wanted: boolean): Promise<true> {
  return eventually(wanted ? 'the window shows' : 'the window is hidden', async () =>
    (await standIn.ask('windows'))[0]?.isVisible === wanted ? true : undefined,
  );
}

describe('a notification', () => {
  it('puts its incident off: it is kept until when, shown in the timeline, and not told at once again', async () => {
    const { desktop, standIn, dataDirectory } = await watch([down], cleanup);
    await shownNotifications(standIn, 1);
    const beforeMs = Date.now();
    await standIn.ask('actOnNotification', 1, 1);
    const [told] = await eventually('the journal has it', () => {
      const all = toldIn(dataDirectory);
      return all[0]?.snoozed_until_ms == null ? undefined : all;
    });
    const minutes = ((told?.snoozed_until_ms ?? 0) - beforeMs) / 60_000;
    expect(minutes).toBeGreaterThan(14.9);
    expect(minutes).toBeLessThan(16);
    const page = await desktop.page();
    await page.getByRole('row').filter({ hasText: 'Down' }).first().click();
    await page.keyboard.press('Enter');
    await page.getByRole('region', { name: 'Timeline' }).getByText('Put off').waitFor();
    // It still fires and nobody has taken it.
    await trayToSay(standIn, /1 firing, critical/);
    expect((await standIn.ask('notifications')).map(({ shows, isOpen }) => [shows, isOpen])).toEqual([
      [1, false],
    ]);
  });

  it('of a storm: five, the worst first, and one summary of the others, which opens the inbox', async () => {
    const storm = Array.from({ length: 12 }, (_, index) => ({
      alertname: `Storm${index}`,
      severity: index < 3 ? 'critical' : 'warning',
      service: `service-${index}`,
    }));
    const { desktop, standIn, dataDirectory } = await watch(storm, cleanup);
    const all = await shownNotifications(standIn, 6);
    expect(all.length).toBe(6);
    const summary = all.find(({ actions }) => actions.length === 0);
    expect(summary?.title).toMatch(/^7 more incidents fire/);
    const singles = all.filter((one) => one !== summary);
    expect(singles.map(({ urgency }) => urgency)).toEqual([
      'critical',
      'critical',
      'critical',
      'normal',
      'normal',
    ]);
    await eventually('the journal has all of them', () => {
      const told = toldIn(dataDirectory).filter(({ outcome }) => outcome === 'shown');
      return told.length === 13 ? true : undefined;
    });
    await closeWindow(standIn);
    await standIn.ask('clickNotification', summary?.number ?? 0);
    await visible(standIn, true);
    await (await desktop.page()).getByRole('heading', { name: 'Inbox' }).waitFor();
  });

  it.each([
    ['that the system refuses', true],
    ['that the system does not have', false],
  ])(
    '%s: the journal says so, tray and inbox go on, and one that is allowed later is shown',
    async (_, has) => {
      const { desktop, standIn, server, dataDirectory } = await watch([], cleanup, {
        machine: { notificationsSupported: has },
      });
      await trayToSay(standIn, /Watched, and nothing fires/);
      await standIn.ask('failNotifications', 'not allowed for this app');
      server.setAlerts([{ labels: down }]);
      await trayToSay(standIn, /1 firing, critical/);
      await eventually(
        'the journal says denied',
        () => (toldIn(dataDirectory)[0]?.outcome === 'denied' ? true : undefined),
        30_000,
      );
      await (await desktop.page()).getByRole('row').filter({ hasText: 'Down' }).first().waitFor();
      expect((await standIn.ask('notifications')).filter(({ shows }) => shows > 0)).toEqual([]);
      if (!has) return;
      await standIn.ask('failNotifications', undefined);
      server.setAlerts([{ labels: down }, { labels: slow }]);
      const shown = (await shownNotifications(standIn, 1)).filter(({ shows }) => shows > 0);
      expect(shown.map(({ title }) => title)).toEqual([expect.stringContaining('Slow')]);
    },
  );
});

describe('the first closing of the window', () => {
  it('is answered by one sentence, once for good; starting the app again shows the window', async () => {
    const { desktop, standIn, again } = await watch([], cleanup);
    await trayToSay(standIn, /Watched/);
    await closeWindow(standIn);
    const [told] = await shownNotifications(standIn, 1);
    expect(told).toMatchObject({
      title: 'OpsSight goes on watching',
      body: 'It is in the tray, or in the background: starting it again shows the window.',
      silent: true,
    });
    expect(await (await again()).ended).toBe('0');
    await visible(standIn, true);
    await closeWindow(standIn);
    await standIn.ask('clickNotification', 1);
    await visible(standIn, true);
    await closeWindow(standIn);
    expect((await standIn.ask('notifications')).length).toBe(1);
    expect(await desktop.quit()).toBe('0');

    const { standIn: restarted } = await again();
    if (restarted === undefined) throw new Error('no stand-in');
    await trayToSay(restarted, /Watched/);
    await closeWindow(restarted);
    expect(await restarted.ask('notifications')).toEqual([]);
  });

  it('is the end of it, also before the window is painted', async () => {
    const { desktop, standIn } = await watch([], cleanup);
    await trayToSay(standIn, /./);
    await closeWindow(standIn);
    await (await desktop.page()).getByRole('heading', { name: 'Inbox' }).waitFor();
    await trayToSay(standIn, /Watched/);
    expect((await standIn.ask('windows'))[0]?.isVisible).toBe(false);
  });

  it('is answered by a dialog where the system shows no notification', async () => {
    const { standIn } = await watch([], cleanup, { machine: { notificationsSupported: false } });
    await trayToSay(standIn, /Watched/);
    await closeWindow(standIn);
    await closeWindow(standIn);
    expect((await standIn.ask('dialogs')).map(({ message }) => message)).toEqual([
      'OpsSight goes on watching',
    ]);
  });
});
