import * as v from 'valibot';

/** The wire shapes of Jaeger's query API, v1 and v3. */

export const servicesSchema = v.object({ services: v.optional(v.array(v.string()), []) });
