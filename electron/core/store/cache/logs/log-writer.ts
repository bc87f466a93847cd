import { crc32 } from 'node:zlib';
import { failed, success, type Result } from '#shared/result.ts';
import type { SqliteDatabase } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { textOfLabels } from '../labels-text.ts';
import type { KeptLine, LogScope, LogsToKeep } from '../log-records.ts';
import { columnTime, isColumnTime, joinSpans, type Span } from './spans.ts';
import * as sql from './statements.ts';

/** Writes log lines, where they are complete, and which of them an incident holds. Used by `Cache`. */
export class LogWriter {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /** @returns a sentence where the input is not lines; nothing is written then. */
  put(input: LogsToKeep): Result<void, string> {
    const { coverage, scope, incidentId, fetchedAtMs } = input;
    if (!Number.isFinite(fetchedAtMs)) return failed('The time of the fetch is not a time');
    const isTime = ({ timeNs }: KeptLine): boolean => isColumnTime(timeNs);
    if (!input.streams.every(({ lines }) => lines.every(isTime)))
      return failed('A line is after the year 2262');
    const span = coverage === null ? null : spanOf(coverage, fetchedAtMs);
    const write = this.#database.transaction(() => {
      for (const stream of input.streams) this.#putStream(input, stream);
      if (span !== null && span.fromNs < span.toNs) this.#cover(scope, span);
      if (incidentId === null) return;
      const evidence = { fromNs: span?.fromNs ?? null, toNs: span?.toNs ?? null, fetchedAtMs };
      this.#statements.run(sql.putLogEvidence, { ...keyOf(scope), incidentId, ...evidence });
    });
    write.immediate();
    return success(undefined);
  }

  /** Incidents after the last one of the journal are of a journal that was lost: their numbers come again. */
  forgetIncidentsAfter(lastIncidentId: number): void {
    this.#statements.run(sql.removeLaterLogPins, { lastIncidentId });
    this.#statements.run(sql.removeLaterLogEvidence, { lastIncidentId });
  }

  #putStream(input: LogsToKeep, { labels, lines }: LogsToKeep['streams'][number]): void {
    if (lines.length === 0) return;
    const { fetchedAtMs, incidentId, scope } = input;
    const stream = { source: scope.source, labels: textOfLabels(labels), fetchedAtMs };
    const streamId = idOf(this.#statements.get(sql.putStream, stream));
    let added = 0;
    for (const line of lines) {
      const place = {
        streamId,
        timeNs: BigInt(line.timeNs),
        digest: crc32(line.text),
        text: line.text,
      };
      const known = this.#statements.get(sql.findLine, place);
      const lineId = known === undefined ? this.#addLine(place, line) : idOf(known);
      if (known === undefined) added++;
      if (incidentId !== null) this.#statements.run(sql.putLogPin, { lineId, incidentId });
    }
    if (added > 0) this.#statements.run(sql.countIntoStream, { streamId, lines: added });
  }

  #addLine(place: { readonly text: string }, { level, metadata }: KeptLine): number {
    const isBare = Object.keys(metadata).length === 0;
    const rest = { level, metadata: isBare ? null : textOfLabels(metadata) };
    const id = idOf(this.#statements.get(sql.addLine, { ...place, ...rest }));
    this.#statements.run(sql.addLineText, { id, text: place.text });
    return id;
  }

  #cover(scope: LogScope, span: Span): void {
    const scopeId = idOf(this.#statements.get(sql.putScope, keyOf(scope)));
    const place = { scopeId, fromNs: span.fromNs, toNs: span.toNs };
    const around = this.#statements.all(sql.logCoverageAround, place) as SpanRow[];
    this.#statements.run(sql.removeLogCoverage, place);
    for (const joined of joinSpans([...around.map(spanOfRow), span])) {
      this.#statements.run(sql.addLogCoverage, { scopeId, ...joined });
    }
  }
}

/** A span as a statement answers it: times as text. */
export interface SpanRow {
  readonly fromNs: string;
  readonly toNs: string;
  readonly fetchedAtMs: number;
}

export function spanOfRow({ fromNs, toNs, fetchedAtMs }: SpanRow): Span {
  return { fromNs: BigInt(fromNs), toNs: BigInt(toNs), fetchedAtMs };
}

function keyOf({ source, selector, filters }: LogScope): LogScope {
  return { source, selector, filters };
}

function spanOf(
  { fromNs, toNs }: { readonly fromNs: string; readonly toNs: string },
  fetchedAtMs: number,
): Span {
  return { fromNs: columnTime(fromNs), toNs: columnTime(toNs), fetchedAtMs };
}

function idOf(row: unknown): number {
  return (row as { readonly id: number }).id;
}
