import { expect, test } from 'vitest';
import { runCommand } from './run-command.ts';

test('output of both streams and the exit code are kept', async () => {
  const outcome = await runCommand('sh', ['-c', 'echo one; echo two >&2; exit 3'], { limitMs: 5_000 });
  expect(outcome.exitCode).toBe(3);
  expect(outcome.output.split('\n').toSorted()).toEqual(['', 'one', 'two']);
});

test('a program that is not there is an outcome, not an exception', async () => {
  const outcome = await runCommand('opssight-no-such-program', [], { limitMs: 5_000 });
  expect(outcome).toMatchObject({ exitCode: null, timedOut: false });
  expect(outcome.output).toContain('ENOENT');
});

test('at the limit it is killed with everything that it started', async () => {
  const startedAtMs = Date.now();
  // The grandchild holds the output open: as long as it lives there is no outcome.
  const outcome = await runCommand('sh', ['-c', 'sleep 60 & wait'], { limitMs: 300 });
  expect(outcome).toMatchObject({ exitCode: null, timedOut: true });
  expect(Date.now() - startedAtMs).toBeLessThan(10_000);
});

test('once nothing runs any more, a signal is again for the rest of this process', async () => {
  const before = process.listenerCount('SIGINT');
  const running = runCommand('sh', ['-c', 'sleep 0.1'], { limitMs: 5_000 });
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  await running;
  expect(process.listenerCount('SIGINT')).toBe(before);
});
