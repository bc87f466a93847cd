import type { MenuItemConstructorOptions } from 'electron';
import type { MenuEntry } from '#shared/host-window.ts';
import { menuLabel } from './tray-menu.ts';
import type { ZoomStep } from './zoom-steps.ts';

/**
 * The application's menu as data: the window's keymap by its groups, and the system's own items that a menu
 * has everywhere. Keys are shown only: the window hears them itself, in its own order of contexts.
 */

export interface MenuActions {
  readonly runCommand: (command: string) => void;
  readonly zoom: (step: ZoomStep) => void;
}

/** Groups of the keymap that have a menu of their own; the others share one. */
const ownMenus = new Map([
  ['Go to', 'Go'],
  ['This incident', 'Incident'],
]);

export function applicationMenu(
  entries: readonly MenuEntry[],
  platform: NodeJS.Platform,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin';
  const groups = Map.groupBy(entries, ({ group }) => group);
  const itemsOf = (group: string): MenuItemConstructorOptions[] =>
    (groups.get(group) ?? []).map((entry) => itemOf(entry, isMac, actions));
  const own = [...ownMenus].map(([group, label]) => ({ label, submenu: itemsOf(group) }));
  const others = [...groups.keys()].filter((group) => !ownMenus.has(group));
  const commands = others.map((group) => ({ label: menuLabel(group), submenu: itemsOf(group) }));
  return [
    isMac ? appMenu(itemOfSettings(entries, actions)) : fileMenu(itemOfSettings(entries, actions)),
    { role: 'editMenu' },
    viewMenu(actions),
    ...own.filter(({ submenu }) => submenu.length > 0),
    ...(commands.length === 0 ? [] : [{ label: 'Commands', submenu: commands }]),
    ...(isMac ? [{ role: 'windowMenu' as const }] : []),
  ];
}

function itemOf(
  { command, label, accelerator }: MenuEntry,
  isMac: boolean,
  { runCommand }: MenuActions,
): MenuItemConstructorOptions {
  const keys = shownKeys(accelerator, isMac);
  return {
    label: menuLabel(label),
    click: () => runCommand(command),
    ...(keys === undefined ? {} : { accelerator: keys, registerAccelerator: false }),
  };
}

const accelerator =
  /^(?:(?:CmdOrCtrl|Alt|Shift)\+){0,3}(?:[A-Z0-9]|F[1-9]|[[\].,/?;'=-]|Up|Down|Left|Right|Home|End|PageUp|PageDown|Enter|Esc|Space|Delete|Backspace|Tab|Plus)$/;

/**
 * What no menu could show, Electron would not take. macOS cannot show a key without taking it: there those
 * without Command are left out, because they would be lost to every text field.
 */
function shownKeys(keys: string | null, isMac: boolean): string | undefined {
  if (keys === null || !accelerator.test(keys)) return undefined;
  if (!isMac) return keys;
  const isFree = keys.startsWith('CmdOrCtrl+') && !ownedByMac.has(keys);
  return isFree ? keys : undefined;
}

/** Items of the system have these; a window that is not itself any more must not take them. */
const ownedByMac = new Set('ACHMQVWXZ'.split('').map((letter) => `CmdOrCtrl+${letter}`));

const separator: MenuItemConstructorOptions = { type: 'separator' };

function itemOfSettings(
  entries: readonly MenuEntry[],
  { runCommand }: MenuActions,
): MenuItemConstructorOptions[] {
  const isThere = entries.some(({ command }) => command === 'go.settings');
  return isThere ? [{ label: 'Settings', click: () => runCommand('go.settings') }, separator] : [];
}

function appMenu(settings: MenuItemConstructorOptions[]): MenuItemConstructorOptions {
  return {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      separator,
      ...settings,
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      separator,
      { role: 'quit' },
    ],
  };
}

function fileMenu(settings: MenuItemConstructorOptions[]): MenuItemConstructorOptions {
  return {
    label: 'File',
    submenu: [...settings, { role: 'about' }, { role: 'close' }, separator, { role: 'quit' }],
  };
}

/** The keys of zooming are heard by `zoom.ts`, also on a keyboard where plus needs Shift. */
function viewMenu({ zoom }: MenuActions): MenuItemConstructorOptions {
  const shown = { registerAccelerator: false };
  return {
    label: 'View',
    submenu: [
      { label: 'Larger', accelerator: 'CmdOrCtrl+Plus', ...shown, click: () => zoom('in') },
      { label: 'Smaller', accelerator: 'CmdOrCtrl+-', ...shown, click: () => zoom('out') },
      { label: 'Actual size', accelerator: 'CmdOrCtrl+0', ...shown, click: () => zoom('reset') },
      separator,
      { role: 'togglefullscreen' },
    ],
  };
}
