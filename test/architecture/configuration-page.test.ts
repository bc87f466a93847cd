import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { describeKeys, type KeyDescription } from '#core/config/configuration-keys.ts';
import { parseConfiguration } from '#core/config/parse-configuration.ts';
import { inProject } from '../../scripts/project.ts';

/** docs/configuration.md says what the configuration's keys say of themselves, and its examples are taken. */
const path = inProject('docs/configuration.md');
const begin = '<!-- keys -->\n';
const end = '<!-- end of keys -->';

function rowOf({ path: key, type, fallback, accepted, description }: KeyDescription): string {
  const cells = [`\`${key}\``, type, fallback, accepted, description];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

test('the page has every key with its type, default, accepted values and purpose', async () => {
  const page = readFileSync(path, 'utf8');
  const [before = '', rest = ''] = page.split(begin);
  const after = rest.slice(rest.indexOf(end));
  expect(after.startsWith(end), 'the page has the place of the table').toBe(true);
  const head = '| key | type | without it | accepted | what for |\n|---|---|---|---|---|\n';
  const table = describeKeys().map((key) => `${rowOf(key)}\n`);
  await expect(`${before}${begin}${head}${table.join('')}${after}`).toMatchFileSnapshot(path);
});

test.each(['docs/configuration.md', 'README.md'])('the example of %s is taken as it stands', (file) => {
  const page = readFileSync(inProject(file), 'utf8');
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);
  expect(examples.length).toBeGreaterThan(0);
  for (const yaml of examples) {
    const { configuration, problems } = parseConfiguration(yaml, file);
    expect(problems).toEqual([]);
    expect(configuration?.sources.length).toBeGreaterThan(2);
  }
});
