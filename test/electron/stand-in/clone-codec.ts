/**
 * Carries structured-clone data as text between the main process and a page, where only text goes.
 * One self-contained function, because its source is also put into pages.
 */
export interface CloneCodec {
  encode(value: unknown): string;
  decode(text: string): unknown;
}

/** @param deadPorts true: a MessagePort becomes an empty object, which is what contextBridge makes of it. */
export function makeCloneCodec(deadPorts: boolean): CloneCodec {
  const arrays = {
    Int8Array,
    Uint8Array,
    Uint8ClampedArray,
    Int16Array,
    Uint16Array,
    Int32Array,
    Uint32Array,
    Float32Array,
    Float64Array,
    BigInt64Array,
    BigUint64Array,
    DataView,
  };
  type ArrayName = keyof typeof arrays;
  const named = (name: string, value: unknown): unknown => ({ $: name, value });

  function bytesToText(bytes: Uint8Array): string {
    let text = '';
    for (let at = 0; at < bytes.length; at += 8_192)
      text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
    return btoa(text);
  }

  function textToBuffer(text: string): ArrayBuffer {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes.buffer;
  }

  function refuse(value: unknown): never {
    throw new DOMException(`${String(value)} could not be cloned.`, 'DataCloneError');
  }

  function write(value: unknown): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (value === undefined) return named('undefined', null);
    if (typeof value === 'number')
      return Number.isFinite(value) && !Object.is(value, -0) ? value : named('number', String(value));
    if (typeof value === 'bigint') return named('bigint', String(value));
    if (typeof value === 'function' || typeof value === 'symbol') return refuse(value);
    if (typeof value !== 'object') return refuse(value);
    return writeObject(value);
  }

  function writeObject(value: object): unknown {
    if (Array.isArray(value)) return value.map(write);
    if (ArrayBuffer.isView(value)) {
      const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
      const name = value.constructor.name in arrays ? value.constructor.name : 'Uint8Array';
      return named(name, bytesToText(bytes));
    }
    if (value instanceof ArrayBuffer) return named('ArrayBuffer', bytesToText(new Uint8Array(value)));
    if (value instanceof Date) return named('Date', value.getTime());
    if (value instanceof Map) return named('Map', [...value].map(write));
    if (value instanceof Set) return named('Set', [...value].map(write));
    if (value instanceof Error) return named('Error', [value.name, value.message, value.stack ?? '']);
    if (typeof MessagePort === 'function' && value instanceof MessagePort)
      return deadPorts ? {} : refuse('A MessagePort');
    const copy = Object.fromEntries(Object.entries(value).map(([key, child]) => [key, write(child)]));
    return '$' in copy ? named('object', copy) : copy;
  }

  function read(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(read);
    if (!('$' in value)) return readPlain(value);
    const { $: name, value: held } = value as { $: string; value: unknown };
    if (name === 'undefined') return undefined;
    if (name === 'number') return Number(held);
    if (name === 'bigint') return BigInt(held as string);
    if (name === 'Date') return new Date(held as number);
    if (name === 'Map') return new Map(read(held) as [unknown, unknown][]);
    if (name === 'Set') return new Set(read(held) as unknown[]);
    if (name === 'Error') return readError(held as [string, string, string]);
    if (name === 'object') return readPlain(held as object);
    const buffer = textToBuffer(held as string);
    if (name === 'ArrayBuffer') return buffer;
    return new (arrays[name as ArrayName] as new (bytes: ArrayBuffer) => unknown)(buffer);
  }

  function readPlain(value: object): unknown {
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, read(child)]));
  }

  function readError([name, message, stack]: [string, string, string]): Error {
    const error = new Error(message);
    error.name = name;
    error.stack = stack;
    return error;
  }

  return {
    encode: (value) => JSON.stringify(write(value)),
    decode: (text) => read(JSON.parse(text)),
  };
}
