import type { NotificationConstructorOptions } from 'electron';
import type { HostNotification } from '#shared/host-window.ts';
import type { NotificationSound } from '#shared/notify/model.ts';
import { plainText } from '#shared/text.ts';
import type { NotificationAction } from '../port.ts';

/**
 * What a notification of the system says and offers. Pure. The core has made its texts plain and short
 * already; they come from servers, so the last door does it again, and knows what each system makes of them.
 */

const titleLength = 120;
const bodyLength = 240;

/** In the order of the buttons; the system tells a press by its number, and no name ever leaves this list. */
const actions: readonly { readonly action: NotificationAction; readonly text: string }[] = [
  { action: 'acknowledge', text: 'Acknowledge' },
  { action: 'snooze', text: 'Snooze' },
  { action: 'open', text: 'Open' },
];

/** @param sounds whether the person wants to hear any. */
export function nativeContent(
  { id, incidentId, title, body, urgency, sound }: HostNotification,
  platform: NodeJS.Platform,
  sounds: boolean,
): NotificationConstructorOptions {
  const name = incidentId === null ? id.slice(0, 60) : `incident-${incidentId}`;
  const isSilent = !sounds || sound === 'none';
  return {
    id: name,
    groupId: name,
    title: oneLine(title, titleLength),
    body: escapeFor(platform, oneLine(body, bodyLength)),
    silent: isSilent,
    urgency,
    // A critical one stays until somebody looks.
    timeoutType: urgency === 'critical' ? 'never' : 'default',
    ...(platform === 'darwin' && isAlarming(sound) && !isSilent ? { sound: 'Sosumi' } : {}),
    // A summary is of no one incident: it can only be opened.
    actions: incidentId === null ? [] : actions.map(({ text }) => ({ type: 'button', text })),
  };
}

/** Louder than what any other program says. */
export function isAlarming(sound: NotificationSound): boolean {
  return sound === 'alarm' || sound === 'siren';
}

/** @param index as the system tells it: anything. */
export function actionAt(index: unknown): NotificationAction | undefined {
  return typeof index === 'number' ? actions[index]?.action : undefined;
}

/** XML has no place for noncharacters: with one, Windows would show nothing at all. */
const noncharacters = /[\uFDD0-\uFDEF]|\p{Noncharacter_Code_Point}/gu;

function oneLine(text: string, length: number): string {
  return plainText(text.replace(noncharacters, ''), length);
}

/**
 * The body is markup on Linux desktops (`<a href>`, `<img>`), and only there: elsewhere entities would be
 * shown as they are. Electron itself writes the XML of Windows and escapes it; no `toastXml` is given to it.
 */
function escapeFor(platform: NodeJS.Platform, text: string): string {
  if (platform === 'win32' || platform === 'darwin') return text;
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
