import { mkdir, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { nextAuditPage, type AuditEntry, type AuditQuery } from '#core/store/journal/audit-page.ts';
import { stampOf } from '#core/store/files.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { failed, messageOf, success, type Result } from '#shared/result.ts';
import { auditLine } from './audit-line.ts';

/**
 * Writes the audit trail into a file of the data folder, page by page: however long it is, a page of it is
 * in memory. The file has its name once it is whole.
 */
export interface AuditExportOptions {
  readonly journal: { audit(query: AuditQuery): Promise<readonly AuditEntry[]> };
  readonly dataDirectory: string;
  readonly nowMs: () => number;
}

export interface ExportedAudit {
  readonly path: string;
  readonly lines: number;
}

const exportFolder = 'exports';

/** @param signal gives up between two pages; nothing is left behind. */
export async function exportAudit(
  { journal, dataDirectory, nowMs }: AuditExportOptions,
  sinceMs: number,
  signal: AbortSignal,
): Promise<Result<ExportedAudit, CommandFailure>> {
  const folder = join(dataDirectory, exportFolder);
  const path = join(folder, `audit-${stampOf(nowMs())}.jsonl`);
  const unfinished = `${path}.tmp`;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    let lines: number | null;
    {
      await using file = await open(unfinished, 'wx', 0o600);
      lines = await writePages(file, journal, { afterId: 0, sinceMs }, signal);
      await file.sync();
    }
    if (lines === null) {
      await unlink(unfinished);
      return failed(commandFailure('cancelled', 'the export was given up', 'Ask for it again.'));
    }
    await rename(unfinished, path);
    return success({ path, lines });
  } catch (error) {
    await unlink(unfinished).catch(() => undefined);
    const message = `the audit trail could not be written to ${path}: ${messageOf(error)}`;
    return failed(commandFailure('unavailable', message, 'Make room on the disk, or use `opssight audit`.'));
  }
}

/** @returns how many lines were written; null where it was given up. */
async function writePages(
  file: FileHandle,
  journal: AuditExportOptions['journal'],
  first: AuditQuery,
  signal: AbortSignal,
): Promise<number | null> {
  let lines = 0;
  for (let query: AuditQuery | null = first; query !== null;) {
    if (signal.aborted) return null;
    const entries = await journal.audit(query);
    if (entries.length > 0) await file.appendFile(`${entries.map(auditLine).join('\n')}\n`);
    lines += entries.length;
    query = nextAuditPage(query, entries);
  }
  return lines;
}
