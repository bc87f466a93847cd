import * as v from 'valibot';

/**
 * The wire shapes of Jaeger's query API, v1 and v3. Proto3's JSON leaves out what is zero or empty; v1
 * has its lists in an envelope, and null where there are none.
 */

const names = v.optional(v.nullable(v.array(v.string())), []);
/** A count, or nanoseconds, of 64 bits: text, or a number where it fits. */
const whole = v.optional(
  v.union([v.pipe(v.string(), v.regex(/^\d{1,20}$/)), v.pipe(v.number(), v.safeInteger(), v.minValue(0))]),
  0,
);
const count = v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(0)), 0);

export const servicesSchema = v.pipe(
  v.unknown(),
  v.check((answer) => !Array.isArray(answer), 'expected an object'),
  v.union([v.object({ data: v.nullable(v.array(v.string())) }), v.strictObject({ services: names })]),
);

/** v1 names operations by text alone where it is asked by path; so do servers of long ago. */
const operation = v.union([v.string(), v.object({ name: v.optional(v.string(), '') })]);
export const operationsSchema = v.union([
  v.object({ data: v.nullable(v.array(operation)) }),
  v.object({ operations: v.optional(v.nullable(v.array(operation)), []) }),
]);

export const summariesSchema = v.object({
  summaries: v.optional(
    v.array(
      v.object({
        traceId: v.string(),
        rootServiceName: v.optional(v.string(), ''),
        rootOperationName: v.optional(v.string(), ''),
        minStartTimeUnixNano: whole,
        maxEndTimeUnixNano: whole,
        spanCount: count,
        errorSpanCount: count,
        orphanSpanCount: count,
        services: v.optional(
          v.array(v.object({ name: v.optional(v.string(), ''), spanCount: count, errorSpanCount: count })),
          [],
        ),
      }),
    ),
    [],
  ),
});

export const dependenciesSchema = v.object({
  data: v.nullable(v.array(v.object({ parent: v.string(), child: v.string(), callCount: v.number() }))),
});

/** How v1 and v3 say that they refuse. */
export const v1ErrorSchema = v.object({
  errors: v.pipe(v.array(v.object({ code: v.optional(v.number()), msg: v.string() })), v.minLength(1)),
});
export const v3ErrorSchema = v.object({
  error: v.object({ httpCode: v.optional(v.number()), message: v.string() }),
});
