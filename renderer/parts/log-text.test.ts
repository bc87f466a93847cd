import { describe, expect, it } from 'vitest';
import { messageOf, visibleText } from './log-text.ts';

describe('messageOf', () => {
  it.each([
    ['{"level":"info","message":"GET / 200"}', 'GET / 200'],
    ['{"msg":"started"}', 'started'],
    ['{"message":"","msg":"second"}', 'second'],
    ['{"message":42}', '{"message":42}'],
    ['{"__proto__":{"message":"x"}}', '{"__proto__":{"message":"x"}}'],
    ['{not json', '{not json'],
    ['plain text', 'plain text'],
    ['', ''],
  ])('of %s', (line, message) => {
    expect(messageOf(line)).toBe(message);
  });

  it('leaves a very long line as it is', () => {
    const line = JSON.stringify({ message: 'm', more: 'x'.repeat(10_000) });
    expect(messageOf(line)).toBe(line);
  });
});

it('writes what would act on the screen as its escape, and shortens', () => {
  expect(visibleText('a\u202Eb\u0007c', 100)).toBe('a\\u{202E}b\\u{7}c');
  expect(visibleText('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
});
