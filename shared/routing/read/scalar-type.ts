import type { ScalarNode } from './node.ts';

/** What a plain scalar is by YAML 1.1 as Go's yaml.v2 reads it: times in sixties are texts there. */
const kinds = [
  ['null', /^(?:|~|null|Null|NULL)$/],
  ['flag', /^(?:[yYnN]|yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/],
  ['whole', /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0[xX][0-9a-fA-F_]+|[0-9][0-9_]*)$/],
  [
    'decimal',
    /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  ],
] as const;

const tags: Readonly<Record<string, ScalarNode['type']>> = {
  'tag:yaml.org,2002:str': 'text',
  'tag:yaml.org,2002:binary': 'text',
  'tag:yaml.org,2002:null': 'null',
  'tag:yaml.org,2002:bool': 'flag',
  'tag:yaml.org,2002:int': 'whole',
  'tag:yaml.org,2002:float': 'decimal',
};

export function scalarTypeOf(text: string, isPlain: boolean, tag: string | undefined): ScalarNode['type'] {
  if (tag === '!') return 'text';
  if (tag !== undefined) return tags[tag] ?? 'other';
  return isPlain ? plainType(text) : 'text';
}

function plainType(text: string): ScalarNode['type'] {
  return kinds.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text';
}

const bounds = { signed: [-(2n ** 63n), 2n ** 63n - 1n], unsigned: [0n, 2n ** 64n - 1n] } as const;

/** The value as a whole number of 64 bits; what is behind a decimal's point is dropped. Null where it is none. */
export function wholeNumberOf({ text, type }: ScalarNode, sign: keyof typeof bounds): bigint | null {
  const value = type === 'whole' ? wholeOf(text) : type === 'decimal' ? truncated(text) : null;
  const [least, most] = bounds[sign];
  return value === null || value < least || value > most ? null : value;
}

function wholeOf(text: string): bigint | null {
  const [, sign = '', rest = ''] = /^([-+]?)(.*)$/.exec(text.replaceAll('_', '')) ?? [];
  const digits = /^0[0-7]+$/.test(rest) ? `0o${rest.slice(1)}` : rest;
  const value = /^0[bBoOxX]$/.test(digits) ? null : BigInt(digits);
  return value === null || sign !== '-' ? value : -value;
}

function truncated(text: string): bigint | null {
  const value = Math.trunc(Number(text));
  return Number.isFinite(value) ? BigInt(value) : null;
}
