/**
 * Key strokes as text. A chord is one or more strokes with a space between (`g i`); a stroke is the
 * key's own name, after `Mod+` (Control, or Command on a Mac) or `Alt+` where held. Shift is not named:
 * it shows in the key itself (`G`, `?`).
 */

export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const modifierKeys = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'Dead', 'Process']);

/**
 * @param mac whether Command is the main modifier.
 * @returns the stroke, or undefined for a modifier alone or a combination that the system owns.
 */
export function strokeOf(press: KeyPress, mac: boolean): string | undefined {
  if (modifierKeys.has(press.key)) return undefined;
  const main = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (other) return undefined;
  const key = press.key === ' ' ? 'Space' : press.key;
  // AltGr types characters on many layouts and arrives as Control with Alt: the character is meant.
  if (press.ctrlKey && press.altKey) return key.length === 1 ? key : undefined;
  return `${main ? 'Mod+' : ''}${press.altKey ? 'Alt+' : ''}${main ? key.toLowerCase() : key}`;
}

export function strokesOfChord(chord: string): readonly string[] {
  return chord.split(' ');
}

const shown = new Map<string, string>([
  ['Enter', '⏎'],
  ['Escape', 'Esc'],
  ['ArrowDown', '↓'],
  ['ArrowUp', '↑'],
  ['Delete', 'Del'],
]);

/** The caps to draw for a chord: `Mod+k` gives `Ctrl` and `K`, `g i` gives `g` and `i`. */
export function capsOfChord(chord: string, mac: boolean): readonly string[] {
  return strokesOfChord(chord).flatMap((stroke) => {
    const held = stroke.startsWith('Mod+');
    const key = held ? stroke.slice('Mod+'.length) : stroke;
    const cap = shown.get(key) ?? key;
    return held ? [mac ? '⌘' : 'Ctrl', cap.length === 1 ? cap.toUpperCase() : cap] : [cap];
  });
}

const acceleratorKeys = new Map<string, string>([
  ['ArrowDown', 'Down'],
  ['ArrowUp', 'Up'],
  ['ArrowLeft', 'Left'],
  ['ArrowRight', 'Right'],
  ['Escape', 'Esc'],
  ['+', 'Plus'],
]);

/**
 * A chord as Electron's menus write keys: `Mod+k` gives `CmdOrCtrl+K`, `G` gives `Shift+G`.
 * @returns undefined for none and for one of several strokes, which no menu can show.
 */
export function acceleratorOf(chord: string): string | undefined {
  if (chord === '' || strokesOfChord(chord).length > 1) return undefined;
  const [, main = '', alt = '', key = ''] = /^(Mod\+)?(Alt\+)?(.+)$/.exec(chord) ?? [];
  const isUpper = /^[A-Z]$/.test(key) && main === '';
  const named = acceleratorKeys.get(key) ?? (key.length === 1 ? key.toUpperCase() : key);
  return `${main === '' ? '' : 'CmdOrCtrl+'}${alt}${isUpper ? 'Shift+' : ''}${named}`;
}
