import * as v from 'valibot';

/** Where a silence is meant to go: a name may mean another server tomorrow, its identity does not. */
export const serverPlaceSchema = v.object({
  source: v.string(),
  /** See `SourceSettings.identity`. */
  identity: v.string(),
  url: v.string(),
});
export type ServerPlace = v.InferOutput<typeof serverPlaceSchema>;
