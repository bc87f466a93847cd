import * as v from 'valibot';

/** The audit trail is read in the order it was written and a page at a time: it only grows. */
export interface AuditQuery {
  /** The last line that was read; 0 before the first. */
  readonly afterId: number;
  /** Lines of before are left out. */
  readonly sinceMs: number;
}

/** As many as are read in a few milliseconds. */
export const auditPageRows = 1_000;

const page = `FROM audit WHERE id > @afterId AND at_ms >= @sinceMs ORDER BY id LIMIT @limit`;
export const auditPage = `SELECT id, at_ms AS atMs, by, action, target, outcome, detail ${page}`;
/** Of before version 4. */
export const auditPageBefore4 = `SELECT id, at_ms AS atMs, by, action, target, outcome, '' AS detail ${page}`;

export const auditRow = v.object({
  id: v.number(),
  // What a calendar can tell: it is written as a date.
  atMs: v.pipe(v.number(), v.minValue(-8.64e15), v.maxValue(8.64e15)),
  by: v.string(),
  action: v.string(),
  target: v.string(),
  outcome: v.string(),
  detail: v.string(),
});
/** One line of the audit trail, as it is in the journal. */
export type AuditEntry = v.InferOutput<typeof auditRow>;

/** What is asked for after a page: null once there is nothing more. */
export function nextAuditPage(query: AuditQuery, entries: readonly AuditEntry[]): AuditQuery | null {
  const last = entries.at(-1);
  // Not by its length: a line that cannot be believed is left out.
  return last === undefined ? null : { ...query, afterId: last.id };
}
