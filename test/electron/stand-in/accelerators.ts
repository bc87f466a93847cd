import { settings } from './settings.ts';

/** Accelerators as docs/tutorial/keyboard-shortcuts.md has them: modifiers, then one key. */

const modifiers: Readonly<Record<string, string>> = {
  command: 'Meta',
  cmd: 'Meta',
  meta: 'Meta',
  super: 'Meta',
  control: 'Ctrl',
  ctrl: 'Ctrl',
  commandorcontrol: settings.platform === 'darwin' ? 'Meta' : 'Ctrl',
  cmdorctrl: settings.platform === 'darwin' ? 'Meta' : 'Ctrl',
  alt: 'Alt',
  option: 'Alt',
  altgr: 'AltGr',
  shift: 'Shift',
};
const named = new Set(
  `plus space tab capslock numlock scrolllock backspace delete insert return enter up down left right home end
  pageup pagedown escape esc volumeup volumedown volumemute medianexttrack mediaprevioustrack mediastop
  mediaplaypause printscreen numdec numadd numsub nummult numdiv`
    .split(/\s+/)
    .concat(Array.from({ length: 24 }, (_, index) => `f${index + 1}`))
    .concat(Array.from({ length: 10 }, (_, index) => `num${index}`)),
);

/** @returns one spelling for what is the same, or undefined for what Electron would not accept. */
export function normalAccelerator(accelerator: string): string | undefined {
  const parts = accelerator.split('+').map((part) => part.trim());
  const key = parts.pop();
  const held = parts.map((part) => modifiers[part.toLowerCase()] ?? '');
  if (key === undefined || held.includes('')) return undefined;
  if (!/^[\x21-\x7e]$/.test(key) && !named.has(key.toLowerCase())) return undefined;
  return [...new Set(held.toSorted((one, other) => one.localeCompare(other))), key.toLowerCase()].join('+');
}
