/**
 * How the browser host's WebSocket carries messages. Two channels share it: `core`, the contract's
 * frames between window and core, and `host`, what the host and the window tell each other.
 *
 * A message without columns is a text frame: the channel's letter, then JSON. One with `Float64Array`
 * columns is a binary frame: the letter, three zero bytes, the header's length (u32, little-endian), the
 * header (JSON: the message with null where a column stood, and each column's path and length), zero
 * bytes up to a multiple of eight, then the columns (f64, little-endian). Columns are told by path, so
 * nothing that a label or a log line says can be taken for one.
 */
export type WireChannel = 'core' | 'host';

const letterOf = { core: 'c', host: 'h' } as const satisfies Record<WireChannel, string>;
const channelOfLetter = new Map<string, WireChannel>([
  ['c', 'core'],
  ['h', 'host'],
]);
const prefixBytes = 8;

interface Column {
  readonly path: readonly (string | number)[];
  readonly length: number;
}

/** A text frame or a binary one. */
export type WireFrame = string | Uint8Array<ArrayBuffer>;

export interface WireMessage {
  readonly channel: WireChannel;
  readonly message: unknown;
}

/**
 * @param message structured data: what JSON holds, and `Float64Array` columns.
 * @returns a text frame, or a binary frame where there are columns.
 */
export function encodeWire(channel: WireChannel, message: unknown): WireFrame {
  const columns: Float64Array[] = [];
  const places: Column[] = [];
  findColumns(message, [], columns, places);
  if (columns.length === 0) return letterOf[channel] + JSON.stringify(message);
  const header = new TextEncoder().encode(JSON.stringify({ body: message, columns: places }, withoutColumns));
  const columnsStart = align(prefixBytes + header.length);
  const frame = new Uint8Array(columnsStart + columns.reduce((sum, column) => sum + column.byteLength, 0));
  frame[0] = letterOf[channel].charCodeAt(0);
  new DataView(frame.buffer).setUint32(4, header.length, true);
  frame.set(header, prefixBytes);
  let offset = columnsStart;
  for (const column of columns) {
    frame.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), offset);
    offset += column.byteLength;
  }
  return frame;
}

/** The channel that a frame says it is of, without reading it; undefined where it names none. */
export function wireChannelOf(frame: WireFrame): WireChannel | undefined {
  return channelOfLetter.get(
    typeof frame === 'string' ? frame.slice(0, 1) : String.fromCharCode(frame[0] ?? 0),
  );
}

/** @returns the message, or undefined where the frame is not of this format. */
export function decodeWire(frame: WireFrame): WireMessage | undefined {
  try {
    return typeof frame === 'string' ? decodeText(frame) : decodeBinary(frame);
  } catch {
    // JSON.parse and the typed-array views throw on what is not a frame; the caller refuses it by name.
    return undefined;
  }
}

function decodeText(frame: string): WireMessage | undefined {
  const channel = wireChannelOf(frame);
  return channel === undefined ? undefined : { channel, message: JSON.parse(frame.slice(1)) as unknown };
}

function decodeBinary(frame: Uint8Array<ArrayBuffer>): WireMessage | undefined {
  const channel = wireChannelOf(frame);
  if (channel === undefined) return undefined;
  const headerLength = new DataView(frame.buffer, frame.byteOffset).getUint32(4, true);
  const headerBytes = frame.subarray(prefixBytes, prefixBytes + headerLength);
  const header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(headerBytes)) as {
    body: unknown;
    columns: Column[];
  };
  let offset = align(prefixBytes + headerLength);
  for (const { path, length } of header.columns) {
    const bytes = frame.slice(offset, offset + length * 8);
    if (bytes.length !== length * 8) return undefined;
    place(header.body, path, new Float64Array(bytes.buffer));
    offset += bytes.length;
  }
  return offset === frame.length ? { channel, message: header.body } : undefined;
}

/** Most messages are rows without columns, and there are very many: nothing is copied to find that out. */
function findColumns(
  value: unknown,
  path: (string | number)[],
  columns: Float64Array[],
  places: Column[],
): void {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Float64Array) {
    columns.push(value);
    places.push({ path: [...path], length: value.length });
    return;
  }
  const depth = path.length;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    path[depth] = key;
    findColumns((value as Record<string | number, unknown>)[key], path, columns, places);
  }
  path.length = depth;
}

function withoutColumns(_key: string, value: unknown): unknown {
  return value instanceof Float64Array ? null : value;
}

function place(body: unknown, path: readonly (string | number)[], column: Float64Array): void {
  let parent = body;
  for (const step of path.slice(0, -1)) {
    if (typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, step))
      throw new Error('no such place');
    parent = (parent as Record<string | number, unknown>)[step];
  }
  const last = path.at(-1);
  if (last === undefined || typeof parent !== 'object' || parent === null || !Object.hasOwn(parent, last)) {
    throw new Error('no such place');
  }
  Object.defineProperty(parent, last, {
    value: column,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
