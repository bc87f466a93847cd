import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ProxyAnswers } from './proxy-answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function answers(resolve: (url: string) => Promise<string>): {
  asked: string[];
  logged: string[];
  changes: () => number;
  answers: ProxyAnswers;
} {
  const asked: string[] = [];
  const logged: string[] = [];
  let changes = 0;
  const made = new ProxyAnswers({
    resolve: (url) => {
      asked.push(url);
      return resolve(url);
    },
    onChanged: () => changes++,
    log: (event) => logged.push(event),
  });
  return { asked, logged, changes: () => changes, answers: made };
}

test('the system is told the server and no path', async () => {
  const { asked, answers: one } = answers(() => Promise.resolve('PROXY p:1'));
  expect(await one.ask('https://a.example/team/prometheus')).toBe('PROXY p:1');
  expect(asked).toEqual(['https://a.example/']);
  one.close();
});

test('another answer within a minute is told, the same one is not', async () => {
  let now = 'DIRECT';
  const { changes, answers: one } = answers(() => Promise.resolve(now));
  await one.ask('https://a.example');
  await one.ask('https://b.example');
  await vi.advanceTimersByTimeAsync(180_000);
  expect(changes()).toBe(0);
  now = 'PROXY vpn:1';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changes()).toBe(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(changes()).toBe(1);
  one.close();
  now = 'DIRECT';
  await vi.advanceTimersByTimeAsync(120_000);
  expect(changes()).toBe(1);
});

test('a system that does not know is taken for a direct way, and logged', async () => {
  const { logged, answers: one } = answers(() => Promise.reject(new Error('no')));
  expect(await one.ask('https://a.example')).toBe('DIRECT');
  expect(logged).toEqual(['proxy.not-resolved']);
  one.close();
});
