import { beforeEach, expect, test, vi } from 'vitest';
import { tourSteps } from '../keys/tour-steps.ts';
import { commandIds, commandOf } from '../keys/keymap.ts';
import type { App } from '../app.ts';
import { createPreferencesStore } from '../stores/prefs.ts';
import { createSessionStore } from '../stores/session.ts';
import { runAndTeach } from './teach.ts';
import { endTour, nextStep, noticeKey, startTour } from './tour.ts';

let kept: string | null;
let app: Pick<App, 'session' | 'preferences' | 'mac'>;

beforeEach(() => {
  kept = null;
  app = {
    session: createSessionStore(),
    preferences: createPreferencesStore({ getItem: () => kept, setItem: (_key, text) => void (kept = text) }),
    mac: false,
  };
});

const at = (): number | null => app.session.getState().tourStep;
const wasSeen = (): boolean => app.preferences.getState().tourSeen;

test('has ten different keys, each of a command that has one', () => {
  expect(new Set(tourSteps).size).toBe(10);
  for (const command of tourSteps) expect(commandOf(command).keys).not.toEqual([]);
});

test('goes on with the key that it waits for and with no other', () => {
  startTour(app);
  for (const command of commandIds) if (command !== tourSteps[0]) noticeKey(app, command);
  expect(at()).toBe(0);
  noticeKey(app, 'move.down');
  expect(at()).toBe(1);
});

test('is seen once its last key was pressed, says goodbye, and ends', () => {
  startTour(app);
  for (const command of tourSteps) noticeKey(app, command);
  expect([at(), wasSeen()]).toEqual([10, true]);
  nextStep(app);
  expect(at()).toBeNull();
});

test('can be skipped through and ended, and is remembered over a reload', () => {
  startTour(app);
  nextStep(app);
  expect([at(), wasSeen()]).toEqual([1, false]);
  endTour(app);
  expect([at(), wasSeen()]).toEqual([null, true]);
  const later = createPreferencesStore({ getItem: () => kept, setItem: () => undefined });
  expect(later.getState().tourSeen).toBe(true);
});

test('no key moves on a tour that is not on', () => {
  noticeKey(app, 'move.down');
  expect(at()).toBeNull();
});

test('a command run by name tells its key, not one after the other, and twice at most', () => {
  vi.useFakeTimers();
  vi.setSystemTime(1_000_000);
  const ran = vi.fn();
  const run = (chord: string | undefined): string | undefined => {
    app.session.setState({ toast: null });
    runAndTeach(app as App, 'go.logs', chord, ran);
    return app.session.getState().toast?.text;
  };
  expect(run(undefined)).toBeUndefined();
  expect(run('g l')).toBe('Next time: g l');
  expect(run('g l')).toBeUndefined();
  vi.advanceTimersByTime(61_000);
  expect(run('g l')).toBe('Next time: g l');
  vi.advanceTimersByTime(61_000);
  expect(run('g l')).toBeUndefined();
  expect(ran).toHaveBeenCalledTimes(5);
  vi.useRealTimers();
});

test('what a command says of itself, and what can be taken back, is not talked over', () => {
  vi.useFakeTimers();
  vi.setSystemTime(9_000_000);
  const toast = { id: 1, tone: 'plain', text: 'Acknowledged', undo: null, endsAtMs: 0 } as const;
  runAndTeach(app as App, 'go.inbox', 'g i', () => app.session.setState({ toast }));
  expect(app.session.getState().toast).toBe(toast);
  vi.useRealTimers();
});
