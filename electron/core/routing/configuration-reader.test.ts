import { afterEach, expect, test } from 'vitest';
import { ConfigurationReader } from './configuration-reader.ts';

const readers: ConfigurationReader[] = [];

afterEach(async () => {
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
});

function reader(options: ConstructorParameters<typeof ConfigurationReader>[0] = {}): ConfigurationReader {
  const made = new ConfigurationReader(options);
  readers.push(made);
  return made;
}

/** Longer than any poll may hold the core up, if it were read there. */
const routes = Array.from({ length: 2_000 }, (_, index) => `  - matchers: ['team=~"t${index}|u"']\n`).join(
  '',
);
const large = `route:\n  receiver: r\n  routes:\n${routes}receivers:\n- name: r\n`;

test('reads on a thread, while the core goes on', async () => {
  let longestMs = 0;
  let lastAtMs = performance.now();
  const beat = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - lastAtMs);
    lastAtMs = performance.now();
  }, 2);
  const read = await reader().read(large, '0.33.0');
  clearInterval(beat);
  expect(read.ok && read.value.root?.routes).toHaveLength(2_000);
  expect(read.ok && read.value.problems).toEqual([]);
  expect(longestMs).toBeLessThan(250);
});

test.each([
  ['0.25.0', 1],
  ['0.27.0', 0],
  ['', 0],
])('%s reads matchers as that version does', async (version, problems) => {
  const text = `route: { receiver: r, routes: [{ matchers: ['"ü name"="x"'] }] }\nreceivers: [{ name: r }]`;
  const read = await reader().read(text, version);
  expect(read.ok && read.value.problems).toHaveLength(problems);
});

test('a thread that breaks down or takes too long is a failure, and the next text gets a new one', async () => {
  const broken = reader({ script: new URL('data:text/javascript,throw new Error("broke")') });
  expect(await broken.read('a', '')).toMatchObject({ ok: false, failure: expect.stringContaining('broke') });
  const slow = reader({ script: new URL('data:text/javascript,setInterval(() => 0, 1000)'), longestMs: 50 });
  expect(await slow.read('a', '')).toMatchObject({ ok: false, failure: expect.stringContaining('within') });
});

test('of very many at once the last are refused', async () => {
  const one = reader({ script: new URL('data:text/javascript,process.exit()') });
  const answers = await Promise.all(Array.from({ length: 18 }, () => one.read('a', '')));
  expect(answers.map((answer) => (answer.ok ? '' : answer.failure)).slice(-2)).toEqual(
    Array.from({ length: 2 }, () => 'too many configurations wait to be read'),
  );
}, 20_000);
