import type { commands } from '#shared/contract.ts';
import { commandFailure } from '#shared/failure.ts';
import { failed } from '#shared/result.ts';
import type { Handlers } from '#shared/rpc/server.ts';

/** Commands of the contract whose handlers are being built; each leaves this list with its handler. */
const names = [
  'incident.logs',
  'incident.traces',
  'incident.runbook',
  'logs.query',
  'logs.volume',
  'logs.context',
  'logs.labels',
  'logs.labelValues',
  'logs.fields',
  'logs.patterns',
  'logs.size',
  'logs.tail',
  'traces.services',
  'traces.operations',
  'traces.search',
  'traces.open',
  'traces.span',
  'traces.find',
  'traces.dependencies',
  'overview.read',
  'metrics.chart',
  'rules.reload',
] as const;

type NotYet = Pick<Handlers<typeof commands>, (typeof names)[number]>;

const refuse = async () =>
  failed(commandFailure('not-supported', 'this is not built yet', 'Use a newer OpsSight.'));

export const notYetCommands = Object.fromEntries(names.map((name) => [name, refuse])) as unknown as NotYet;
