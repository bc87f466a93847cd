import type { SourceFailure } from '#shared/failure.ts';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import { compareNanoseconds, type Nanoseconds } from '#shared/model/log.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { StreamTable } from './lines-answer.ts';
import type { LinesAnswer, LinesPage, LinesRequest, LokiLine } from './model.ts';

/**
 * Reads a range that holds more lines than the server gives at once. An answer may end within a
 * nanosecond, so the next one begins with that nanosecond again, and what was seen of it is left out.
 * Pure but for the asking. Used by `LokiClient.queryLines`.
 */

/** The server's own default of `max_entries_limit_per_query`. */
const defaultPage = 5_000;
/** Text held at most, in UTF-16 units; the lines beyond are left to another question. */
const longestText = 64 * 1_048_576;

export type AskPage = (request: LinesRequest) => Promise<Result<LinesPage, SourceFailure>>;

/** @returns the first failure instead of a part: half a range that looks whole would mislead. */
export async function queryLines(
  askPage: AskPage,
  request: LinesRequest,
): Promise<Result<LinesAnswer, SourceFailure>> {
  const reading = new Reading(request);
  for (let next = reading.next(); next !== null; next = reading.next()) {
    const page = await askPage(next);
    if (page.ok) reading.take(page.value, next.limit);
    else if (!reading.shrink(page.failure, next.limit)) return failed(page.failure);
  }
  return success(reading.answer());
}

class Reading {
  readonly #request: LinesRequest;
  readonly #table = new StreamTable();
  /** Oldest first within each page; pages in the order in which they came. */
  readonly #pages: (readonly LokiLine[])[] = [];
  readonly #warnings = new Set<string>();
  #pageLimit = defaultPage;
  #fromNs: Nanoseconds;
  #toNs: Nanoseconds;
  /** Lines of the nanosecond that the last page ended in, counted by what they are. */
  #seen = new Map<string, number>();
  #seenLines = 0;
  #count = 0;
  #textLength = 0;
  #isDone = false;
  #isCut = false;
  #isIncomplete = false;

  constructor(request: LinesRequest) {
    this.#request = request;
    this.#fromNs = request.fromNs;
    this.#toNs = request.toNs;
  }

  get #isBackward(): boolean {
    return this.#request.direction === 'backward';
  }

  next(): LinesRequest | null {
    const isEmpty = compareNanoseconds(this.#fromNs, this.#toNs) >= 0;
    if (this.#isDone || this.#isCut || isEmpty || this.#count > this.#request.limit) return null;
    // One more than wanted tells whether there are more.
    const wanted = this.#request.limit - this.#count + this.#seenLines + 1;
    const limit = Math.min(wanted, this.#pageLimit);
    return { ...this.#request, fromNs: this.#fromNs, toNs: this.#toNs, limit };
  }

  take(page: LinesPage, limit: number): void {
    for (const warning of page.warnings) this.#warnings.add(warning);
    const { lines } = page;
    const edge = this.#isBackward ? lines[0] : lines.at(-1);
    const other = this.#isBackward ? lines.at(-1) : lines[0];
    if (edge !== undefined) this.#keep(page);
    if (edge === undefined || other === undefined || lines.length < limit) {
      this.#isDone = true;
      return;
    }
    const isOneInstant = edge.timeNs === other.timeNs;
    if (isOneInstant && limit >= this.#pageLimit) this.#passBy(edge.timeNs, limit);
    else this.#goOnAt(edge.timeNs, page);
  }

  /** Asks for less at once where the server, or the bound on an answer, wants that. */
  shrink(failure: SourceFailure, limit: number): boolean {
    if (failure.code !== 'too-large') return false;
    const told = /max entries limit.*\(\d+ > (\d+)\)/i.exec(failure.message)?.[1];
    // No status: the answer itself was too large to be held.
    const smaller = told !== undefined ? Number(told) : failure.status === null ? Math.floor(limit / 4) : 0;
    if (smaller < 1 || smaller >= limit) return false;
    this.#pageLimit = smaller;
    return true;
  }

  answer(): LinesAnswer {
    const { limit } = this.#request;
    const pages = this.#isBackward ? this.#pages.toReversed() : this.#pages;
    const all = pages.flat();
    const isMore = this.#isCut || all.length > limit;
    const kept = this.#isBackward ? all.slice(-limit) : all.slice(0, limit);
    return {
      streams: this.#table.streams,
      lines: all.length > limit ? kept : all,
      isMore,
      isIncomplete: this.#isIncomplete,
      warnings: [...this.#warnings],
    };
  }

  #keep(page: LinesPage): void {
    const numbers = page.streams.map((stream) => this.#table.indexOf(stream));
    const seen = new Map(this.#seen);
    const kept: LokiLine[] = [];
    const boundary = this.#isBackward ? page.lines.at(-1)?.timeNs : page.lines[0]?.timeNs;
    for (const line of page.lines) {
      const stream = numbers[line.stream] ?? 0;
      if (seen.size > 0 && line.timeNs === boundary && takeOne(seen, identityOf(line, page.streams)))
        continue;
      kept.push({ ...line, stream });
      this.#textLength += line.text.length;
    }
    this.#pages.push(kept);
    this.#count += kept.length;
    this.#isCut = this.#textLength > longestText;
    if (this.#isCut) this.#warnings.add('The lines are long: the answer was cut to what can be held.');
  }

  #goOnAt(edgeNs: Nanoseconds, page: LinesPage): void {
    this.#seen = new Map();
    this.#seenLines = 0;
    for (const line of page.lines) {
      if (line.timeNs !== edgeNs) continue;
      const identity = identityOf(line, page.streams);
      this.#seen.set(identity, (this.#seen.get(identity) ?? 0) + 1);
      this.#seenLines++;
    }
    if (this.#isBackward) this.#toNs = nextNanosecond(edgeNs);
    else this.#fromNs = edgeNs;
  }

  /** A whole page of one nanosecond: what more it may hold, no question can reach. */
  #passBy(timeNs: Nanoseconds, limit: number): void {
    this.#isIncomplete = true;
    this.#warnings.add(
      `Incomplete: the nanosecond ${timeNs} holds ${limit} lines or more, the most that the server gives at once.`,
    );
    this.#seen = new Map();
    this.#seenLines = 0;
    if (this.#isBackward) this.#toNs = timeNs;
    else this.#fromNs = nextNanosecond(timeNs);
  }
}

export function nextNanosecond(timeNs: Nanoseconds): Nanoseconds {
  return (BigInt(timeNs) + 1n).toString();
}

/** Lines of one nanosecond that are alike in all of this are counted, not merged: a query can make such. */
function identityOf(line: LokiLine, streams: readonly Labels[]): string {
  const labels = [streams[line.stream] ?? {}, line.metadata, line.parsed].map(keyOfLabels);
  return `${labels.join('\n')}\n${line.text}`;
}

function takeOne(counts: Map<string, number>, key: string): boolean {
  const count = counts.get(key) ?? 0;
  if (count > 0) counts.set(key, count - 1);
  return count > 0;
}
