import { resolve } from 'node:path';
import { inspectFolder } from '#core/store/inspection.ts';
import { exitCodes, type Command, type Terminal } from './command.ts';
import { inspectionJson } from './inspection-json.ts';
import { inspectionText } from './inspection-text.ts';
import { readOptions, usageOf } from './options.ts';

/** `opssight inspect`: what a data folder holds, read without owning it, for people and for programs. */
const defaultLimit = 1_000;
const mostLimit = 100_000;

export const inspectCommand: Command = {
  name: 'inspect',
  summary: 'Print what a data folder holds, without starting anything.',
  usage: 'inspect --data DIR [--json] [--limit N]',
  options: [
    { name: 'data', value: 'DIR', summary: 'The data folder of a console, running or not.' },
    { name: 'json', value: null, summary: 'One JSON document instead of text.' },
    {
      name: 'limit',
      value: 'N',
      summary: `Most incidents and notifications, the newest; ${defaultLimit} unless given.`,
    },
  ],
  run: runInspect,
};

function runInspect(argv: readonly string[], terminal: Terminal): number {
  const options = readOptions(argv, inspectCommand.options);
  if (!options.ok) return refuse(options.failure, terminal);
  const { values, switches } = options.value;
  const data = values.get('data');
  if (data === undefined || data === '') return refuse('--data DIR is missing.', terminal);
  const limit = Number(values.get('limit') ?? defaultLimit);
  if (!Number.isInteger(limit) || limit < 1 || limit > mostLimit) {
    return refuse(`--limit needs a whole number from 1 to ${mostLimit}.`, terminal);
  }
  const dataDirectory = resolve(data);
  const inspection = inspectFolder(dataDirectory, limit);
  if (!inspection.ok) {
    terminal.error(`${inspection.failure.message} ${inspection.failure.nextStep}`);
    return exitCodes.failed;
  }
  const report = inspectionJson(inspection.value, dataDirectory, terminal.nowMs);
  terminal.output(switches.has('json') ? JSON.stringify(report, null, 2) : inspectionText(report));
  return exitCodes.done;
}

function refuse(message: string, terminal: Terminal): number {
  terminal.error(`${message}\n${usageOf(inspectCommand)}`);
  return exitCodes.usage;
}
