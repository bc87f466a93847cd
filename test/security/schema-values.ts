import fc from 'fast-check';

/**
 * Valid inputs for any schema of the contract, read off the schema itself, so that a command added to the
 * contract is fuzzed without a word. It knows the schemas and checks that the contract uses and fails
 * loudly on another one.
 */

interface Check {
  readonly kind: string;
  readonly type: string;
  readonly requirement?: unknown;
}

/** What is read of a valibot schema. */
interface Schema {
  readonly type: string;
  readonly pipe?: readonly Check[];
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly wrapped?: Schema;
}

export function validValues(schema: Schema): fc.Arbitrary<unknown> {
  const limit = (type: string, otherwise: number): number => {
    const requirement = schema.pipe?.find((check) => check.type === type)?.requirement;
    return typeof requirement === 'number' ? requirement : otherwise;
  };
  switch (schema.type) {
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.entries ?? {}).map(([name, entry]) => [name, validValues(entry)]),
        ),
      );
    case 'array':
      return fc.array(validValues(schema.item!), {
        minLength: limit('min_length', 0),
        maxLength: limit('min_length', 0) + 4,
      });
    case 'custom':
      // The one check of our own in an input is that of label sets.
      return fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 });
    case 'string': {
      const pattern = schema.pipe?.find((check) => check.type === 'regex')?.requirement;
      if (pattern instanceof RegExp) return fc.stringMatching(pattern);
      return fc
        .string({ minLength: limit('min_length', 0), maxLength: Math.min(limit('max_length', 30), 30) })
        .map((text) =>
          // Where text is trimmed, blanks alone would be too short.
          text.trim() === '' ? 'x' : text,
        );
    }
    case 'number':
      return fc.integer({ min: limit('min_value', -1_000_000), max: limit('max_value', 1_000_000) });
    case 'boolean':
      return fc.boolean();
    case 'literal':
      return fc.constant(schema.literal);
    case 'picklist':
      return fc.constantFrom(...schema.options!);
    case 'variant':
      return fc.oneof(...(schema.options as readonly Schema[]).map(validValues));
    case 'optional':
      return fc.option(validValues(schema.wrapped!), { nil: undefined });
    case 'nullable':
      return fc.option(validValues(schema.wrapped!));
    default:
      throw new Error(`the fuzz test does not know schemas of type ${schema.type} yet: teach it`);
  }
}
