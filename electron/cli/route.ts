import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import * as v from 'valibot';
import { labelsSchema, type Labels } from '#shared/model/labels.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { readMatcher } from '#shared/routing/matchers/read-matchers.ts';
import type { RoutingConfiguration } from '#shared/routing/model.ts';
import { pagingOf } from '#shared/routing/paging.ts';
import { readRoutingConfiguration } from '#shared/routing/read/read-configuration.ts';
import { receiversOf } from '#shared/routing/routes-of.ts';
import { exitCodes, type Command, type Terminal } from './command.ts';
import { linesOf } from './line-reader.ts';
import { readOptions, usageOf } from './options.ts';
import { pagingText, refusalLines } from './routing-text.ts';

/** `opssight route`: whom an alert with these labels reaches by a configuration of Alertmanager, and when. */
export const routeCommand: Command = {
  name: 'route',
  summary: 'Say whom an alert would page by an Alertmanager’s configuration, by which routes, and when.',
  usage: 'route --config alertmanager.yml (LABEL=VALUE … | --batch FILE) [--time T]',
  options: [
    { name: 'config', value: 'FILE', summary: 'A configuration of Alertmanager.' },
    {
      name: 'batch',
      value: 'FILE',
      summary: 'One JSON object of labels a line, "-" for standard input; {"receivers":[…]} for each.',
    },
    { name: 'time', value: 'T', summary: 'When it begins to fire, RFC 3339; now unless given.' },
  ],
  run: runRoute,
};

/** The year 9999: what follows a time is looked for years ahead. */
const latestMs = 253_370_764_800_000;
const mostLabels = 1_000;
const mostFileBytes = 16_777_216;

function runRoute(argv: readonly string[], terminal: Terminal): number {
  const options = readOptions(argv, routeCommand.options, mostLabels);
  if (!options.ok) return refuse(options.failure, terminal);
  const { values, words } = options.value;
  const [config = '', batch] = [values.get('config'), values.get('batch')];
  if (config === '') return refuse('--config FILE is missing.', terminal);
  if (batch !== undefined && words.length > 0)
    return refuse('Labels are either given here or in the lines of --batch.', terminal);
  const atMs = values.has('time') ? Date.parse(values.get('time') ?? '') : terminal.nowMs;
  if (!(Math.abs(atMs) < latestMs))
    return refuse('--time needs a time such as 2026-11-21T03:12:00Z.', terminal);
  const labels = labelsOfWords(words);
  if (!labels.ok) return refuse(labels.failure, terminal);
  const file = readConfiguration(config);
  if (!file.ok) return fail(file.failure, terminal);
  const configuration = file.value;
  if (batch !== undefined) return runBatch(batch, configuration, terminal);
  terminal.output(pagingText(configuration, pagingOf(configuration, labels.value, [], atMs), atMs));
  return configuration.root === null ? exitCodes.failed : exitCodes.done;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function readConfiguration(path: string): Result<RoutingConfiguration, string> {
  try {
    if (statSync(path).size > mostFileBytes) return failed(`${path} is larger than 16 MiB.`);
    return success(readRoutingConfiguration(decoder.decode(readFileSync(path))));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return failed(`${path} is not UTF-8: an Alertmanager would refuse it.`);
    return failed(`${path} cannot be read: ${messageOf(error)}.`);
  }
}

/** Each word is one label, written as a matcher with `=`; of a name that stands twice, the last. */
function labelsOfWords(words: readonly string[]): Result<Labels, string> {
  const labels: [name: string, value: string][] = [];
  for (const word of words) {
    const read = readMatcher(word);
    if (!read.ok || read.value.operator !== '=')
      return failed(
        `"${word}" is no label: write NAME=VALUE, or NAME="VALUE" with quotes that the shell keeps.`,
      );
    labels.push([read.value.name, read.value.value]);
  }
  return success(Object.fromEntries(labels));
}

function runBatch(path: string, configuration: RoutingConfiguration, terminal: Terminal): number {
  const refusal = refusalLines(configuration.problems);
  if (refusal.length > 0) terminal.error(refusal.join('\n'));
  if (configuration.root === null) return exitCodes.failed;
  const standardInput = 0;
  let file: number | null = null;
  try {
    file = path === '-' ? standardInput : openSync(path, 'r');
    for (const line of linesOf(file)) {
      if (!line.ok) return fail(line.failure, terminal);
      if (line.value.trim() !== '') terminal.output(answerOf(line.value, configuration));
    }
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return fail(`${path} cannot be read: ${messageOf(error)}.`, terminal);
  } finally {
    if (file !== null && file !== standardInput) closeSync(file);
  }
}

/** One line for each line that is asked, whatever it says. */
function answerOf(line: string, configuration: RoutingConfiguration): string {
  let given: unknown;
  try {
    given = JSON.parse(line);
  } catch (error) {
    return JSON.stringify({ error: `the line is not JSON: ${messageOf(error)}` });
  }
  const labels = v.safeParse(labelsSchema, given);
  if (!labels.success)
    return JSON.stringify({ error: 'the line is no object of label names and text values' });
  return JSON.stringify({ receivers: receiversOf(configuration.root, labels.output) });
}

function fail(message: string, terminal: Terminal): number {
  terminal.error(message);
  return exitCodes.failed;
}

function refuse(message: string, terminal: Terminal): number {
  terminal.error(`${message}\n${usageOf(routeCommand)}`);
  return exitCodes.usage;
}
