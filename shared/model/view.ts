import * as v from 'valibot';

/** A filter of the inbox that was given a name. The core keeps them: every window has the same. */

/** As many as have a key of one digit. */
export const maxSavedViews = 9;
export const maxViewName = 40;

export const savedViewSchema = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxViewName)),
  /** It may be of another version's language, and is then shown as such. */
  filter: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(10_000)),
  /**
   * Whether it says what its person is notified of: where any view does, incidents that are in none of those
   * are told only if they are critical.
   */
  notifies: v.boolean(),
});
export type SavedView = v.InferOutput<typeof savedViewSchema>;

export const savedViewsSchema = v.object({
  /** In the order of their keys; each name once. */
  views: v.pipe(v.array(savedViewSchema), v.maxLength(maxSavedViews)),
  /** Whether anybody ever saved them here: before that a window may carry over its own. */
  wereSaved: v.boolean(),
});
export type SavedViews = v.InferOutput<typeof savedViewsSchema>;

export const noViews: SavedViews = { views: [], wereSaved: false };
