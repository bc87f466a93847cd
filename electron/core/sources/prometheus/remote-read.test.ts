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

  it('never throws, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 200 });
    const wrapped = bytes.map((content) => answerOf(message([[2, content]]), content));
    fc.assert(
      fc.property(fc.oneof(bytes, wrapped), (body) => {
        expect(typeof readReadResponse(body).ok).toBe('boolean');
      }),
    );
  });
});
