import { join } from 'node:path';
import { startAlertmanagerDouble, type AlertmanagerDouble } from '#support/alertmanager-double.ts';
import type { Cleanup } from '#support/cleanup.ts';
import { writeConfiguration } from '#support/configuration-file.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { needsStandIn, onStandIn } from './only-stand-in.ts';
import { startDesktop, type Desktop, type DesktopOptions } from './driver.ts';
import type { StandIn } from './stand-in/control.ts';
import type { MenuReport } from './stand-in/menu.ts';
import type { NotificationReport } from './stand-in/notifications.ts';
import type { TrayReport } from './stand-in/tray.ts';

/** The desktop on the stand-in, watching one server of a test's own that it asks every second. */
export interface Watch {
  readonly desktop: Desktop;
  readonly standIn: StandIn;
  readonly server: AlertmanagerDouble;
  readonly dataDirectory: string;
  /** Starts the app once more on the same folder. */
  readonly again: (more?: Partial<DesktopOptions>) => Promise<Desktop>;
}

export const down = { alertname: 'Down', severity: 'critical', service: 'api' };
export const slow = { alertname: 'Slow', severity: 'warning', service: 'web' };

/** @param alerts the labels of what fires from the start on. */
export async function watch(
  alerts: readonly Readonly<Record<string, string>>[],
  cleanup: Cleanup,
  more: Partial<DesktopOptions> = {},
): Promise<Watch> {
  needsStandIn();
  const server = await startAlertmanagerDouble(cleanup);
  server.setAlerts(alerts.map((labels) => ({ labels, annotations: { summary: 'It does not answer' } })));
  const folder = temporaryFolder(cleanup);
  const dataDirectory = join(folder, 'data');
  const configPath = writeConfiguration(folder, [{ name: 'prod', kind: 'alertmanager', url: server.url }]);
  const again = (other: Partial<DesktopOptions> = {}): Promise<Desktop> =>
    startDesktop({ dataDirectory, configPath, ...other }, cleanup);
  const desktop = await again(more);
  return { desktop, standIn: onStandIn(desktop), server, dataDirectory, again };
}

/** Waits for the tray to say something like it. */
export function trayToSay(standIn: StandIn, words: RegExp): Promise<TrayReport> {
  return eventually(
    `the tray says ${words.source}`,
    async () => {
      const tray = await standIn.ask('tray');
      if (tray !== undefined && words.test(tray.toolTip)) return tray;
      throw new Error(tray?.toolTip ?? 'there is no tray');
    },
    30_000,
  );
}

/** Waits until so many notifications have been shown. */
export function shownNotifications(standIn: StandIn, count: number): Promise<readonly NotificationReport[]> {
  return eventually(
    `${count} notifications are shown`,
    async () => {
      const all = await standIn.ask('notifications');
      return all.filter(({ shows }) => shows > 0).length >= count ? all : undefined;
    },
    30_000,
  );
}

/** Waits for the menu to have the window's commands. */
export function menuOfWindow(standIn: StandIn): Promise<readonly MenuReport[]> {
  return eventually('the menu has the commands', async () => {
    const items = await standIn.ask('applicationMenu');
    return items?.some(({ label }) => label === 'Go') === true ? items : undefined;
  });
}
