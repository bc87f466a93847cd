import type { App } from '../app.ts';

/** What a person asks of the host: notifications, and the core itself. */

/** Asks the browser, which asks the person; only a press of a key or a button may call this. */
export async function askNotificationPermission({ session, host }: App): Promise<void> {
  const permission = await Notification.requestPermission();
  session.setState({ notificationPermission: permission });
  host.send({ kind: 'notification-permission', permission });
}

export function startCore({ host }: App, safeMode: boolean): void {
  host.send({ kind: 'start-core', safeMode });
}
