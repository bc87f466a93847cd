import type { LogCache } from '#core/store/cache/log-records.ts';
import { commandFailure, sourceFailed, type CommandFailure, type SourceFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { LogSource } from './log-source.ts';

/** Where log lines may come from: sources that answer now, and what is kept of them. */
export interface LogOrigins {
  /** In the order of the configuration. */
  readonly sources: () => readonly LogSource[];
  readonly cache: LogCache;
  readonly nowMs: () => number;
}

/** What a source said; `answered` null where it was not asked or did not answer, which is not the question's fault. */
export interface Asked<Value> {
  /** Name of the source; empty where none is configured. */
  readonly source: string;
  readonly answered: { readonly value: Value; readonly origin: Origin } | null;
  /** Why there is no answer. */
  readonly reason: string;
}

/**
 * Asks one source.
 * @param name of the source; empty for the first.
 * @returns a failure where asking elsewhere cannot help: the query is wrong, or nobody waits any more.
 */
export async function askSource<Value>(
  { sources, nowMs }: LogOrigins,
  name: string,
  ask: (source: LogSource) => Promise<Result<Value, SourceFailure>>,
  signal: AbortSignal,
): Promise<Result<Asked<Value>, CommandFailure>> {
  const source = sources().find((one) => name === '' || one.name === name);
  if (source === undefined) {
    const reason =
      name === '' ? 'no Loki is configured' : `no Loki named ${JSON.stringify(name)} is configured`;
    return success({ source: name, answered: null, reason });
  }
  const none = { source: source.name, answered: null };
  if (!source.isFresh()) return success({ ...none, reason: `${source.name} does not answer` });
  const answer = await ask(source);
  if (answer.ok) {
    const origin: Origin = { kind: 'live', source: source.name, atMs: nowMs() };
    return success({ source: source.name, answered: { value: answer.value, origin }, reason: '' });
  }
  if (signal.aborted || answer.failure.code === 'cancelled') {
    return failed(commandFailure('cancelled', 'nobody waits for the answer any more', 'Ask again.'));
  }
  const { code, repair } = answer.failure;
  // Too much was asked for, and it is known how to ask for less: that helps more than what is kept.
  const isTooMuch = code === 'too-large' && repair !== undefined;
  if (code === 'bad-query' || isTooMuch) return failed(sourceFailed(source.name, answer.failure));
  return success({ ...none, reason: `${source.name}: ${answer.failure.message}` });
}

export function invalidInput(message: string, nextStep: string): CommandFailure {
  return commandFailure('invalid-input', message, nextStep);
}

export function noLinesOfMetric(): CommandFailure {
  return invalidInput('a metric query has no lines', 'Ask for a stream selector and its stages.');
}
