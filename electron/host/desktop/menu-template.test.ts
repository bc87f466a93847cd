import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import type { MenuEntry } from '#shared/host-window.ts';
import { applicationMenu } from './menu-template.ts';

const entries: readonly MenuEntry[] = [
  { command: 'go.inbox', label: 'Inbox', group: 'Go to', accelerator: null },
  { command: 'go.settings', label: 'Settings', group: 'Go to', accelerator: null },
  { command: 'incident.acknowledge', label: 'Acknowledge & hold', group: 'This incident', accelerator: 'A' },
  { command: 'palette.open', label: 'All commands', group: 'Console', accelerator: 'CmdOrCtrl+K' },
];

function menuOf(given: readonly MenuEntry[], platform: NodeJS.Platform) {
  const did: unknown[] = [];
  const template = applicationMenu(given, platform, {
    runCommand: (command) => did.push(command),
    zoom: (step) => did.push({ step }),
  });
  return { template, did, flat: template.flatMap(flatten) };
}

function flatten(item: MenuItemConstructorOptions): readonly MenuItemConstructorOptions[] {
  return Array.isArray(item.submenu) ? [item, ...item.submenu.flatMap(flatten)] : [item];
}

function click(item: MenuItemConstructorOptions | undefined): void {
  (item?.click as (() => void) | undefined)?.();
}

describe('the menu of the application', () => {
  it('has each command of the keymap, which runs it and nothing else', () => {
    const { flat, did } = menuOf(entries, 'linux');
    for (const { label } of entries)
      click(flat.find((item) => item.label === label.replaceAll('&', '&&') && item.click !== undefined));
    expect(new Set(did)).toEqual(new Set(entries.map(({ command }) => command)));
    expect(did).toHaveLength(entries.length);
  });

  it('shows keys and takes none: the window hears them itself', () => {
    const { flat } = menuOf(entries, 'linux');
    const keyed = flat.filter((item) => item.accelerator !== undefined);
    expect(keyed.map((item) => item.accelerator)).toEqual(
      expect.arrayContaining(['A', 'CmdOrCtrl+K', 'CmdOrCtrl+Plus']),
    );
    expect(keyed.every((item) => item.registerAccelerator === false)).toBe(true);
  });

  it('on a Mac, where showing is taking, has no key without Command and none of the system', () => {
    const mean = ['Q', 'C', 'V', 'H'].map((key) => ({ ...entries[0], accelerator: `CmdOrCtrl+${key}` }));
    const { flat } = menuOf([...entries, ...(mean as MenuEntry[])], 'darwin');
    const keys = flat.map((item) => item.accelerator).filter((key) => key !== undefined);
    expect(keys).toEqual(['CmdOrCtrl+Plus', 'CmdOrCtrl+-', 'CmdOrCtrl+0', 'CmdOrCtrl+K']);
  });

  it.each([
    '',
    'A+B',
    'CmdOrCtrl+',
    'CmdOrCtrl+\n',
    'Cmd+Evil+K',
    'é',
    'x'.repeat(100),
    'Super+L',
    'CmdOrCtrl+MediaPlayPause',
  ])('leaves out a key that is none: %j', (accelerator) => {
    const { flat } = menuOf([{ command: 'x', label: 'Odd', group: 'Go to', accelerator }], 'win32');
    expect(flat.find(({ label }) => label === 'Odd')?.accelerator).toBeUndefined();
  });

  it('is bounded plain text, whatever the window says', () => {
    const { flat } = menuOf(
      [{ command: 'x', label: `a\u202Eb\n&c${'d'.repeat(90)}`, group: '&File\u0000', accelerator: null }],
      'linux',
    );
    expect(flat.map(({ label }) => label)).toContain('&&File');
    expect(flat.find(({ label }) => label?.startsWith('ab &&c') === true)?.label?.length).toBeLessThanOrEqual(
      81,
    );
  });

  it('has what works without a window: edit, zoom, quit; and no reload and no developer tools', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const { flat } = menuOf([], platform);
      const roles = flat.map(({ role }) => role);
      expect(roles).toEqual(expect.arrayContaining(['editMenu', 'quit', 'about', 'togglefullscreen']));
      expect(roles.filter((role) => /reload|tools/i.test(role ?? ''))).toEqual([]);
    }
    expect(menuOf([], 'darwin').template.map(({ role }) => role)).toContain('windowMenu');
  });

  it('zooms by its items', () => {
    const { flat, did } = menuOf([], 'linux');
    for (const label of ['Larger', 'Smaller', 'Actual size'])
      click(flat.find((item) => item.label === label));
    expect(did).toEqual([{ step: 'in' }, { step: 'out' }, { step: 'reset' }]);
  });
});
