import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openOverlay, show } from '../actions/view.ts';
import type { App } from '../app.ts';
import { createSessionStore } from '../stores/session.ts';
import { late } from '../ui/late.ts';
import { commandsOnceHere } from './commands-once-here.ts';
import { KeptCommand } from './kept-command.ts';

/** Commands of a view whose script is still on its way. */

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function open() {
  const done: string[] = [];
  let hasLines = true;
  const actions = {
    find: { run: () => done.push('find') },
    error: { run: () => done.push('error'), available: () => hasLines, refusal: () => 'No line is loaded.' },
  };
  const { promise, resolve } = Promise.withResolvers<typeof actions>();
  const part = late(() => promise);
  void part.load();
  const commands = commandsOnceHere(part, actions, (module) => module, new KeptCommand());
  const app = { session: createSessionStore({ kind: 'logs' }) } as unknown as App;
  const press = (name: keyof typeof actions): void => {
    const command = commands[name];
    if (command.available?.(app) ?? true) command.run(app);
    else command.keep?.(app);
  };
  const arrive = async (): Promise<void> => {
    resolve(actions);
    await vi.advanceTimersByTimeAsync(100);
  };
  const setLines = (has: boolean): void => void (hasLines = has);
  return { app, commands, press, arrive, done, setLines };
}

test('the last one that was given is done once the script is here, once', async () => {
  const { press, arrive, done } = open();
  press('error');
  press('find');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(done).toEqual([]);
  await arrive();
  expect(done).toEqual(['find']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(done).toEqual(['find']);
  press('error');
  expect(done).toEqual(['find', 'error']);
});

test('one that has nothing to act on yet waits for it, if its script was not here when it was given', async () => {
  const { press, arrive, done, setLines } = open();
  setLines(false);
  press('error');
  await arrive();
  expect(done).toEqual([]);
  setLines(true);
  await vi.advanceTimersByTimeAsync(100);
  expect(done).toEqual(['error']);
  setLines(false);
  press('error');
  setLines(true);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(done).toEqual(['error']);
});

test('it is not done seconds later, elsewhere, or under what was opened meanwhile', async () => {
  const slow = open();
  slow.press('find');
  await vi.advanceTimersByTimeAsync(4_000);
  await slow.arrive();
  expect(slow.done).toEqual([]);

  const elsewhere = open();
  elsewhere.press('find');
  show(elsewhere.app, { kind: 'inbox' });
  await vi.advanceTimersByTimeAsync(100);
  show(elsewhere.app, { kind: 'logs' });
  await elsewhere.arrive();
  expect(elsewhere.done).toEqual([]);

  const under = open();
  under.press('find');
  openOverlay(under.app, 'palette');
  await under.arrive();
  expect(under.done).toEqual([]);
});

test('why it can do nothing is said by the view, once that is here', async () => {
  const { app, commands, arrive, setLines } = open();
  setLines(false);
  expect(commands.error.refusal?.(app)).toBe('');
  await arrive();
  expect(commands.error.refusal?.(app)).toBe('No line is loaded.');
});
