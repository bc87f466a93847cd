import { describe, expect, it } from 'vitest';
import { safeHref } from './safe-link.ts';

describe('safeHref', () => {
  it.each([
    ['https://runbooks.example/backend?x=1#a', 'https://runbooks.example/backend?x=1#a'],
    ['HtTp://Example.com', 'http://example.com/'],
  ])('links %s', (text, expected) => {
    expect(safeHref(text)).toBe(expected);
  });

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    'smb://host/share',
    'ms-settings:privacy',
    '//evil.example',
    '\\\\host\\share',
    'http:\\\\evil.example',
    'https://user:secret@example.com',
    'https://user@example.com',
    'https://exa mple.com',
    'https://example.com/\u0000',
    ' https://example.com',
    'https://',
    `https://example.com/${'a'.repeat(2_100)}`,
    'see https://example.com',
    '',
  ])('leaves %j as text', (text) => {
    expect(safeHref(text)).toBeNull();
  });
});
