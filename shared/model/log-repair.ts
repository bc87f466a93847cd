import * as v from 'valibot';

/**
 * What one key can do about a question that a Loki refused. The core names the kind of repair by the
 * server's words; what it comes to depends on the question, which the window knows.
 */
export const logRepairSchema = v.variant('kind', [
  /** Ask for at most so many lines. */
  v.object({ kind: v.literal('limit'), most: v.pipe(v.number(), v.minValue(1)) }),
  /** Ask over at most so long. */
  v.object({ kind: v.literal('range'), mostMs: v.pipe(v.number(), v.minValue(1)) }),
  /** Ask over this part of the range only. */
  v.object({ kind: v.literal('share'), share: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
  /** Require a label to be there. */
  v.object({ kind: v.literal('matcher') }),
  /** Correct the query where it stops being LogQL; both count from 1, columns in characters. */
  v.object({ kind: v.literal('place'), line: v.number(), column: v.number() }),
  /** Look for the text of a broken regular expression as it stands. */
  v.object({ kind: v.literal('plain-text') }),
  /** Ask for the lines that a metric counts. */
  v.object({ kind: v.literal('lines') }),
  /** Look at the source itself: its tenant, its credentials. */
  v.object({ kind: v.literal('source') }),
]);
export type LogRepair = v.InferOutput<typeof logRepairSchema>;
