import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { CoreToHost } from './core-messages.ts';
import { HostQuestions } from './host-questions.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function asked(): { sent: CoreToHost[]; questions: HostQuestions; changes: () => number } {
  const sent: CoreToHost[] = [];
  const questions = new HostQuestions((message) => sent.push(message));
  let changes = 0;
  questions.onChanged(() => changes++);
  return { sent, questions, changes: () => changes };
}

test('each question gets its own answer, in whatever order they come', async () => {
  const { sent, questions } = asked();
  const first = questions.secret('a');
  const second = questions.secret('b');
  const way = questions.systemProxy('https://a.example/');
  expect(sent).toEqual([
    { kind: 'secret-wanted', id: 1, name: 'a' },
    { kind: 'secret-wanted', id: 2, name: 'b' },
    { kind: 'proxy-wanted', id: 3, url: 'https://a.example/' },
  ]);
  questions.receive({ kind: 'proxy', id: 3, proxy: 'DIRECT' });
  questions.receive({
    kind: 'secret-value',
    id: 2,
    value: null,
    refusal: { message: 'is gone', accepted: 'x' },
  });
  questions.receive({ kind: 'secret-value', id: 1, value: 'c4n4ry', refusal: null });
  expect(await way).toEqual({ ok: true, value: 'DIRECT' });
  expect(await second).toMatchObject({ ok: false, failure: { message: 'is gone' } });
  const secret = await first;
  expect(secret.ok && secret.value.reveal()).toBe('c4n4ry');
  expect(JSON.stringify(secret)).not.toContain('c4n4ry');
});

test('an app that does not answer is a failure, and its late answer a change', async () => {
  const { questions, changes } = asked();
  const secret = questions.secret('a');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await secret).toMatchObject({
    ok: false,
    failure: { message: expect.stringContaining('5 seconds') },
  });
  expect(changes()).toBe(0);
  questions.receive({ kind: 'secret-value', id: 1, value: 'c4n4ry', refusal: null });
  expect(changes()).toBe(1);
});

test('an app that is silent delays the next questions a quarter of a second, until it speaks', async () => {
  const { questions } = asked();
  const first = questions.secret('a');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(await first).toMatchObject({ ok: false });
  const second = questions.secret('b');
  await vi.advanceTimersByTimeAsync(250);
  expect(await second).toMatchObject({ ok: false });
  questions.receive({ kind: 'secret-value', id: 1, value: 'late', refusal: null });
  const third = questions.secret('c');
  await vi.advanceTimersByTimeAsync(4_000);
  questions.receive({ kind: 'secret-value', id: 3, value: 'in time', refusal: null });
  expect(await third).toMatchObject({ ok: true });
});
