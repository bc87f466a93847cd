import { expect, test } from 'vitest';
import { tailBackMs, type LogLine } from '#shared/model/log.ts';
import { logAnswer, logLine, logTail } from '#support/scripted-logs.ts';
import { changeLogs, createLogsStore, type LogsState } from './logs.ts';

/** What is shown where a tail goes on behind an answer: nothing twice, nothing left out, no gap unsaid. */

const atMs = Date.UTC(2026, 10, 21, 3, 12);

function lineAt(second: number, text: string, stream = 0): LogLine {
  return logLine({ atMs: atMs + second * 1_000, text, stream });
}

function shown(part: Partial<LogsState>, tailed: readonly LogLine[]): string[] {
  const logs = createLogsStore();
  const answer = logAnswer([lineAt(-60, 'old'), lineAt(-3, 'a', 1), lineAt(-2, 'b'), lineAt(-1, 'c')]);
  const tail = { tail: logTail({ lines: [...tailed] }), failure: null, fromMs: atMs, held: null };
  changeLogs(logs, { answer, answerToMs: atMs, tail, ...part });
  const { lines, streams } = logs.getState().shown;
  expect(lines.every(({ stream }) => streams[stream] !== undefined)).toBe(true);
  return lines.map(({ text }) => text);
}

test('a line that reached the source late hides none of the answer', () => {
  expect(shown({}, [lineAt(-2.5, 'late'), lineAt(1, 'new')])).toEqual(['old', 'a', 'late', 'b', 'c', 'new']);
});

test('a line that both have is shown once; another stream may say the same', () => {
  const tailed = [lineAt(-3, 'a', 1), lineAt(-2, 'b', 1), lineAt(-1, 'c'), lineAt(1, 'new')];
  expect(shown({}, tailed)).toEqual(['old', 'a', 'b', 'b', 'c', 'new']);
});

test('an answer that ended before the tail began is not shown as if nothing lay between', () => {
  expect(shown({ answerToMs: atMs - 60_000 }, [lineAt(1, 'new')])).toEqual(['new']);
  expect(shown({ answerToMs: atMs - tailBackMs }, [lineAt(1, 'new')])).toHaveLength(5);
});
