import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { windowToHostSchema, type WindowToHost } from '#shared/host-window.ts';
import type { App } from '../app.ts';
import { commandIds, keymapOf } from '../keys/keymap.ts';
import { acceleratorOf } from '../keys/strokes.ts';
import { createLiveStore } from '../stores/live.ts';
import { createPreferencesStore } from '../stores/prefs.ts';
import { menuEntriesOf, tellHost } from './host-menu.ts';

function open() {
  const sent: WindowToHost[] = [];
  const live = createLiveStore();
  const preferences = createPreferencesStore({ getItem: () => null, setItem: () => undefined });
  const app = { live, preferences, host: { send: (message: WindowToHost) => void sent.push(message) } };
  const stop = tellHost(app as unknown as App);
  return { sent, live, preferences, stop };
}

describe('what the window tells a desktop host', () => {
  it('is its keymap and its theme with each link, within what the host takes', () => {
    const { sent, live } = open();
    expect(sent).toEqual([]);
    live.setState({ link: { kind: 'open' } });
    live.setState({ link: { kind: 'open' } });
    expect(sent.map(({ kind }) => kind)).toEqual(['menu', 'theme', 'menu', 'theme']);
    for (const message of sent) expect(v.is(windowToHostSchema, message)).toBe(true);
  });

  it('again when a key or the theme changes, and not otherwise', () => {
    const { sent, preferences, stop } = open();
    preferences.setState({ keys: { 'incident.acknowledge': ['x'] } });
    preferences.setState({ theme: 'light' });
    preferences.setState({ traceService: 'api' });
    expect(sent).toMatchObject([{ kind: 'menu' }, { kind: 'theme', theme: 'light' }]);
    const [menu] = sent;
    const entry =
      menu?.kind === 'menu' ? menu.entries.find(({ command }) => command === 'incident.acknowledge') : null;
    expect(entry?.accelerator).toBe('X');
    stop();
    preferences.setState({ theme: 'dark' });
    expect(sent).toHaveLength(2);
  });

  it('names every command once, each of a group and with a label', () => {
    const entries = menuEntriesOf(keymapOf({}));
    expect(entries.map(({ command }) => command)).toEqual(commandIds);
    expect(entries.every(({ label, group }) => label !== '' && group !== '')).toBe(true);
    expect(entries.length).toBeLessThanOrEqual(200);
  });

  it.each([
    ['Mod+k', 'CmdOrCtrl+K'],
    ['Mod+Alt+j', 'CmdOrCtrl+Alt+J'],
    ['a', 'A'],
    ['G', 'Shift+G'],
    ['?', '?'],
    ['+', 'Plus'],
    ['Mod++', 'CmdOrCtrl+Plus'],
    ['ArrowDown', 'Down'],
    ['Escape', 'Esc'],
    ['g i', undefined],
    ['', undefined],
  ])('writes %s as %s', (chord, keys) => {
    expect(acceleratorOf(chord)).toBe(keys);
  });
});
