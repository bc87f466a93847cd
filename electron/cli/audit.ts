import { resolve } from 'node:path';
import { auditLine } from '#core/audit/audit-line.ts';
import { parseDuration } from '#core/config/duration.ts';
import { readAudit } from '#core/store/audit-reader.ts';
import type { AuditEntry } from '#core/store/journal/audit-page.ts';
import { plainText } from '#shared/text.ts';
import { exitCodes, type Command, type Terminal } from './command.ts';
import { readOptions, usageOf } from './options.ts';

/** `opssight audit`: who did what and what became of it, line by line as it is read. */
export const auditCommand: Command = {
  name: 'audit',
  summary: 'Print what people did with a console, oldest first, without starting anything.',
  usage: 'audit --data DIR [--since WHEN] [--json]',
  options: [
    { name: 'data', value: 'DIR', summary: 'The data folder of a console, running or not.' },
    {
      name: 'since',
      value: 'WHEN',
      summary: 'A date, such as 2026-11-21 or 2026-11-21T03:00Z, or a span until now, such as 24h.',
    },
    { name: 'json', value: null, summary: 'JSON Lines: one object a line.' },
  ],
  run: runAudit,
};

function runAudit(argv: readonly string[], terminal: Terminal): number {
  const options = readOptions(argv, auditCommand.options);
  if (!options.ok) return refuse(options.failure, terminal);
  const { values, switches } = options.value;
  const data = values.get('data');
  if (data === undefined || data === '') return refuse('--data DIR is missing.', terminal);
  const since = values.get('since');
  const sinceMs = since === undefined ? 0 : momentOf(since, terminal.nowMs);
  if (sinceMs === null) return refuse(`--since does not know "${since}".`, terminal);
  const lineOf = switches.has('json') ? auditLine : textLine;
  const read = readAudit(resolve(data), sinceMs, (entry) => terminal.output(lineOf(entry)));
  if (!read.ok) {
    terminal.error(`${read.failure.message} ${read.failure.nextStep}`);
    return exitCodes.failed;
  }
  if (read.value === 0) return exitCodes.done;
  terminal.error(`${read.value} lines of the audit trail cannot be read.`);
  return exitCodes.failed;
}

/** A date without a time is its beginning in UTC; one without a zone is of this machine. */
function momentOf(text: string, nowMs: number): number | null {
  const spanMs = parseDuration(text);
  if (spanMs !== null) return nowMs - spanMs;
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}

function textLine({ atMs, by, action, target, outcome, detail }: AuditEntry): string {
  const parts = [new Date(atMs).toISOString(), by, action, target, outcome, detail];
  return parts
    .map((part) => plainText(part, 200))
    .filter((part) => part !== '')
    .join('  ');
}

function refuse(message: string, terminal: Terminal): number {
  terminal.error(`${message}\n${usageOf(auditCommand)}`);
  return exitCodes.usage;
}
