/**
 * The 64 bit hash XXH64 with seed 0, for what must hash as Prometheus does. Source: the xxHash specification
 * (github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md).
 */

const prime1 = 0x9e3779b185ebca87n;
const prime2 = 0xc2b2ae3d27d4eb4fn;
const prime3 = 0x165667b19e3779f9n;
const prime4 = 0x85ebca77c2b2ae63n;
const prime5 = 0x27d4eb2f165667c5n;

const stripeLength = 32;

export function xxhash64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  let hash = prime5;
  if (bytes.length >= stripeLength) {
    const lanes: [bigint, bigint, bigint, bigint] = [wrapped(prime1 + prime2), prime2, 0n, wrapped(-prime1)];
    for (; at + stripeLength <= bytes.length; at += stripeLength) {
      for (let lane = 0; lane < 4; lane++) {
        lanes[lane] = round(lanes[lane] ?? 0n, view.getBigUint64(at + 8 * lane, true));
      }
    }
    hash = wrapped(
      rotated(lanes[0], 1n) + rotated(lanes[1], 7n) + rotated(lanes[2], 12n) + rotated(lanes[3], 18n),
    );
    for (const lane of lanes) hash = wrapped((hash ^ round(0n, lane)) * prime1 + prime4);
  }
  return avalanched(withRest(wrapped(hash + BigInt(bytes.length)), view, at));
}

/** What is left after whole stripes: words, a half word, single bytes. */
function withRest(start: bigint, view: DataView, from: number): bigint {
  let hash = start;
  let at = from;
  for (; at + 8 <= view.byteLength; at += 8) {
    hash = rotated(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * prime1 + prime4;
    hash = wrapped(hash);
  }
  if (at + 4 <= view.byteLength) {
    hash ^= wrapped(BigInt(view.getUint32(at, true)) * prime1);
    hash = wrapped(rotated(hash, 23n) * prime2 + prime3);
    at += 4;
  }
  for (; at < view.byteLength; at++) {
    hash ^= wrapped(BigInt(view.getUint8(at)) * prime5);
    hash = wrapped(rotated(hash, 11n) * prime1);
  }
  return hash;
}

function avalanched(start: bigint): bigint {
  let hash = wrapped((start ^ (start >> 33n)) * prime2);
  hash = wrapped((hash ^ (hash >> 29n)) * prime3);
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, word: bigint): bigint {
  return wrapped(rotated(wrapped(lane + word * prime2), 31n) * prime1);
}

function rotated(value: bigint, by: bigint): bigint {
  return wrapped((value << by) | (value >> (64n - by)));
}

function wrapped(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
