import { expect, test } from 'vitest';
import { ShownExpressions } from './shown-expressions.ts';

const minuteMs = 60_000;

test('what a window asked for is followed over what it looked at, for ten minutes after it asked last', () => {
  let nowMs = 10_000 * minuteMs;
  const shown = new ShownExpressions(() => nowMs);
  const panel = { source: 'p', expression: 'a', fromMs: nowMs - 60 * minuteMs, toMs: nowMs };
  expect(shown.note(panel)).toBe(true);
  expect(shown.note(panel)).toBe(false);
  expect(shown.watched()).toMatchObject([
    { source: 'p', expression: 'a', keepMs: 60 * minuteMs, priority: 'shown' },
  ]);
  nowMs += 9 * minuteMs;
  shown.note({ ...panel, expression: 'b', fromMs: 0 });
  nowMs += 2 * minuteMs;
  expect(shown.watched()).toMatchObject([{ expression: 'b', keepMs: 24 * 60 * minuteMs }]);
  for (let index = 0; index < 300; index++) shown.note({ ...panel, expression: `m${index}` });
  expect(shown.watched()).toHaveLength(200);
});
