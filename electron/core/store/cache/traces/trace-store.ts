import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';
import * as v from 'valibot';
import { millisecondsOf } from '#shared/model/log.ts';
import {
  traceSummarySchema,
  type Span,
  type Trace,
  type TraceSearch,
  type TraceSummary,
} from '#shared/model/trace.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { hourMs } from '#shared/time.ts';
import { DamagedContent, type SqliteDatabase } from '../../database.ts';
import type { StatementCache } from '../../statement-cache.ts';
import { columnTime, columnTimeAt, isColumnTime } from '../logs/spans.ts';
import type { KeptTrace, TraceToKeep } from '../trace-records.ts';
import * as sql from './statements.ts';
import { hasSpan } from './tag-search.ts';

/**
 * Traces in the cache: whole, as compressed JSON, beside what they are searched by. Used by `Cache`; throws
 * `DamagedContent` where a trace is not what was written.
 */
export interface TraceCursor {
  readonly startNs: string;
  readonly row: number;
}

export interface TracePage {
  readonly traces: readonly TraceSummary[];
  /** Where to go on; null once there are no more. */
  readonly next: TraceCursor | null;
  readonly fetchedAtMs: number | null;
}

interface SummaryRow {
  readonly id: number;
  readonly startNs: string;
  readonly summary: string;
  readonly fetchedAtMs: number;
}

interface DataRow {
  readonly checksum: number;
  readonly data: Uint8Array;
}

/** Whole traces looked into by one call: each may take milliseconds. */
const tracesPerPage = 50;
/** How long before the range a trace may have begun that has spans in it. */
const longestBeforeMs = hourMs;
const maxIncidentTraces = 1_500;
/** Of a trace as JSON. */
const maxTraceBytes = 256 * 2 ** 20;
/** The least effort: most of what compression gains here is in repeated names. */
const compression = { level: 1 };

const traceSchema = v.object({
  traceId: v.string(),
  processes: v.array(v.object({ service: v.string(), attributes: v.array(v.any()) })),
  // What a span is was checked when it was read from the server, and the checksum says that it is the same.
  spans: v.custom<Span[]>((value) => Array.isArray(value)),
  warnings: v.array(v.string()),
});

export class TraceStore {
  readonly #database: SqliteDatabase;
  readonly #statements: StatementCache;

  constructor(database: SqliteDatabase, statements: StatementCache) {
    this.#database = database;
    this.#statements = statements;
  }

  /**
   * Keeps a trace in the place of what was known of it, unless that had more spans: servers forget.
   * @returns a sentence where it cannot be kept.
   */
  put({ source, trace, summary, fetchedAtMs, incidentId }: TraceToKeep): Result<void, string> {
    if (!isColumnTime(summary.startNs)) return failed('The trace begins after the year 2262');
    const json = Buffer.from(JSON.stringify(trace));
    if (json.length > maxTraceBytes) return failed('The trace is larger than 256 MiB');
    const write = this.#database.transaction(() => {
      const known = this.#statements.get(sql.findTrace, { source, ...spellingsOf(trace.traceId) }) as
        | { readonly id: number; readonly keptId: string; readonly spans: number }
        | undefined;
      const row =
        known !== undefined && known.spans > trace.spans.length
          ? known.id
          : this.#write({ source, trace, summary, fetchedAtMs, incidentId }, known?.keptId, json);
      if (incidentId !== null) this.#statements.run(sql.putTracePin, { row, incidentId });
    });
    write.immediate();
    return success(undefined);
  }

  /** @param source empty for any: the one with the most spans. */
  trace(source: string, traceId: string): KeptTrace | null {
    const row = this.#statements.get(sql.traceById, { source, ...spellingsOf(traceId) }) as
      | (DataRow & { readonly source: string; readonly fetchedAtMs: number })
      | undefined;
    if (row === undefined) return null;
    return { trace: decoded(row), source: row.source, fetchedAtMs: row.fetchedAtMs };
  }

  /**
   * As Jaeger searches: a trace is found where one of its spans is all that is wanted, so that a trace may
   * begin before the range, or take longer than wanted.
   */
  search(search: TraceSearch, limit: number, cursor: TraceCursor | null): TracePage {
    // What a whole trace has to be looked into for: durations are those of a span, which may be much shorter.
    const isDeep = search.tags.length > 0 || search.minDurationNs !== null || search.maxDurationNs !== null;
    const most = isDeep ? tracesPerPage : limit;
    const fromNs = columnTimeAt(Math.floor(search.fromMs));
    const rows = this.#statements.all(sql.summariesNewestFirst, {
      source: search.source,
      service: search.service,
      operation: search.operation,
      minDurationNs: search.minDurationNs ?? 0,
      earliestNs: columnTimeAt(Math.floor(search.fromMs) - longestBeforeMs),
      fromNs,
      toNs: columnTimeAt(Math.floor(search.toMs) + 1) - 1n,
      cursorNs: columnTime(cursor?.startNs ?? '9223372036854775807'),
      cursorRow: cursor?.row ?? Number.MAX_SAFE_INTEGER,
      limit: most,
    }) as SummaryRow[];
    const found: SummaryRow[] = [];
    let last: SummaryRow | undefined;
    let lookedInto = 0;
    for (const row of rows) {
      if (lookedInto === tracesPerPage) break;
      last = row;
      const isLookedInto = isDeep || BigInt(row.startNs) < fromNs;
      if (isLookedInto) lookedInto++;
      if (!isLookedInto || hasSpan(this.#whole(row.id), search)) found.push(row);
    }
    const isEnd = last === undefined || (last === rows.at(-1) && rows.length < most);
    return {
      ...summariesOf(found),
      next: isEnd || last === undefined ? null : { startNs: last.startNs, row: last.id },
    };
  }

  /** Newest first. */
  ofIncident(incidentId: number): TracePage {
    const limit = maxIncidentTraces + 1;
    const rows = this.#statements.all(sql.summariesOfIncident, { incidentId, limit }) as SummaryRow[];
    const last = rows.length > maxIncidentTraces ? rows[maxIncidentTraces - 1] : undefined;
    return {
      ...summariesOf(rows.slice(0, maxIncidentTraces)),
      next: last === undefined ? null : { startNs: last.startNs, row: last.id },
    };
  }

  services(source: string): string[] {
    const rows = this.#statements.all(sql.servicesOfSource, { source }) as { readonly service: string }[];
    return rows.map(({ service }) => service);
  }

  operations(source: string, service: string): string[] {
    const rows = this.#statements.all(sql.operationsOfService, { source, service });
    return (rows as { readonly operation: string }[]).map(({ operation }) => operation);
  }

  /** Incidents after the last one of the journal are of a journal that was lost: their numbers come again. */
  forgetIncidentsAfter(lastIncidentId: number): void {
    this.#statements.run(sql.removeLaterTracePins, { lastIncidentId });
  }

  /** Start of the oldest trace that no incident holds; null where there is none. */
  oldestMs(): number | null {
    const row = this.#statements.get(sql.oldestTrace) as { readonly startNs: string } | undefined;
    return row === undefined ? null : millisecondsOf(row.startNs);
  }

  /** @returns how many of the oldest that no incident holds were dropped. Within a caller's transaction. */
  drop(beforeMs: number, limit: number): number {
    const beforeNs = columnTimeAt(beforeMs);
    return this.#statements.run(sql.removeOldestTraces, { beforeNs, limit }).changes;
  }

  /** @param keptId the id as it is kept already, in either spelling. */
  #write(
    { source, trace, summary, fetchedAtMs }: TraceToKeep,
    keptId: string | undefined,
    json: Buffer,
  ): number {
    const data = deflateRawSync(json, compression);
    const { id: row } = this.#statements.get(sql.putTrace, {
      source,
      traceId: keptId ?? trace.traceId,
      startNs: BigInt(summary.startNs),
      durationNs: summary.durationNs,
      spans: trace.spans.length,
      fetchedAtMs,
      summary: JSON.stringify(summary),
      checksum: crc32(data),
      data,
    }) as { readonly id: number };
    this.#statements.run(sql.clearOperations, { row });
    for (const { process, operation } of trace.spans) {
      const service = trace.processes[process]?.service ?? '';
      this.#statements.run(sql.addOperation, { row, service, operation });
    }
    return row;
  }

  #whole(row: number): Trace {
    return decoded(this.#statements.get(sql.traceByRow, { row }) as DataRow);
  }
}

/** An id of 64 bits has 16 digits in one API and zeros before them in another, and in log lines. */
function spellingsOf(traceId: string): { readonly traceId: string; readonly otherId: string } {
  const [, short] = /^0{16}([0-9a-f]{16})$/.exec(traceId) ?? [];
  return { traceId, otherId: short ?? traceId.padStart(32, '0') };
}

function decoded({ checksum, data }: DataRow): Trace {
  if (crc32(data) !== checksum) throw new DamagedContent('a trace does not match its checksum');
  try {
    const json = inflateRawSync(data, { maxOutputLength: maxTraceBytes }).toString();
    return v.parse(traceSchema, JSON.parse(json));
  } catch {
    throw new DamagedContent('a trace cannot be read');
  }
}

function summariesOf(rows: readonly SummaryRow[]): Pick<TracePage, 'traces' | 'fetchedAtMs'> {
  const traces = rows.map(({ summary }) => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), traceSummarySchema), summary);
    if (!parsed.success) throw new DamagedContent('the summary of a trace cannot be read');
    return parsed.output;
  });
  const fetchedAtMs = rows.length === 0 ? null : Math.max(...rows.map((row) => row.fetchedAtMs));
  return { traces, fetchedAtMs };
}
