import { failed, success, type Result } from '#shared/result.ts';
import { readSampleLine } from './sample-line.ts';
import { readSeriesText } from './series-text.ts';

/**
 * Reads samples with timestamps from OpenMetrics or from Prometheus' older text format, piece by piece: what
 * is kept beside the samples is one line and one entry for each series. Families' types, help texts and
 * exemplars are passed over.
 */

/** `openmetrics` counts timestamps in seconds, `prometheus` in milliseconds. */
export type ExpositionFormat = 'openmetrics' | 'prometheus';

/** Which format a text is in: OpenMetrics alone ends with `# EOF`. @param tail its last characters. */
export function formatByEnd(tail: string): ExpositionFormat {
  return /(?:^|\n)# EOF\s*$/.test(tail) ? 'openmetrics' : 'prometheus';
}

export interface ExpositionBounds {
  readonly lineCharacters: number;
  readonly series: number;
  readonly samples: number;
}

export const expositionBounds: ExpositionBounds = {
  lineCharacters: 1_000_000,
  series: 5_000_000,
  samples: 500_000_000,
};

/** Where the samples of one series go. */
export interface SeriesReceiver {
  append(timeMs: number, value: number): void;
}

export interface ReadSamples {
  readonly series: number;
  readonly samples: number;
}

/** What a date can say. */
const latestMs = 8.64e15;
const endMark = '# EOF';
const encoder = new TextEncoder();

export class ExpositionReader {
  readonly #format: ExpositionFormat;
  readonly #receiverOf: (labels: ReadonlyMap<string, string>) => SeriesReceiver;
  readonly #bounds: ExpositionBounds;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #receivers = new Map<string, SeriesReceiver>();
  #rest = '';
  #line = 0;
  #samples = 0;
  #hasEnded = false;
  #failure: string | null = null;

  /** @param receiverOf asked once for each way in which a series is written. */
  constructor(
    format: ExpositionFormat,
    receiverOf: (labels: ReadonlyMap<string, string>) => SeriesReceiver,
    bounds: ExpositionBounds = expositionBounds,
  ) {
    this.#format = format;
    this.#receiverOf = receiverOf;
    this.#bounds = bounds;
  }

  /** @param bytes the next piece, cut anywhere. @returns a sentence with the line's number on what is wrong. */
  push(bytes: Uint8Array): Result<void, string> {
    return this.#read(() => this.#decoder.decode(bytes, { stream: true }), false);
  }

  finish(): Result<ReadSamples, string> {
    const read = this.#read(() => this.#decoder.decode(), true);
    if (!read.ok) return read;
    if (this.#format === 'openmetrics' && !this.#hasEnded)
      return failed(`The text does not end with ${endMark}.`);
    return success({ series: this.#receivers.size, samples: this.#samples });
  }

  #read(decode: () => string, isLast: boolean): Result<void, string> {
    if (this.#failure === null) {
      const text = decoded(decode);
      if (text === null) this.#fail('the text is not UTF-8', this.#line + 1);
      else this.#readLines(this.#rest + text, isLast);
    }
    return this.#failure === null ? success(undefined) : failed(this.#failure);
  }

  #readLines(text: string, isLast: boolean): void {
    let start = 0;
    while (this.#failure === null) {
      const end = text.indexOf('\n', start);
      if (end === -1) break;
      this.#readLine(text.slice(start, end));
      start = end + 1;
    }
    this.#rest = text.slice(start);
    if (this.#failure !== null) return;
    if (isLast && this.#rest !== '') this.#readLine(this.#rest);
    else if (this.#rest.length > this.#bounds.lineCharacters)
      this.#fail('the line is too long', this.#line + 1);
  }

  #readLine(written: string): void {
    this.#line++;
    const line = written.endsWith('\r') ? written.slice(0, -1) : written;
    if (line.length > this.#bounds.lineCharacters) this.#fail('the line is too long');
    else if (line.startsWith('#'))
      this.#hasEnded ||= this.#format === 'openmetrics' && line.trimEnd() === endMark;
    else if (line.trim() !== '') {
      if (this.#hasEnded) this.#fail(`there is more after ${endMark}`);
      else this.#readSample(line);
    }
  }

  #readSample(line: string): void {
    const sample = readSampleLine(line);
    if (!sample.ok) {
      this.#fail(sample.failure);
      return;
    }
    const { seriesText, value, timestamp } = sample.value;
    const receiver = this.#receivers.get(seriesText) ?? this.#newReceiver(seriesText);
    if (receiver === null) return;
    if (timestamp === null) this.#fail('the sample has no timestamp');
    else if (Math.abs(this.#milliseconds(timestamp)) > latestMs)
      this.#fail('the timestamp is beyond all dates');
    else if (++this.#samples > this.#bounds.samples)
      this.#fail(`there are more than ${this.#bounds.samples} samples`);
    else receiver.append(this.#milliseconds(timestamp), value);
  }

  /** Fractions of milliseconds are cut off, as Prometheus does. */
  #milliseconds(timestamp: number): number {
    return Math.trunc(this.#format === 'openmetrics' ? timestamp * 1_000 : timestamp);
  }

  #newReceiver(slice: string): SeriesReceiver | null {
    // A slice would hold on to the whole piece of text that it is cut from.
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(encoder.encode(slice));
    const labels = readSeriesText(text);
    if (!labels.ok) {
      this.#fail(labels.failure);
      return null;
    }
    if (this.#receivers.size === this.#bounds.series) {
      this.#fail(`there are more than ${this.#bounds.series} series`);
      return null;
    }
    const receiver = this.#receiverOf(labels.value);
    this.#receivers.set(text, receiver);
    return receiver;
  }

  #fail(what: string, line = this.#line): void {
    this.#failure ??= `Line ${line}: ${what}.`;
  }
}

function decoded(decode: () => string): string | null {
  try {
    return decode();
  } catch {
    return null;
  }
}
