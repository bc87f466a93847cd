import fc from 'fast-check';
import { PbfWriter } from 'pbf';
import { compress } from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { readReadResponse } from './remote-read.ts';

/** A message of nested fields, each a tag with bytes. */
function message(fields: readonly (readonly [tag: number, content: Uint8Array])[]): Uint8Array {
  const writer = new PbfWriter();
  for (const [tag, content] of fields) writer.writeBytesField(tag, content);
  return writer.finish();
}

function sample(timeMs: number, value: number): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, value);
  writer.writeVarintField(2, timeMs);
  return writer.finish();
}

function answerOf(...series: readonly Uint8Array[]): Uint8Array {
  return compress(message([[1, message(series.map((one) => [1, one] as const))]]));
}

function failureOf(body: unknown): string {
  const read = readReadResponse(body);
  return read.ok ? 'read' : `${read.failure.code}: ${read.failure.message}`;
}

describe('an answer of remote read', () => {
  it('has samples of any time, also before 1970, and native histograms whole', () => {
    const histogram = new PbfWriter();
    histogram.writeVarintField(1, 7);
    histogram.writeVarintField(15, -5);
    const bytes = histogram.finish();
    const read = readReadResponse(
      answerOf(
        message([
          [2, sample(-2, 1)],
          [2, sample(0, 2)],
          [4, bytes],
        ]),
      ),
    );
    const rows = read.ok ? read.value.rows : [];
    expect(rows).toMatchObject([{ labels: {}, histograms: [{ timeMs: -5, message: bytes }] }]);
    expect([...(rows[0]?.timesMs ?? [])]).toEqual([-2, 0]);
    expect([...(rows[0]?.values ?? [])]).toEqual([1, 2]);
  });

  it('is refused by name where its times do not rise', () => {
    const twice = message([
      [2, sample(1, 1)],
      [2, sample(1, 2)],
    ]);
    expect(failureOf(answerOf(twice))).toMatch(/^malformed: .*rising times/);
  });

  it('is refused before it is opened where it says that it is larger than is held', () => {
    const writer = new PbfWriter();
    writer.writeVarint(200 * 1_048_576);
    expect(failureOf(writer.finish())).toMatch(/^too-large: .*96 MiB/);
  });

  it('is refused where a value is cut off, or nothing is protobuf at all', () => {
    const cut = message([[2, Uint8Array.of(9, 1, 2, 3)]]);
    expect(failureOf(answerOf(cut))).toMatch(/^malformed: /);
    expect(failureOf('text')).toMatch(/^malformed: /);
  });

  it('is refused where a message goes beyond the one it is in, ends in a field, or has what is no field', () => {
    const label = message([
      [1, Buffer.from('a')],
      [2, Buffer.from('b')],
    ]);
    const series = message([[1, label]]);
    expect(failureOf(answerOf(series))).toBe('read');
    // The length of the label, and that of its value: each longer than what it is in.
    expect(failureOf(answerOf(series.with(1, label.length + 1)))).toMatch(/^malformed: /);
    expect(failureOf(answerOf(series.with(6, 2)))).toMatch(/^malformed: /);
    // Of field 0 the library thinks that the message ends there: the samples behind it would be missing.
    expect(failureOf(answerOf(Uint8Array.of(...series, 0, 0, ...series)))).toMatch(/^malformed: /);
    expect(failureOf(answerOf(Uint8Array.of(...series, (2 << 3) | 0, 5)))).toMatch(/^malformed: .*type 0/);
  });

  it('is refused where a time is none', () => {
    const times = new PbfWriter();
    times.writeVarintField(2, 2 ** 62);
    expect(failureOf(answerOf(message([[2, times.finish()]])))).toMatch(/^malformed: .*no time/);
  });

  it('never throws, and comes back, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const wrapped = bytes.map((content) => answerOf(message([[2, content]]), content));
    fc.assert(
      fc.property(fc.oneof(bytes, wrapped), (body) => {
        expect(typeof readReadResponse(body).ok).toBe('boolean');
      }),
      { numRuns: 1_000 },
    );
  });

  it('takes no longer than its bytes, where a literal of its block has a length that the library took for negative', () => {
    expect(failureOf(Uint8Array.of(10, 63 << 2, 0xfa, 0xff, 0xff, 0xff, 0, 0, 0, 0))).toMatch(/^malformed: /);
  });
});
