import { PbfWriter } from 'pbf';
import { compress } from 'snappyjs';

/**
 * Writes samples into a real Prometheus as it would have scraped them, stale markers included.
 * Source: prometheus/prometheus prompb/remote.proto.
 */
export interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Unix milliseconds, rising. */
  readonly timesMs: Float64Array;
  /** Written by their bits. */
  readonly values: Float64Array;
}

/** Samples in one request; a server refuses bodies much larger. */
const samplesPerRequest = 50_000;

/** Each series must come in order of time; the server must accept remote write. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  let batch: WrittenSeries[] = [];
  let samples = 0;
  const send = async (): Promise<void> => {
    if (batch.length > 0) await post(url, batch);
    [batch, samples] = [[], 0];
  };
  for (const one of series) {
    batch.push(one);
    samples += one.timesMs.length;
    if (samples >= samplesPerRequest) await send();
  }
  await send();
}

async function post(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const writer = new PbfWriter();
  for (const one of series) writer.writeMessage(1, writeSeries, one);
  const answer = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: Uint8Array.from(compress(writer.finish())),
  });
  if (!answer.ok) throw new Error(`Prometheus did not take the samples: ${await answer.text()}`);
}

function writeSeries({ labels, timesMs, values }: WrittenSeries, writer: PbfWriter): void {
  const sorted = Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
  for (const label of sorted) writer.writeMessage(1, writeLabel, label);
  const bits = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  timesMs.forEach((timeMs, index) => {
    writer.writeMessage(2, writeSample, { timeMs, bits: bits.subarray(index * 8, index * 8 + 8) });
  });
}

function writeLabel([name, value]: readonly [string, string], writer: PbfWriter): void {
  writer.writeStringField(1, name);
  writer.writeStringField(2, value);
}

function writeSample(
  { timeMs, bits }: { readonly timeMs: number; readonly bits: Uint8Array },
  writer: PbfWriter,
): void {
  // Tag 1 of eight bytes, written as they are: through a number a stale marker would become any NaN.
  writer.writeVarint((1 << 3) | 1);
  writer.realloc(8);
  writer.buf.set(bits, writer.pos);
  writer.pos += 8;
  writer.writeVarintField(2, timeMs);
}

/** The value that marks the end of a series. Source: prometheus/prometheus model/value/value.go. */
export const staleMarker: Float64Array = new Float64Array(Uint8Array.of(2, 0, 0, 0, 0, 0, 0xf0, 0x7f).buffer);
