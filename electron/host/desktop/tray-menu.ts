import type { MenuItemConstructorOptions } from 'electron';
import type { Attention } from '#shared/model/attention.ts';
import { plainText } from '#shared/text.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { pauseOf, type TrayLook } from './tray-look.ts';

/** The tray's menu as data: the state in words, the worst incidents, the pause, the window, the end. */

export interface TrayActions {
  readonly open: () => void;
  readonly openIncident: (incidentId: number) => void;
  readonly pause: (untilMs: number | null) => void;
  readonly quit: () => void;
}

const labelLength = 80;
const morning = 8;

/** @param attention what the running core said last; null where there is none to pause or ask. */
export function trayMenu(
  look: TrayLook,
  attention: Attention | null,
  nowMs: number,
  actions: TrayActions,
): MenuItemConstructorOptions[] {
  const incidents = (attention?.incidents ?? []).map(
    ({ id, title, severity }): MenuItemConstructorOptions => ({
      label: menuLabel(`${severity.word}: ${title}`),
      click: () => actions.openIncident(id),
    }),
  );
  return [
    { label: menuLabel(look.line), enabled: false },
    ...(incidents.length === 0 ? [] : [separator, ...incidents]),
    separator,
    pauseItem(attention, nowMs, actions),
    separator,
    { label: 'Open OpsSight', click: () => actions.open() },
    { label: 'Quit OpsSight', click: () => actions.quit() },
  ];
}

/** One plain line; in a menu `&` marks the letter of a key, and only a doubled one is an ampersand. */
export function menuLabel(text: string): string {
  return plainText(text, labelLength).replaceAll('&', '&&');
}

const separator: MenuItemConstructorOptions = { type: 'separator' };

function pauseItem(
  attention: Attention | null,
  nowMs: number,
  { pause }: TrayActions,
): MenuItemConstructorOptions {
  if (pauseOf(attention, nowMs) !== null) return { label: 'Resume notifications', click: () => pause(null) };
  return {
    label: 'Pause notifications',
    enabled: attention !== null,
    submenu: [
      // Asked when it is clicked: the menu may have been open, or unchanged, for long.
      { label: 'For 30 minutes', click: () => pause(Date.now() + 30 * minuteMs) },
      { label: 'For 1 hour', click: () => pause(Date.now() + hourMs) },
      { label: 'Until 08:00', click: () => pause(nextMorningMs(Date.now())) },
    ],
  };
}

/** The next eight o'clock of this machine's clock, on a day with another number of hours too. */
export function nextMorningMs(nowMs: number): number {
  const at = new Date(nowMs);
  at.setHours(morning, 0, 0, 0);
  if (at.getTime() <= nowMs) at.setDate(at.getDate() + 1);
  return at.getTime();
}
