import { exportAudit, type AuditExportOptions } from '#core/audit/audit-export.ts';
import type { commands } from '#shared/contract.ts';
import type { Handlers } from '#shared/rpc/server.ts';

export function auditCommands(options: AuditExportOptions): Pick<Handlers<typeof commands>, 'audit.export'> {
  return { 'audit.export': ({ sinceMs }, { signal }) => exportAudit(options, sinceMs ?? 0, signal) };
}
