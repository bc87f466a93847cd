import { describe, expect, it, vi } from 'vitest';
import { logLine } from '#support/scripted-logs.ts';
import { messageOfLine, visibleText } from './log-text.ts';

describe('messageOfLine', () => {
  it.each([
    ['{"level":"info","message":"GET / 200"}', 'GET / 200'],
    ['{"msg":"started"}', 'started'],
    ['{"message":"","msg":"second"}', 'second'],
    ['{"message":42}', '{"message":42}'],
    ['{"__proto__":{"message":"x"}}', '{"__proto__":{"message":"x"}}'],
    ['{not json', '{not json'],
    ['plain text', 'plain text'],
    ['', ''],
  ])('of %s', (text, message) => {
    expect(messageOfLine(logLine({ text }))).toBe(message);
  });

  it('leaves a very long line as it is', () => {
    const text = JSON.stringify({ message: 'm', more: 'x'.repeat(10_000) });
    expect(messageOfLine(logLine({ text }))).toBe(text);
  });

  it('reads a line once', () => {
    const line = logLine({ text: '{"message":"first"}' });
    expect(messageOfLine(line)).toBe('first');
    const parse = vi.spyOn(JSON, 'parse');
    expect(messageOfLine(line)).toBe('first');
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });
});

it('writes what would act on the screen as its escape, and shortens', () => {
  expect(visibleText('a\u202Eb\u0007c', 100)).toBe('a\\u{202E}b\\u{7}c');
  expect(visibleText('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
  expect(visibleText('ab\u{1F525}c', 3)).toBe('ab…');
  expect(visibleText('ab\u{1F525}c', 4)).toBe('ab\u{1F525}…');
});

it.each(['\u00AD', '\u034F', '\u115F', '\u180E', '\u3164', '\uFFA0', '\u{E0041}'])(
  'lets no filler that is drawn as nothing make two lines look the same: %j',
  (filler) => {
    const code = filler.codePointAt(0)?.toString(16).toUpperCase();
    expect(visibleText(`pay${filler}pal`, 100)).toBe(`pay\\u{${code}}pal`);
  },
);

it('keeps joiners, which scripts and emoji need', () => {
  expect(visibleText('\u{1F468}\u200D\u{1F469}\uFE0F', 100)).toBe('\u{1F468}\u200D\u{1F469}\uFE0F');
});
