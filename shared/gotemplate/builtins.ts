import { labelOf } from '#shared/model/labels.ts';
import { typeNameOf, type Value } from './value.ts';

/** Go's comparisons, `len` and `index` for the values of a template. Source: text/template/funcs.go. */

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** `eq` is true where any of the further values equals the first. Different types do not compare. */
export function compareWith(comparison: Comparison, [first, ...others]: readonly Value[]): boolean {
  if (first === undefined || others.length === 0)
    throw failure(comparison, 'missing argument for comparison');
  return others.some((other) => compare(comparison, first, other));
}

function compare(comparison: Comparison, left: Value, right: Value): boolean {
  const isEquality = comparison === 'eq' || comparison === 'ne';
  if (isObject(left) || isObject(right)) {
    if (isEquality && (left === null || right === null)) return (left === right) === (comparison === 'eq');
    throw failure(comparison, isEquality ? 'non-comparable type' : 'invalid type for comparison');
  }
  if (typeof left !== typeof right) {
    throw failure(
      comparison,
      `incompatible types for comparison: ${typeNameOf(left)} and ${typeNameOf(right)}`,
    );
  }
  if (typeof left === 'boolean' && !isEquality) throw failure(comparison, 'invalid type for comparison');
  switch (comparison) {
    case 'eq':
      return left === right;
    case 'ne':
      return left !== right;
    case 'lt':
      return left < right;
    case 'le':
      return left <= right;
    case 'gt':
      // Go has it as the opposite of `le`, which NaN can tell.
      return isNotOrdered(left, right) || left > right;
    case 'ge':
      return isNotOrdered(left, right) || left >= right;
  }
}

function isNotOrdered(left: Value, right: Value): boolean {
  return Number.isNaN(left) || Number.isNaN(right);
}

function isObject(value: Value): value is Exclude<Value, string | number | bigint | boolean> {
  return typeof value === 'object';
}

function failure(comparison: Comparison, message: string): Error {
  return new Error(`error calling ${comparison}: ${message}`);
}

const encoder = new TextEncoder();

export function lengthOf(value: Value): bigint {
  if (typeof value === 'string') return BigInt(encoder.encode(value).length);
  if (isObject(value) && value?.kind === 'map') return BigInt(Object.keys(value.labels).length);
  throw new Error(`error calling len: len of type ${typeNameOf(value)}`);
}

/** Labels by name, a missing one is empty; a text by byte. */
export function indexOf([value, ...keys]: readonly Value[]): Value {
  let found: Value = value ?? null;
  for (const key of keys) {
    if (isObject(found) && found?.kind === 'map' && typeof key === 'string')
      found = labelOf(found.labels, key);
    else if (typeof found === 'string' && typeof key === 'bigint') found = byteAt(found, key);
    else if (isObject(found) && found?.kind === 'map')
      throw new Error(`error calling index: value has type ${typeNameOf(key)}; should be string`);
    else throw new Error(`error calling index: can't index item of type ${typeNameOf(found)}`);
  }
  return found;
}

function byteAt(text: string, index: bigint): bigint {
  const byte = encoder.encode(text)[Number(index)];
  if (byte === undefined) throw new Error(`error calling index: index out of range: ${index}`);
  return BigInt(byte);
}
