/**
 * Seeded chance for the simulation: every draw is a function of its keys alone, so that two processes
 * with one seed agree about every moment without having lived through the same past.
 */

/** A 32-bit hash of the keys, in order. */
export function hashOf(...keys: readonly (number | string)[]): number {
  let hash = 0x9e3779b9;
  for (const key of keys) {
    if (typeof key === 'number') {
      hash = mix(hash, key | 0);
      hash = mix(hash, Math.floor(key / 0x1_0000_0000) | 0);
    } else {
      for (let index = 0; index < key.length; index++) hash = mix(hash, key.charCodeAt(index));
    }
  }
  return finish(hash);
}

/** A number in [0, 1) from the keys. */
export function unitOf(...keys: readonly (number | string)[]): number {
  return hashOf(...keys) / 0x1_0000_0000;
}

/** A number in [from, to) from the keys. */
export function between(from: number, to: number, ...keys: readonly (number | string)[]): number {
  return from + (to - from) * unitOf(...keys);
}

/** One of the choices, by the keys. */
export function choose<Choice>(
  choices: readonly [Choice, ...Choice[]],
  ...keys: readonly (number | string)[]
): Choice {
  return choices[hashOf(...keys) % choices.length] ?? choices[0];
}

/** Uniform noise in [-1, 1) that changes from one second to the next. */
export function noiseAt(hash: number, atMs: number): number {
  return finish(mix(hash, Math.floor(atMs / 1_000) | 0)) / 0x8000_0000 - 1;
}

function mix(hash: number, value: number): number {
  let mixed = Math.imul(value, 0xcc9e2d51);
  mixed = (mixed << 15) | (mixed >>> 17);
  mixed = hash ^ Math.imul(mixed, 0x1b873593);
  mixed = (mixed << 13) | (mixed >>> 19);
  return (Math.imul(mixed, 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let mixed = hash;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
