import fc from 'fast-check';
import { expect, it } from 'vitest';
import { commandIds, conflictsOf, defaultKeysOf, keymapOf, type KeyOverrides } from './keymap.ts';
import { addKey, isRemapped, removeKey, resetKeys, type Remap } from './remap.ts';

function overridesAfter(remap: Remap): KeyOverrides {
  if (remap.kind === 'refused') throw new Error(remap.why);
  return remap.overrides;
}

it('gives a command another key, and takes it away again', () => {
  const added = addKey({}, 'incident.acknowledge', 'Q');
  expect(added).toEqual({ kind: 'free', overrides: { 'incident.acknowledge': ['a', 'Q'] } });
  expect(removeKey(overridesAfter(added), 'incident.acknowledge', 'Q')).toEqual({
    kind: 'free',
    overrides: {},
  });
  const none = overridesAfter(removeKey({}, 'incident.acknowledge', 'a'));
  expect(none).toEqual({ 'incident.acknowledge': [] });
  expect(isRemapped(none, 'incident.acknowledge')).toBe(true);
});

it('says who has a key, and what taking it leaves them', () => {
  const taken = addKey({}, 'undo', 'j');
  expect(taken).toMatchObject({ kind: 'taken', from: [{ command: 'move.down', chord: 'j', isLast: false }] });
  expect(overridesAfter(taken)).toMatchObject({ 'move.down': ['ArrowDown'], undo: ['u', 'j'] });
});

it('says so where it is the last key of another', () => {
  expect(addKey({}, 'undo', 'a')).toMatchObject({
    kind: 'taken',
    from: expect.arrayContaining([{ command: 'incident.acknowledge', chord: 'a', isLast: true }]),
  });
});

it('a key that begins others is taken from all of them', () => {
  const taken = addKey({}, 'undo', 'g');
  const from = taken.kind === 'taken' ? taken.from.map(({ command }) => command) : [];
  expect(from).toEqual(expect.arrayContaining(['go.inbox', 'go.logs', 'move.first']));
  expect(conflictsOf(keymapOf(overridesAfter(taken)))).toEqual([]);
});

it.each([
  ['the key it has', 'undo', 'u'],
  ['one that begins its own', 'go.inbox', 'g'],
  ['Tab', 'undo', 'Tab'],
  ['four strokes', 'undo', 'z z z z'],
  ['the last key of the palette', 'undo', 'Mod+k'],
] as const)('refuses %s', (_what, command, chord) => {
  expect(addKey({}, command, chord).kind).toBe('refused');
});

it('the palette keeps a key', () => {
  expect(removeKey({}, 'palette.open', 'Mod+k').kind).toBe('refused');
  const two = overridesAfter(addKey({}, 'palette.open', 'Mod+y'));
  expect(removeKey(two, 'palette.open', 'Mod+k').kind).toBe('free');
});

it('going back to the usual key may take it from who has it now', () => {
  const taken = overridesAfter(addKey({}, 'undo', 'j'));
  const back = resetKeys(taken, 'move.down');
  expect(back).toMatchObject({ kind: 'taken', from: [{ command: 'undo', chord: 'j', isLast: false }] });
  expect(overridesAfter(back)).toEqual({});
});

it('whatever is done in whatever order, no two commands are on one key and the palette can be opened', () => {
  const strokes = fc.constantFrom('j', 'k', 'g', 'a', 'u', 'Z', '1', 'Mod+k', 'Mod+y', 'Escape', 'Tab', 'F2');
  const chord = fc.array(strokes, { minLength: 1, maxLength: 3 }).map((list) => list.join(' '));
  const change = fc.record({
    what: fc.constantFrom('add', 'remove', 'reset'),
    command: fc.constantFrom(...commandIds),
    chord,
  });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 15 }), (changes) => {
      let overrides: KeyOverrides = {};
      for (const { what, command, chord: wanted } of changes) {
        const keys = keymapOf(overrides).get(command) ?? [];
        const remap =
          what === 'add'
            ? addKey(overrides, command, wanted)
            : what === 'reset'
              ? resetKeys(overrides, command)
              : removeKey(overrides, command, keys[0] ?? '');
        if (remap.kind === 'refused') continue;
        overrides = remap.overrides;
        const keymap = keymapOf(overrides);
        expect(conflictsOf(keymap)).toEqual([]);
        expect(keymap.get('palette.open')).not.toEqual([]);
        if (what === 'add') expect(keymap.get(command)).toContain(wanted);
        if (what === 'reset') expect(keymap.get(command)).toEqual(defaultKeysOf(command));
      }
      for (const id of commandIds) {
        if (isRemapped(overrides, id)) expect(overrides[id]).not.toEqual(defaultKeysOf(id));
      }
    }),
    { numRuns: 60 },
  );
});
