import { expect, test } from 'vitest';
import { levelOf, levelOfLine } from './level.ts';

test.each([
  ['FATAL', 'critical'],
  ['crit', 'critical'],
  ['Error', 'error'],
  ['err', 'error'],
  ['warning', 'warn'],
  ['WARN', 'warn'],
  ['notice', 'info'],
  ['info', 'info'],
  ['dbug', 'debug'],
  ['trace', 'trace'],
  ['', 'unknown'],
  ['unknown', 'unknown'],
  ['constructor', 'unknown'],
])('%s is %s', (word, level) => {
  expect(levelOf(word)).toBe(level);
});

test('what Loki detected counts first, then the parsed labels, then those of the stream', () => {
  const stream = { level: 'debug' };
  expect(levelOfLine(stream, { detected_level: 'error' }, { level: 'info' })).toBe('error');
  expect(levelOfLine(stream, { detected_level: 'unknown' }, { level: 'info' })).toBe('info');
  expect(levelOfLine(stream, {}, { severity: 'warning' })).toBe('warn');
  expect(levelOfLine(stream, {}, {})).toBe('debug');
  expect(levelOfLine({ detected_level: 'fatal', level: 'info' }, {}, {})).toBe('critical');
  expect(levelOfLine({}, {}, {})).toBe('unknown');
});
