import { closeSync, openSync } from 'node:fs';
import { messageOf, type Result } from '#shared/result.ts';
import { exitCodes, type Command, type Terminal } from './command.ts';
import { linesOf } from './line-reader.ts';
import { readOptions, usageOf } from './options.ts';
import { answer, answerLine, type Answerer } from './promql-request.ts';
import { readSampleFile } from './sample-file.ts';

/**
 * `opssight promql`: this console's PromQL over a file of samples, without a server. Answers are those of
 * Prometheus' HTTP API, one line of JSON each.
 */
export const promqlCommand: Command = {
  name: 'promql',
  summary: 'Evaluate PromQL over a file of samples; answers as Prometheus’ HTTP API gives them.',
  usage:
    'promql --data FILE (QUERY [--time T | --start T --end T --step D] | --batch FILE) [--semantics v2|v3]',
  options: [
    {
      name: 'data',
      value: 'FILE',
      summary: 'Samples with timestamps, OpenMetrics or Prometheus’ text format.',
    },
    { name: 'time', value: 'T', summary: 'Unix seconds or RFC 3339; the newest sample’s time unless given.' },
    { name: 'start', value: 'T', summary: 'A range from here …' },
    { name: 'end', value: 'T', summary: '… to here …' },
    { name: 'step', value: 'D', summary: '… every so many seconds, or a duration such as 1m.' },
    {
      name: 'batch',
      value: 'FILE',
      summary:
        'One {"query","time"} or {"query","start","end","step"} a line, "-" for standard input; one answer each.',
    },
    { name: 'semantics', value: 'v2|v3', summary: 'Of which generation of Prometheus; v3 unless given.' },
    {
      name: 'format',
      value: 'NAME',
      summary:
        'openmetrics (seconds) or prometheus (milliseconds); told by a last line "# EOF" unless given.',
    },
  ],
  run: runPromql,
};

const formats = ['openmetrics', 'prometheus'] as const;
const generations = ['v2', 'v3'] as const;

function runPromql(argv: readonly string[], terminal: Terminal): number {
  const options = readOptions(argv, promqlCommand.options, 1);
  if (!options.ok) return refuse(options.failure, terminal);
  const { values, words } = options.value;
  const [query] = words;
  const batch = values.get('batch');
  const data = values.get('data') ?? '';
  if (data === '') return refuse('--data FILE is missing.', terminal);
  if ((query === undefined) === (batch === undefined))
    return refuse('Either a QUERY or --batch FILE is needed.', terminal);
  const semantics = oneOf(generations, values.get('semantics') ?? 'v3');
  if (semantics === null) return refuse('--semantics needs v2 or v3.', terminal);
  const format = oneOf(formats, values.get('format') ?? formats[0]);
  if (format === null) return refuse('--format needs openmetrics or prometheus.', terminal);
  const when = ['time', 'start', 'end', 'step'].map((name) => [name, values.get(name)] as const);
  const wrongTimes = batch === undefined ? wrongTimesOf(when) : wrongTimesOfBatch(when);
  if (wrongTimes !== null) return refuse(wrongTimes, terminal);
  const file = readSampleFile(data, values.has('format') ? format : null, semantics);
  if (!file.ok) return fail(file, terminal);
  const { source, newestMs } = file.value;
  const answerer: Answerer = { source, semantics, defaultTimeMs: newestMs ?? terminal.nowMs };
  if (batch !== undefined) return runBatch(batch, answerer, terminal);
  const { text, ok } = answer({ query: query ?? '', ...Object.fromEntries(when) }, answerer);
  terminal.output(text);
  return ok ? exitCodes.done : exitCodes.failed;
}

type GivenTimes = readonly (readonly [name: string, value: string | undefined])[];

function wrongTimesOf(when: GivenTimes): string | null {
  const given = when.filter(([, value]) => value !== undefined).map(([name]) => name);
  const isRange = given.length === 3 && !given.includes('time');
  if (given.length === 0 || isRange || (given.length === 1 && given[0] === 'time')) return null;
  return 'A range needs --start, --end and --step, and no --time.';
}

function wrongTimesOfBatch(when: GivenTimes): string | null {
  const given = when.find(([, value]) => value !== undefined);
  return given === undefined ? null : `--${given[0]} belongs to each line of the batch.`;
}

function runBatch(path: string, answerer: Answerer, terminal: Terminal): number {
  const standardInput = 0;
  let file: number | null = null;
  try {
    file = path === '-' ? standardInput : openSync(path, 'r');
    for (const line of linesOf(file)) {
      if (!line.ok) return fail(line, terminal);
      if (line.value.trim() !== '') terminal.output(answerLine(line.value, answerer).text);
    }
    return exitCodes.done;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    terminal.error(`${path} cannot be read: ${messageOf(error)}.`);
    return exitCodes.failed;
  } finally {
    if (file !== null && file !== standardInput) closeSync(file);
  }
}

function oneOf<Word extends string>(words: readonly Word[], given: string): Word | null {
  return words.find((word) => word === given) ?? null;
}

function fail({ failure }: Extract<Result<never, string>, { ok: false }>, terminal: Terminal): number {
  terminal.error(failure);
  return exitCodes.failed;
}

function refuse(message: string, terminal: Terminal): number {
  terminal.error(`${message}\n${usageOf(promqlCommand)}`);
  return exitCodes.usage;
}
