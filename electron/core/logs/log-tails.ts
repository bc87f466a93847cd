import { randomUUID } from 'node:crypto';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { readLogQuery } from '#shared/logql/read-query.ts';
import type { LogTail, LogTailPatch } from '#shared/model/log.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { invalidInput, noLinesOfMetric, type LogOrigins } from './ask-source.ts';
import { TailSession } from './tail-session.ts';

/** The live tails of all windows. A Loki lets ten tails be open at once, of everybody's. */
const maxTails = 6;

export class LogTails {
  readonly #origins: LogOrigins;
  readonly #sessions = new Map<string, { readonly source: string; readonly session: TailSession }>();

  constructor(origins: LogOrigins) {
    this.#origins = origins;
  }

  /** @param name of the source; empty for the first. @returns the id to follow the tail by. */
  open(name: string, query: string): Result<{ readonly id: string }, CommandFailure> {
    const read = readLogQuery(query);
    if (!read.ok) {
      return failed(
        invalidInput(`${read.failure.message} (column ${read.failure.from + 1})`, 'Correct the query.'),
      );
    }
    if (read.value.isMetric) {
      return failed(noLinesOfMetric());
    }
    const source = this.#origins.sources().find((one) => name === '' || one.name === name);
    if (source === undefined || !source.isFresh()) {
      const reason = source === undefined ? 'there is no such Loki' : `${source.name} does not answer`;
      return failed(commandFailure('unavailable', reason, 'Look at it under Sources.'));
    }
    if (this.#sessions.size >= maxTails) {
      return failed(
        commandFailure('overloaded', `${maxTails} tails are open already`, 'End one of them first.'),
      );
    }
    const id = randomUUID();
    const session = new TailSession({
      origins: this.#origins,
      source,
      query,
      parts: read.value,
      onClosed: () => this.#sessions.delete(id),
    });
    this.#sessions.set(id, { source: source.name, session });
    return success({ id });
  }

  /** @returns undefined where there is no such tail, or not any more. */
  follow(
    id: string,
    onPatch: (patch: LogTailPatch) => void,
  ): { readonly current: () => LogTail; readonly close: () => void } | undefined {
    return this.#sessions.get(id)?.session.follow(onPatch);
  }

  /** Ends the tails of sources that are no longer configured, or otherwise than before. */
  endOf(names: readonly string[]): void {
    for (const { source, session } of this.#sessions.values()) if (names.includes(source)) session.close();
  }

  stop(): void {
    for (const { session } of this.#sessions.values()) session.close();
  }
}
