import * as v from 'valibot';

/** The wire shapes of Loki's HTTP API, as Loki 3.4 to 3.7 write them. */

export const buildInfoSchema = v.object({ version: v.string() });
