import { expect, test } from 'vitest';
import { addressProblem, urlProblem } from './go-url.ts';

/** What Alertmanager 0.33's own tool said of each. */
test.each([
  'http://x',
  'HTTP://x:80/y?z=%zz',
  'http://[::1]:80',
  'http://[fe80::1%25en0]/',
  'http://[::ffff:1.2.3.4]',
  'http://[1:2:3:4:5:6:7:8]',
  'http://[1::]',
  'http://[1:2:3:4:5:6:1.2.3.4]',
  'http://u:p%20@h',
  'http://a_b',
  'http://ü/%20',
])('%s is a URL', (text) => expect(urlProblem(text)).toBeNull());

test.each([
  'http://x[/y',
  'http://a[b]c',
  'http://[:]',
  'http://[1:2]',
  'http://[1:2:3:4:5:6:7:8:9]',
  'http://[::1%25]',
  'http://[1::2::3]',
  'http://[1:2:3:4:5:6:7::8]:x',
  'http://[::1.2.3.256]',
  'http://[1.2.3.4::]',
  'http://[12345::]',
  'http://[:1:2:3:4:5:6:7]',
  'http://[::1]x',
  'http://[1.2.3.4]',
  'http://a b',
  'http://a:8a',
  'http://a/%zz',
  'http:///a',
  'ftp://a',
])('%s is none', (text) => expect(urlProblem(text)).not.toBeNull());

test.each(['', 'x:1', ':25', '[::1]:25', 'x:smtp'])('%j is an address', (text) =>
  expect(addressProblem(text)).toBeNull(),
);
test.each(['x', 'x:', '::1:25', '[x]:25:', 'x:1:2'])('%j is none', (text) =>
  expect(addressProblem(text)).not.toBeNull(),
);
