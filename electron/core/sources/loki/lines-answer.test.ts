import { expect, test } from 'vitest';
import { readBackward, readForward, readTailFrame } from './lines-answer.ts';

/** A Loki, or what calls itself one, that sends more than it was asked for. */
function rows(streams: number, lines: number): { stream: object; values: string[][] }[] {
  return Array.from({ length: streams }, (_, stream) => ({
    stream: { app: `web-${stream}` },
    values: Array.from({ length: lines }, (__, line) => [String(line), 'x']),
  }));
}

const answerOf = (result: unknown): unknown => ({
  status: 'success',
  data: { resultType: 'streams', result },
});

test.each([
  ['backward', readBackward, answerOf],
  ['forward', readForward, answerOf],
  ['a tail', readTailFrame, (streams: unknown) => ({ streams })],
])('more lines than are read at once are refused, and as many are read: %s', (_way, read, wrap) => {
  expect(read(wrap(rows(3, 20_000)))).toMatchObject({
    ok: false,
    failure: { code: 'too-large', status: null, message: expect.stringContaining('60000 lines') },
  });
  const most = read(wrap(rows(1, 50_000)));
  expect(most.ok && most.value.rows).toHaveLength(50_000);
});

test('warnings without end are cut: each is a line of a window', () => {
  const warnings = Array.from({ length: 5_000 }, (_, index) => `${index} ${'x'.repeat(5_000)}`);
  const data = { resultType: 'streams', result: [] };
  const read = readForward({ status: 'success', data, warnings });
  const told = read.ok ? read.value.head.warnings : [];
  expect(told).toHaveLength(20);
  expect(told[3]).toBe(warnings[3]?.slice(0, 1_000));
});
