import type { AuditEntry } from '#core/store/journal/audit-page.ts';

/**
 * One line of the audit trail as JSON Lines: one object a line, its line breaks and control characters
 * escaped. Programs read it: names stay, fields are only added.
 */
export function auditLine({ id, atMs, by, action, target, outcome, detail }: AuditEntry): string {
  return JSON.stringify({
    id,
    at: new Date(atMs).toISOString(),
    by,
    action,
    target,
    outcome,
    detail,
  });
}
