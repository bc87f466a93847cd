import * as v from 'valibot';

/** Where a silence is meant to go: a name may mean another server tomorrow, its identity does not. */
export const serverPlaceSchema = v.object({
  source: v.string(),
  /** See `SourceSettings.identity`. */
  identity: v.string(),
  url: v.string(),
});
export type ServerPlace = v.InferOutput<typeof serverPlaceSchema>;

type Named = Pick<ServerPlace, 'source' | 'identity'>;

/** The same server under the same name. */
export function isSamePlace(left: Named, right: Named): boolean {
  return left.source === right.source && left.identity === right.identity;
}
