import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflate } from 'node:zlib';

/**
 * Reads the body of an answer within bounds, raw and decompressed. Used by `SourceHttp`. Never holds
 * more than the cap, whatever the server sends and however well it compresses.
 */

/** The body went past its cap, or came in an encoding that was not asked for. */
export class BodyRefused extends Error {
  readonly reason: 'too-large' | 'unknown-encoding';

  constructor(reason: BodyRefused['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface BodyBounds {
  readonly capBytes: number;
  /** `refuse` throws past the cap; `cut` ends there and never throws, for bodies that a message quotes. */
  readonly past: 'refuse' | 'cut';
  /** An encoding that the body is left in. */
  readonly unopenedEncoding?: string | undefined;
}

/**
 * @param encoding the `Content-Encoding` header: gzip, deflate or nothing.
 * @throws BodyRefused, or the stream's own error. The stream is destroyed either way.
 */
export async function readBody(stream: Readable, encoding: string, bounds: BodyBounds): Promise<Uint8Array> {
  const collected = new Collected(bounds.capBytes);
  // Destroyed before anybody reads it, a stream tells its error to nobody: that must not end the process.
  stream.on('error', () => undefined);
  try {
    const known = encoding.trim().toLowerCase();
    const opened = known === bounds.unopenedEncoding ? '' : known;
    await flow(stream, opened, collected, bounds.capBytes);
  } catch (error) {
    // What is only quoted is good enough as far as it came; to cut it short is itself such an error.
    if (bounds.past === 'refuse') throw error;
  } finally {
    stream.destroy();
  }
  return collected.bytes();
}

async function flow(
  stream: Readable,
  encoding: string,
  collected: Collected,
  capBytes: number,
): Promise<void> {
  if (encoding === '' || encoding === 'identity') return pipeline(stream, collected);
  if (encoding !== 'gzip' && encoding !== 'x-gzip' && encoding !== 'deflate') {
    throw new BodyRefused('unknown-encoding', `it is encoded as ${encoding}, which was not asked for`);
  }
  const inflate = encoding === 'deflate' ? createInflate() : createGunzip();
  return pipeline(stream, rawBound(capBytes), inflate, collected);
}

/** Passes chunks on and stops a compressed body that is past the cap before it is even decompressed. */
function rawBound(capBytes: number): Transform {
  let length = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      length += chunk.length;
      if (length > capBytes) done(tooLarge(capBytes));
      else done(null, chunk);
    },
  });
}

/**
 * Takes chunks as they come, up to the cap. A stream and not an iteration: that would copy every chunk
 * once more, and so take twice the cap.
 */
class Collected extends Writable {
  readonly #capBytes: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;

  constructor(capBytes: number) {
    super();
    this.#capBytes = capBytes;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    const taken = chunk.subarray(0, this.#capBytes - this.#length);
    this.#chunks.push(taken);
    this.#length += taken.length;
    if (taken.length < chunk.length) done(tooLarge(this.#capBytes));
    else done();
  }

  /** The body in one buffer of its own, so that it can be handed to a thread. */
  bytes(): Uint8Array {
    const whole = new Uint8Array(this.#length);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return whole;
  }
}

function tooLarge(capBytes: number): BodyRefused {
  return new BodyRefused('too-large', `it is larger than ${Math.round(capBytes / 1_048_576)} MiB`);
}
