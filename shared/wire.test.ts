import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeWire, encodeWire, wireChannelOf, type WireFrame } from './wire.ts';

/** Names that JSON or objects treat specially, and names that a less careful format would take for its own. */
const hostileNames = [
  '__proto__',
  'constructor',
  'toString',
  '$column',
  'columns',
  'body',
  '0',
  '-1',
  'length',
  '',
];
const name = fc.oneof(fc.constantFrom(...hostileNames), fc.string({ unit: 'binary', maxLength: 8 }));
const column = fc
  .array(fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -Infinity, -0)), { maxLength: 5 })
  .map((values) => Float64Array.from(values));
const { message } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    column,
    // JSON keeps neither -0 nor what is not finite; numbers outside columns are neither.
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('message'),
  ),
  message: fc
    .array(fc.tuple(name, tie('value')), { maxLength: 5 })
    // Not dictionary(): the names must be own properties whatever they are called.
    .map((entries) => Object.fromEntries(entries) as unknown),
}));

describe('wire', () => {
  it('gives back what was sent, whatever labels are called', () => {
    fc.assert(
      fc.property(fc.constantFrom('core' as const, 'host' as const), message, (channel, sent) => {
        const frame = encodeWire(channel, sent);
        expect(wireChannelOf(frame)).toBe(channel);
        const received = decodeWire(frame);
        expect(received?.channel).toBe(channel);
        // Not toStrictEqual: it takes a label called `constructor` for the object's own.
        expect(isDeepStrictEqual(received?.message, sent)).toBe(true);
      }),
    );
  });

  it('keeps columns bit by bit, at any offset of their buffer', () => {
    const values = new Float64Array([9, 0, -0, NaN, Infinity, -Infinity, 5e-324, 9]).subarray(1, 7);
    const received = decodeWire(encodeWire('core', { label: { $column: '1' }, values }));
    const got = (received?.message as { values: Float64Array } | undefined)?.values ?? [];
    expect(got).toBeInstanceOf(Float64Array);
    expect([...got].map((value) => (Object.is(value, -0) ? '-0' : String(value)))).toEqual([
      '0',
      '-0',
      'NaN',
      'Infinity',
      '-Infinity',
      '5e-324',
    ]);
  });

  it('decodes a frame that lies anywhere in its buffer', () => {
    const frame = encodeWire('core', { values: new Float64Array([1, 2]) }) as Uint8Array<ArrayBuffer>;
    const shifted = new Uint8Array(frame.length + 3);
    shifted.set(frame, 3);
    expect(decodeWire(shifted.subarray(3))).toEqual(decodeWire(frame));
  });

  it('lets no frame change the prototype of anything', () => {
    const received = decodeWire(
      'c{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
    );
    expect(Object.getPrototypeOf(received?.message)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
    const path = ['__proto__', 'polluted'];
    expect(decodeWire(binaryFrame({ body: {}, columns: [{ path, length: 1 }] }, 8))).toBeUndefined();
    expect({}).not.toHaveProperty('polluted');
  });

  it('refuses what is not of the format, by answering undefined', () => {
    const frames: WireFrame[] = [
      '',
      'c',
      'x{}',
      'c{',
      'h\u0000',
      'cundefined',
      new Uint8Array(0),
      new Uint8Array([99]),
      new Uint8Array([120, 0, 0, 0, 2, 0, 0, 0, 123, 125]),
      new Uint8Array([99, 0, 0, 0, 255, 255, 255, 255, 123, 125]),
      binaryFrame({ body: { a: null }, columns: [{ path: ['a'], length: 2 }] }, 8),
      binaryFrame({ body: { a: null }, columns: [{ path: ['a'], length: 1 }] }, 16),
      binaryFrame({ body: { a: null }, columns: [{ path: ['a'], length: -1 }] }, 0),
      binaryFrame({ body: { a: null }, columns: [{ path: ['a'], length: 0.5 }] }, 4),
      binaryFrame({ body: { a: null }, columns: [{ path: ['b'], length: 1 }] }, 8),
      binaryFrame({ body: { a: null }, columns: [{ path: [], length: 1 }] }, 8),
      binaryFrame({ body: [1], columns: [{ path: ['length'], length: 1 }] }, 8),
      binaryFrame({ body: null, columns: [{ path: ['a'], length: 1 }] }, 8),
      binaryFrame({ body: {}, columns: 7 }, 0),
      binaryFrame(null, 0),
    ];
    expect(frames.map((frame) => decodeWire(frame))).toEqual(frames.map(() => undefined));
  });

  it('never throws, whatever the bytes are', () => {
    const text = fc
      .tuple(fc.constantFrom('c', 'h', '', 'x'), fc.string())
      .map(([letter, rest]) => letter + rest);
    const bytes = fc.uint8Array({ maxLength: 64 }).map((array) => new Uint8Array(array));
    const mutated = fc.tuple(message, fc.nat(), fc.nat({ max: 255 })).map(([sent, at, byte]) => {
      const frame = encodeWire('core', { sent, column: new Float64Array([1]) }) as Uint8Array<ArrayBuffer>;
      frame[at % frame.length] = byte;
      return frame;
    });
    fc.assert(
      fc.property(fc.oneof(text, bytes, mutated), (frame) => {
        const received = decodeWire(frame);
        expect(received === undefined || received.channel === wireChannelOf(frame)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

function binaryFrame(header: unknown, columnBytes: number): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = Math.ceil((8 + text.length) / 8) * 8;
  const frame = new Uint8Array(start + columnBytes);
  frame[0] = 'c'.charCodeAt(0);
  new DataView(frame.buffer).setUint32(4, text.length, true);
  frame.set(text, 8);
  return frame;
}
