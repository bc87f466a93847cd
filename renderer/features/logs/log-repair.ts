import type { CommandFailure, SourceFailure } from '#shared/failure.ts';
import { faultIn, repairOfQuery, stepOf, type QueryPlace, type RepairStep } from '#shared/logql/repair.ts';
import type { LogRepair } from '#shared/model/log-repair.ts';
import { plainText } from '#shared/text.ts';
import { formatSpan } from '#shared/time.ts';
import { follow } from '../../actions/view.ts';
import type { App } from '../../app.ts';
import { columnsOf } from '../../parts/log-text.ts';
import { changeLogs, type LogsState } from '../../stores/logs.ts';
import { focusInput, queryInputId } from './log-inputs.ts';
import { runQuery } from './logs-actions.ts';
import { rangeNow } from './range-now.ts';

/** What one key does about what failed last: of the lines, else of the tail. */

/** Loki names streams by it where they have no name of their own. */
const usualLabel = 'service_name';

/** @returns null where nothing failed, or nothing is known to help. */
export function repairNow(app: App): RepairStep | null {
  const state = app.logs.getState();
  // While an answer is awaited the failure is that of the question before it.
  if (state.askedAtMs !== null) return null;
  const repair = repairOf(failureOf(state), state.query);
  if (repair === null) return null;
  const { fromMs, toMs } = rangeNow(app);
  const label = columnsOf(state.answer?.streams ?? []).service || usualLabel;
  return stepOf(repair, { query: state.query, spanMs: toMs - fromMs, label });
}

/** Where the query that failed stops being LogQL; null where that is not why it failed. */
export function faultOf(state: LogsState): QueryPlace | null {
  const failure = failureOf(state);
  const repair = repairOf(failure, state.query);
  return repair?.kind === 'place' ? faultIn(state.query, repair) : null;
}

type Failure = CommandFailure | SourceFailure;

function failureOf({ failure, context, tail }: LogsState): Failure | null {
  if (context !== null) return context.failure;
  return failure ?? tail?.failure ?? tail?.tail?.failure ?? null;
}

function repairOf(failure: Failure | null, query: string): LogRepair | null {
  if (failure === null) return null;
  const said = 'source' in failure && failure.source !== undefined ? failure.source : failure;
  if ('repair' in said && said.repair !== undefined) return said.repair;
  const isOfQuery = said.code === 'bad-query' || said.code === 'invalid-input';
  return isOfQuery ? repairOfQuery(query) : null;
}

/** What the button says; a query is written after it. */
export function wordsOfStep(step: RepairStep): string {
  switch (step.kind) {
    case 'query':
      return 'Ask instead';
    case 'limit':
      return `Ask for ${step.limit} lines`;
    case 'range':
      return `Shorten the range to ${formatSpan(step.spanMs).replace(/ 00[mhs]$/, '')}`;
    case 'place':
      return `Go to column ${step.from + 1}`;
    case 'source':
      return 'Look at the source';
  }
}

/** The query that the key would ask; empty where it asks the same one. */
export function queryOfStep(step: RepairStep): string {
  return step.kind === 'query' ? plainText(step.query, 240) : '';
}

export function takeRepair(app: App): void {
  const step = repairNow(app);
  switch (step?.kind) {
    case 'query':
      return runQuery(app, step.query);
    case 'limit':
      return changeLogs(app.logs, { limit: step.limit });
    case 'range':
      return shortenRange(app, step.spanMs);
    case 'place':
      return focusInput(queryInputId, step);
    case 'source':
      return follow(app, { kind: 'sources' });
    case undefined:
      return;
  }
}

/** What ends now goes on doing so; any other range keeps its end. */
function shortenRange(app: App, spanMs: number): void {
  const { timeChoice } = app.session.getState();
  const { toMs } = rangeNow(app);
  app.session.setState({
    timeChoice:
      timeChoice.kind === 'last' ? { kind: 'last', spanMs } : { kind: 'fixed', fromMs: toMs - spanMs, toMs },
  });
}
