import type { KeptLogs } from '#core/store/cache/log-records.ts';
import type { LogLine } from '#shared/model/log.ts';
import type { SourceLine } from './log-source.ts';

/**
 * Lines as they go to a window: whole ones, but for those so long that drawing or sending them would
 * stop everything else. What is cut says so.
 */

/** UTF-16 units of one line. */
export const maxLineLength = 64 * 1_024;
/** UTF-16 units of all lines of one answer; past it only the beginning of a line is sent. */
const maxAnswerLength = 32 * 1_024 * 1_024;
const shortLineLength = 1_024;

export function shownLines(lines: readonly SourceLine[]): LogLine[] {
  let sent = 0;
  return lines.map((line) => {
    const text = cutTo(line.text, sent < maxAnswerLength ? maxLineLength : shortLineLength);
    sent += text.length;
    return { ...line, text, cutFrom: text.length === line.text.length ? 0 : line.text.length };
  });
}

export function sourceLinesOf(kept: KeptLogs): SourceLine[] {
  return kept.lines.map((line) => ({ ...line, parsed: {} }));
}

/** Never leaves half a character behind, and never the whole text in memory: a slice holds on to it. */
function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  const last = text.charCodeAt(length - 1);
  const cut = text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length);
  return Buffer.from(cut, 'utf16le').toString('utf16le');
}
