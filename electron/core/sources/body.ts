import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDeflateRaw, createGunzip, createInflate, inflateRawSync, type DeflateRaw } from 'node:zlib';

/**
 * Reads the body of an answer within bounds, raw and decompressed. Used by `SourceHttp`. Never holds
 * more than the cap, whatever the server sends and however well it compresses. A list that may be longer than
 * what may be held is packed while it comes: the JSON of fifty thousand alerts is 36 MB, packed 3.
 */

export interface Body {
  readonly bytes: Uint8Array;
  /** `unpacked` gives what was sent; to be done on the parsing thread. */
  readonly isPacked: boolean;
}

/** What was sent, of a packed body. @param capBytes what it is at most; throws beyond it. */
export function unpacked(bytes: Uint8Array, capBytes: number): Uint8Array {
  return inflateRawSync(bytes, { maxOutputLength: capBytes });
}

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
  /** What comes beyond the cap, up to so much in all, is taken too: then all of it is held packed within the cap. */
  readonly packedUpToBytes?: number | undefined;
  /** `refuse` throws past the cap; `cut` ends there and never throws, for bodies that a message quotes. */
  readonly past: 'refuse' | 'cut';
  /** An encoding that the body is left in. */
  readonly unopenedEncoding?: string | undefined;
}

/**
 * @param encoding the `Content-Encoding` header: gzip, deflate or nothing.
 * @throws BodyRefused, or the stream's own error. The stream is destroyed either way.
 */
export async function readBody(stream: Readable, encoding: string, bounds: BodyBounds): Promise<Body> {
  const collected = new Collected(bounds);
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
  return collected.body();
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

/** Of the cap: what is raw until then is held twice for a moment. */
const packFromShare = 0.5;

/**
 * Takes chunks as they come, up to the cap. A stream and not an iteration: that would copy every chunk
 * once more, and so take twice the cap.
 */
class Collected extends Writable {
  readonly #bounds: BodyBounds;
  #chunks: Buffer[] = [];
  /** Of what was sent. */
  #length = 0;
  #heldBytes = 0;
  #packer: DeflateRaw | null = null;

  constructor(bounds: BodyBounds) {
    super();
    this.#bounds = bounds;
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    const { capBytes, packedUpToBytes = 0 } = this.#bounds;
    const mostBytes = Math.max(capBytes, packedUpToBytes);
    const taken = chunk.subarray(0, mostBytes - this.#length);
    this.#length += taken.length;
    if (this.#packer === null && packedUpToBytes > capBytes && this.#length > capBytes * packFromShare)
      this.#startPacking();
    const isMore = taken.length < chunk.length;
    const next = (): void => (isMore ? done(tooLarge(mostBytes)) : done());
    if (this.#packer === null) {
      this.#hold(taken);
      next();
    } else if (this.#packer.write(taken)) next();
    else this.#packer.once('drain', next);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#packer === null) return done();
    this.#packer.once('end', done);
    this.#packer.end();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#packer?.destroy();
    done(error);
  }

  /** The body in one buffer of its own, so that it can be handed to a thread. */
  body(): Body {
    const whole = new Uint8Array(this.#heldBytes);
    let offset = 0;
    for (const chunk of this.#chunks) {
      whole.set(chunk, offset);
      offset += chunk.length;
    }
    return { bytes: whole, isPacked: this.#packer !== null };
  }

  #startPacking(): void {
    const packer = createDeflateRaw({ level: 1 });
    const raw = this.#chunks;
    this.#chunks = [];
    this.#heldBytes = 0;
    packer.on('data', (chunk: Buffer) => {
      this.#hold(chunk);
      if (this.#heldBytes > this.#bounds.capBytes) this.destroy(tooLarge(this.#bounds.capBytes));
    });
    packer.on('error', (error) => this.destroy(error));
    for (const chunk of raw) packer.write(chunk);
    this.#packer = packer;
  }

  #hold(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#heldBytes += chunk.length;
  }
}

function tooLarge(capBytes: number): BodyRefused {
  return new BodyRefused('too-large', `it is larger than ${Math.round(capBytes / 1_048_576)} MiB`);
}
