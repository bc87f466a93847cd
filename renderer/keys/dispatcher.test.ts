import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createDispatcher, type DispatchEvent } from './dispatcher.ts';
import type { KeyContext } from './command-entry.ts';
import { keymapOf } from './keymap.ts';
import { capsOfChord, strokeOf } from './strokes.ts';

class FakeElement {
  readonly #tag: string;
  constructor(tag: string) {
    this.#tag = tag;
  }
  closest(selector: string): FakeElement | null {
    return selector.split(', ').includes(this.#tag) ? this : null;
  }
}

function press(key: string, extra: Partial<DispatchEvent> = {}): DispatchEvent {
  return {
    key,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    isComposing: false,
    defaultPrevented: false,
    target: null,
    preventDefault: vi.fn(),
    ...extra,
  };
}

describe('the dispatcher', () => {
  const ran: string[] = [];
  let context: KeyContext | null = 'inbox';
  let pending: readonly string[] = [];
  const dispatch = createDispatcher({
    mac: false,
    keymap: () => keymapOf({}),
    context: () => context,
    run: (command) => ran.push(command),
    onPending: (strokes) => {
      pending = strokes;
    },
  });

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('Element', FakeElement);
    ran.length = 0;
    context = 'inbox';
  });
  afterEach(() => {
    vi.runAllTimers();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('runs a key of the context and a global one, and keeps the browser from acting on it', () => {
    const preventDefault = vi.fn();
    dispatch(press('j', { preventDefault }));
    dispatch(press('k', { ctrlKey: true }));
    expect(ran).toEqual(['move.down', 'palette.open']);
    expect(preventDefault).toHaveBeenCalledOnce();
  });

  it('does not run a key of another context', () => {
    const preventDefault = vi.fn();
    dispatch(press('[', { preventDefault }));
    expect(ran).toEqual([]);
    expect(preventDefault).not.toHaveBeenCalled();
  });

  it('runs chords, shows what has begun, and forgets it after a while', () => {
    dispatch(press('g'));
    expect(pending).toEqual(['g']);
    dispatch(press('o'));
    expect(ran).toEqual(['go.sources']);
    expect(pending).toEqual([]);
    dispatch(press('g'));
    vi.advanceTimersByTime(2_001);
    expect(pending).toEqual([]);
    dispatch(press('a'));
    expect(ran).toEqual(['go.sources', 'incident.acknowledge']);
  });

  it('leaves text to text fields and input methods, but not Escape and the palette', () => {
    const target = new FakeElement('input') as unknown as EventTarget;
    dispatch(press('a', { target }));
    dispatch(press('a', { isComposing: true }));
    dispatch(press('Process'));
    expect(ran).toEqual([]);
    dispatch(press('Escape', { target }));
    dispatch(press('k', { target, ctrlKey: true }));
    expect(ran).toEqual(['back', 'palette.open']);
  });

  it('leaves Enter to a focused button', () => {
    dispatch(press('Enter', { target: new FakeElement('button') as unknown as EventTarget }));
    expect(ran).toEqual([]);
    dispatch(press('Enter'));
    expect(ran).toEqual(['row.open']);
  });

  it('leaves Space to a focused box, and takes every other key of the view', () => {
    const target = new FakeElement('input[type="checkbox"]') as unknown as EventTarget;
    dispatch(press(' ', { target }));
    expect(ran).toEqual([]);
    dispatch(press('a', { target }));
    expect(ran).toEqual(['incident.acknowledge']);
  });

  it('is silent while a dialog has the keys', () => {
    context = null;
    dispatch(press('a'));
    expect(ran).toEqual([]);
  });
});

describe('strokes', () => {
  it.each([
    ['a Control chord', { ctrlKey: true, key: 'K' }, false, 'Mod+k'],
    ['Command on a Mac', { metaKey: true, key: 'k' }, true, 'Mod+k'],
    ['Command elsewhere', { metaKey: true, key: 'k' }, false, undefined],
    ['a character typed with AltGr', { ctrlKey: true, altKey: true, key: '[' }, false, '['],
    ['Shift alone', { key: 'Shift' }, false, undefined],
    ['a shifted letter', { key: 'G' }, false, 'G'],
  ])('%s', (_name, partial, mac, expected) => {
    expect(strokeOf(press('', partial), mac)).toBe(expected);
  });

  it('are drawn as caps', () => {
    expect(capsOfChord('Mod+k', false)).toEqual(['Ctrl', 'K']);
    expect(capsOfChord('g ,', false)).toEqual(['g', ',']);
    expect(capsOfChord('Enter', true)).toEqual(['⏎']);
  });
});
