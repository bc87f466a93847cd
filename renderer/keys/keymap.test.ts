import { describe, expect, it } from 'vitest';
import { keyContexts } from './command-entry.ts';
import { commandIds, commandsIn, conflictsOf, keymapOf } from './keymap.ts';

describe('the keymap', () => {
  it('has no two commands on one key where both count', () => {
    expect(conflictsOf(keymapOf({}))).toEqual([]);
  });

  it('finds the same chord, a chord that begins another, and clashes with global keys', () => {
    expect(conflictsOf(keymapOf({ 'incident.note': ['a'] }))).toContainEqual({
      chord: 'a',
      secondChord: 'a',
      first: 'incident.acknowledge',
      second: 'incident.note',
    });
    expect(conflictsOf(keymapOf({ 'filter.focus': ['g'] })).map((found) => found.second)).toContain(
      'go.inbox',
    );
    expect(conflictsOf(keymapOf({ 'source.add': ['u'] }))).toContainEqual({
      chord: 'u',
      secondChord: 'u',
      first: 'source.add',
      second: 'undo',
    });
  });

  it('lets one key mean different things in views that are never shown together', () => {
    expect(conflictsOf(keymapOf({ 'source.add': ['a'] }))).toEqual([]);
  });

  it('takes a person’s own keys instead of the command’s', () => {
    expect(keymapOf({ undo: ['z'] }).get('undo')).toEqual(['z']);
    expect(keymapOf({ undo: ['z'] }).get('back')).toEqual(['Escape']);
  });

  it('offers every command somewhere', () => {
    const offered = new Set(keyContexts.flatMap((context) => commandsIn(context)));
    expect([...offered].sort()).toEqual([...commandIds].sort());
  });
});
