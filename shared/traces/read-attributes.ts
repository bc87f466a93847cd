import type { Attribute } from '../model/trace.ts';
import { isObject, jsonTextOf, listOf, objectOf, textOf } from './read-json.ts';

/** Tags of Jaeger and attributes of OTLP as one kind of list, within bounds. */

/** More of them than anybody looks through; what is left out is said as a warning of the span. */
export const maxAttributes = 2_000;
/** UTF-16 units of one value; statements and stack traces are shorter. */
export const maxValueLength = 262_144;

export interface AttributeReading {
  readonly attributes: Attribute[];
  /** What was left out, in words; empty where nothing was. */
  readonly cut: readonly string[];
}

/** @param tags `[{key, type, value}]`, of Jaeger's v1. */
export function readTags(tags: unknown): AttributeReading {
  return within(listOf(tags), (tag) => {
    const { key, type, value } = objectOf(tag);
    return { key: textOf(key), ...typedTag(type, value) };
  });
}

/** @param attributes `[{key, value: {stringValue | intValue | …}}]`, of OTLP. */
export function readAttributes(attributes: unknown): AttributeReading {
  return within(listOf(attributes), (attribute) => {
    const { key, value } = objectOf(attribute);
    return { key: textOf(key), ...typedValue(value) };
  });
}

function within(list: readonly unknown[], read: (item: unknown) => Attribute): AttributeReading {
  const cut: string[] = [];
  const kept = list.length > maxAttributes ? list.slice(0, maxAttributes) : list;
  if (kept !== list) cut.push(`it has ${list.length} tags; the first ${maxAttributes} are kept`);
  const attributes = kept.map((item) => {
    const attribute = read(item);
    if (attribute.value.length <= maxValueLength && attribute.key.length <= maxValueLength) return attribute;
    const key = attribute.key.slice(0, 1_000);
    cut.push(`the tag ${key} is ${attribute.value.length} characters long; its beginning is kept`);
    return { ...attribute, key, value: attribute.value.slice(0, maxValueLength) };
  });
  return { attributes, cut };
}

function typedTag(type: unknown, value: unknown): Omit<Attribute, 'key'> {
  const nested = typeof value === 'object' && value !== null;
  if (nested) return { type: 'json', value: jsonTextOf(value) };
  const text = textOf(value);
  switch (typeof type === 'string' ? type.toLowerCase() : '') {
    case 'string':
      return { type: 'string', value: text };
    case 'bool':
      return { type: 'bool', value: text };
    case 'int64':
      return { type: 'int64', value: text };
    case 'float64':
      return { type: 'float64', value: text };
    case 'binary':
      return { type: 'binary', value: text };
    default:
      return { type: typeOf(value), value: text };
  }
}

function typeOf(value: unknown): Attribute['type'] {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value !== 'number') return 'string';
  return Number.isInteger(value) ? 'int64' : 'float64';
}

function typedValue(value: unknown): Omit<Attribute, 'key'> {
  const fields = objectOf(value);
  if ('stringValue' in fields) return { type: 'string', value: textOf(fields['stringValue']) };
  if ('boolValue' in fields) return { type: 'bool', value: textOf(fields['boolValue']) };
  if ('intValue' in fields) return { type: 'int64', value: textOf(fields['intValue']) };
  if ('doubleValue' in fields) return { type: 'float64', value: textOf(fields['doubleValue']) };
  if ('bytesValue' in fields) return { type: 'binary', value: textOf(fields['bytesValue']) };
  if ('arrayValue' in fields || 'kvlistValue' in fields) {
    return { type: 'json', value: jsonTextOf(plainValueOf(value, 0)) };
  }
  return { type: 'string', value: '' };
}

/** A value of OTLP as the JSON that it stands for. */
function plainValueOf(value: unknown, depth: number): unknown {
  const fields = objectOf(value);
  if (depth > 16) return '…';
  const { arrayValue, kvlistValue } = fields;
  if (isObject(arrayValue)) return listOf(arrayValue['values']).map((item) => plainValueOf(item, depth + 1));
  if (isObject(kvlistValue)) {
    return Object.fromEntries(
      listOf(kvlistValue['values']).map((item) => {
        const { key, value: inner } = objectOf(item);
        return [textOf(key), plainValueOf(inner, depth + 1)];
      }),
    );
  }
  for (const name of ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'bytesValue']) {
    if (name in fields) return fields[name];
  }
  return null;
}
