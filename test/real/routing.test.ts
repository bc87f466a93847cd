import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test, type TestContext } from 'vitest';
import { stringify } from 'yaml';
import type { Labels } from '#shared/model/labels.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import {
  brokenConfiguration,
  routedLabels,
  routingConfiguration,
  wholeConfiguration,
} from '#support/routing-data.ts';
import { slippedConfiguration, writtenConfiguration } from '#support/routing-texts.ts';
import { runCommand } from '../../electron/cli/main.ts';
import { placeFor } from './generations.ts';

/**
 * `opssight route` beside Alertmanager's own tool: the same receivers in the same order for label sets over
 * generated configurations, and the same verdict on broken ones. The tool takes one label set at a time.
 */
const isFull = process.env['OPSSIGHT_FULL'] === '1';
const configurationCount = 50;
const labelSetsEach = isFull ? 200 : 10;
const brokenCount = isFull ? 3_000 : 300;
const atOnce = 4;
const timeout = 1_800_000;

/** The same questions in every run, so that a difference can be looked at again. */
const seed = 20_261_121;

test('receivers are those of the tool, in its order', { timeout }, async (context) => {
  const { commands, folder } = await placeFor('new', context);
  const tool = toolBeside(commands.alertmanager);
  const configurations = fc.sample(routingConfiguration, { numRuns: configurationCount, seed });
  const labelSets = fc.sample(routedLabels, { numRuns: configurationCount * labelSetsEach, seed });
  let routedElsewhere = 0;
  for (const [index, configuration] of configurations.entries()) {
    const path = join(folder, `${index}.yml`);
    // Half of them as YAML is mostly written, half as flow maps, which YAML takes as well.
    writeFileSync(path, index % 2 === 0 ? stringify(configuration) : JSON.stringify(configuration));
    const asked = labelSets.slice(index * labelSetsEach, (index + 1) * labelSetsEach);
    const expected = await inTurns(asked, (labels) => receiversByTool(tool, path, labels));
    const answered = receiversByBatch(folder, path, asked);
    for (const [place, labels] of asked.entries())
      expect(answered[place], `${path} ${JSON.stringify(labels)}`).toBe(expected[place]);
    routedElsewhere += expected.filter((receivers) => receivers !== 'default').length;
  }
  // Were all of them to end at the root, nothing would have been compared.
  expect(routedElsewhere).toBeGreaterThan(labelSets.length / 4);
});

test('what the tool refuses is refused, and nothing else', { timeout }, async (context) => {
  const broken = fc.sample(brokenConfiguration, { numRuns: brokenCount, seed });
  const texts = [wholeConfiguration, ...broken].map((configuration, index) =>
    index % 2 === 0 ? stringify(configuration) : JSON.stringify(configuration),
  );
  const refusals = await refusalsAsByTool(texts, context);
  expect(refusals).toBeGreaterThan(brokenCount / 4);
});

test('a slip in a text is refused where the tool refuses it', { timeout }, async (context) => {
  const slipped = fc.sample(slippedConfiguration, { numRuns: brokenCount, seed });
  const refusals = await refusalsAsByTool([writtenConfiguration, ...slipped], context);
  expect(refusals).toBeGreaterThan(brokenCount / 4);
});

/** The first of the texts is one that the tool takes. @returns how many it refuses. */
async function refusalsAsByTool(texts: readonly string[], context: TestContext): Promise<number> {
  const { commands, folder } = await placeFor('new', context);
  const tool = toolBeside(commands.alertmanager);
  const indexed = texts.map((text, index) => ({ text, path: join(folder, `${index}.yml`) }));
  const verdicts = await inTurns(indexed, async ({ text, path }) => {
    writeFileSync(path, text);
    return await run(tool, ['check-config', path]);
  });
  expect(verdicts[0]?.isDone, verdicts[0]?.output).toBe(true);
  for (const [index, { text }] of indexed.entries()) {
    const { problems } = readRoutingConfiguration(text);
    const what = `${text}\n${verdicts[index]?.output}\n${JSON.stringify(problems[0])}`;
    expect(problems.length === 0, what).toBe(verdicts[index]?.isDone);
    for (const { line, field } of problems) expect([line > 0, typeof field]).toEqual([true, 'string']);
  }
  const refusals = verdicts.filter(({ isDone }) => !isDone).length;
  expect(refusals).toBeLessThan(texts.length - 1);
  return refusals;
}

interface Outcome {
  readonly isDone: boolean;
  readonly output: string;
}

function toolBeside(alertmanager: readonly string[]): string {
  return join(dirname(alertmanager.at(-1) ?? ''), 'amtool');
}

async function receiversByTool(tool: string, config: string, labels: Labels): Promise<string> {
  const written = Object.entries(labels).map(([name, value]) => `${quoted(name)}=${quoted(value)}`);
  const { isDone, output } = await run(tool, [
    'config',
    'routes',
    'test',
    `--config.file=${config}`,
    ...written,
  ]);
  if (!isDone) throw new Error(`${config} ${written.join(' ')}: ${output}`);
  // What the tool remarks on matchers stands before its answer.
  return output.trimEnd().split('\n').at(-1) ?? '';
}

/** A Go string, which is the only way to say every name and value. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}

function receiversByBatch(folder: string, config: string, labelSets: readonly Labels[]): readonly string[] {
  const batch = join(folder, 'labels.jsonl');
  writeFileSync(batch, labelSets.map((labels) => `${JSON.stringify(labels)}\n`).join(''));
  const receivers: string[] = [];
  const terminal = {
    output: (line: string) =>
      void receivers.push((JSON.parse(line) as { receivers: string[] }).receivers.join(',')),
    error: (message: string) => {
      throw new Error(`${config}: ${message}`);
    },
    nowMs: 0,
  };
  expect(runCommand(['route', '--config', config, '--batch', batch], terminal)).toBe(0);
  return receivers;
}

function run(file: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(file, args, (error, stdout, stderr) => {
      resolve({ isDone: error === null, output: error === null ? stdout : stdout + stderr });
    });
  });
}

async function inTurns<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const turns = Array.from({ length: atOnce }, async () => {
    for (let index = next++; index < items.length; index = next++) answers[index] = await ask(items[index]!);
  });
  await Promise.all(turns);
  return answers;
}
