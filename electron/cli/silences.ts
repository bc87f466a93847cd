import { resolve } from 'node:path';
import { keptName, keptSilences } from '#core/silences/silence-shelf.ts';
import { readKeptText } from '#core/store/cache/kept-text.ts';
import type { Silence } from '#shared/model/silence.ts';
import { silenceText } from '#shared/silences/compile-silence.ts';
import { plainText } from '#shared/text.ts';
import { formatSpan } from '#shared/time.ts';
import { exitCodes, type Command, type Terminal } from './command.ts';
import { readOptions, usageOf } from './options.ts';
import { table } from './table.ts';

/** `opssight silences`: which silences a console knew last, of a running one or of none. */
export const silencesCommand: Command = {
  name: 'silences',
  summary: 'Print the silences that a console heard of last, without asking any server.',
  usage: 'silences --data DIR [--all] [--json]',
  options: [
    { name: 'data', value: 'DIR', summary: 'The data folder of a console, running or not.' },
    { name: 'all', value: null, summary: 'Those that have ended, too.' },
    { name: 'json', value: null, summary: 'JSON Lines: one object a line.' },
  ],
  run: runSilences,
};

function runSilences(argv: readonly string[], terminal: Terminal): number {
  const options = readOptions(argv, silencesCommand.options);
  if (!options.ok) return refuse(options.failure, terminal);
  const { values, switches } = options.value;
  const data = values.get('data');
  if (data === undefined || data === '') return refuse('--data DIR is missing.', terminal);
  const kept = readKeptText(resolve(data), keptName);
  if (!kept.ok) {
    terminal.error(`There are no silences to read in ${data}: ${kept.failure}.`);
    return exitCodes.failed;
  }
  if (kept.value === null) {
    terminal.error('This console has not heard of any silences yet.');
    return exitCodes.done;
  }
  const rows = keptSilences(kept.value, terminal.nowMs).filter(
    ({ state }) => state !== 'expired' || switches.has('all'),
  );
  // What is counted and cared for is the running console's to know.
  const told = rows.map(({ silencedCount: _count, care: _care, ...row }) => row);
  if (switches.has('json')) for (const row of told) terminal.output(JSON.stringify(row));
  else if (told.length > 0) terminal.output(table(told.map((row) => cells(row, terminal.nowMs))));
  return exitCodes.done;
}

function cells(silence: Omit<Silence, 'silencedCount' | 'care'>, nowMs: number): readonly string[] {
  const { state, startsAtMs, endsAtMs, heardAtMs, matchers, createdBy, comment, cluster } = silence;
  const moment = {
    active: `ends in ${formatSpan(endsAtMs - nowMs)}`,
    pending: `begins in ${formatSpan(startsAtMs - nowMs)}`,
    expired: `ended ${formatSpan(nowMs - endsAtMs)} ago`,
  }[state];
  return [
    cluster,
    silence.id,
    moment,
    `heard ${formatSpan(nowMs - heardAtMs)} ago`,
    plainText(createdBy, 40),
    plainText(`{${silenceText(matchers)}}`, 120),
    plainText(comment, 120),
  ];
}

function refuse(message: string, terminal: Terminal): number {
  terminal.error(`${message}\n${usageOf(silencesCommand)}`);
  return exitCodes.usage;
}
