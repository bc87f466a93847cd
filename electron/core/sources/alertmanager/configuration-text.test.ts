import { expect, test } from 'vitest';
import { withoutUrlSecrets } from './configuration-text.ts';

test.each([
  ['url: http://user:secret@hooks.example:8080/a/b', 'url: http://<secret>@hooks.example:8080/a/b'],
  ['url: "https://hooks.example/x?token=secret&a=b"', 'url: "https://hooks.example/x?<secret>"'],
  ['url: http://secret:se@cret@host/', 'url: http://<secret>@host/'],
  ['url: HTTPS://user:se/cret@host', 'url: HTTPS://<secret>@host'],
  ['plain: http://host:9093/path', 'plain: http://host:9093/path'],
  ['smtp_from: someone@example.org', 'smtp_from: someone@example.org'],
])('%s', (text, expected) => {
  expect(withoutUrlSecrets(text)).toBe(expected);
});

test('a configuration made to be slow is not', () => {
  const startedAtMs = performance.now();
  withoutUrlSecrets('http://'.repeat(100_000));
  expect(performance.now() - startedAtMs).toBeLessThan(500);
});
