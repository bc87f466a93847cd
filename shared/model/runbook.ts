import * as v from 'valibot';

/** What to do about an alert, as Markdown that somebody wrote before it was needed. Untrusted text. */
export const runbookSchema = v.object({
  title: v.string(),
  markdown: v.string(),
  /** Path of the file, as it is known to the reader. */
  path: v.string(),
  /** When the file was last changed. */
  writtenAtMs: v.number(),
  /** When it was read last: earlier than now where the file cannot be read any more. */
  readAtMs: v.number(),
});
export type Runbook = v.InferOutput<typeof runbookSchema>;
