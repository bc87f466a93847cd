import * as v from 'valibot';

/**
 * Label sets, and the identity they give an alert. A label name or value comes from a server and may be
 * any text, `__proto__` included, so a set is read with `Object.entries` and `Object.hasOwn` only.
 */
export type Labels = Readonly<Record<string, string>>;

/** Accepts a plain object of strings; keeps every own key, whatever its name. */
export const labelsSchema = v.custom<Labels>(
  (input) =>
    typeof input === 'object' &&
    input !== null &&
    !Array.isArray(input) &&
    Object.values(input).every((value) => typeof value === 'string'),
  'expected an object of label names and text values',
);

export function labelOf(labels: Labels, name: string): string {
  return Object.hasOwn(labels, name) ? (labels[name] ?? '') : '';
}

const offsetBasis = 14695981039346656037n;
const prime = 1099511628211n;
const mask = (1n << 64n) - 1n;
const separator = 0xff;
const encoder = new TextEncoder();

/**
 * The fingerprint of a label set, 16 hex digits, as Alertmanager shows it: FNV-1a of 64 bits over the
 * names in byte order, each name and value followed by 0xFF; labels with an empty value do not count.
 * Source: prometheus/common model/signature.go, labelSetToFingerprint.
 */
export function fingerprintOf(labels: Labels): string {
  const pairs = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => [encoder.encode(name), encoder.encode(value)] as const)
    .sort(([left], [right]) => compareBytes(left, right));
  let hash = offsetBasis;
  const add = (byte: number): void => {
    hash = ((hash ^ BigInt(byte)) * prime) & mask;
  };
  for (const [name, value] of pairs) {
    name.forEach(add);
    add(separator);
    value.forEach(add);
    add(separator);
  }
  return hash.toString(16).padStart(16, '0');
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Whether both have the same names and values, in whatever order. */
export function sameLabels(left: Labels, right: Labels): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && left[name] === right[name])
  );
}

/** The labels that every set of a list shares, with equal values. */
export function commonLabels(sets: readonly Labels[]): Labels {
  const [first, ...rest] = sets;
  if (first === undefined) return {};
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((set) => labelOf(set, name) === value)),
  );
}

/**
 * Equal for equal label sets, in whatever order the server has them. As long as the labels: for a key that
 * is kept or compared with Alertmanager's take `fingerprintOf`, which is short and slow.
 */
export function keyOfLabels(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).toSorted(([left], [right]) => (left < right ? -1 : 1)));
}
