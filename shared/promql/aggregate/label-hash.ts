import type { LabelSet } from '../model/label-set.ts';
import { xxhash64 } from './xxhash64.ts';

const encoder = new TextEncoder();
const places = new WeakMap<LabelSet, number>();

/**
 * Where a series lies among all, from 0 to 1: its hash as Prometheus makes it, by the greatest hash. Names
 * and values are hashed with their lengths before them, of one byte, or of 255 and three more from there.
 * Source: measured with promtool 3.5 (labels encoded as one string, which is how it is built).
 */
export function placeOf(labels: LabelSet): number {
  const known = places.get(labels);
  if (known !== undefined) return known;
  const bytes: number[] = [];
  labels.names.forEach((name, index) => {
    for (const text of [name, labels.values[index] ?? '']) {
      const encoded = encoder.encode(text);
      const { length } = encoded;
      if (length < 255) bytes.push(length);
      else bytes.push(255, length & 255, (length >>> 8) & 255, (length >>> 16) & 255);
      for (const byte of encoded) bytes.push(byte);
    }
  });
  const place = Number(xxhash64(Uint8Array.from(bytes))) / 2 ** 64;
  places.set(labels, place);
  return place;
}
