import { join } from 'node:path';
import { stat } from 'node:fs/promises';
import type { ConfigurationProblem } from '#shared/model/settings.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { readBoundedFile } from './bounded-file.ts';
import { maxFileBytes } from './yaml-text.ts';

/**
 * The bytes of the configuration file and of the last good copy in the data folder. What they mean is
 * for the parser.
 */
export type FileText =
  | { readonly kind: 'missing' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'unreadable'; readonly problem: ConfigurationProblem };

export async function readConfigurationFile(path: string): Promise<FileText> {
  const file = await readBoundedFile(path, maxFileBytes);
  if (!file.ok) {
    if (file.failure.kind === 'missing') return { kind: 'missing' };
    const message = `the file cannot be read: ${file.failure.message}`;
    return { kind: 'unreadable', problem: problemAt(path, '', message, 'a readable file of at most 1 MiB') };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(file.value);
    return { kind: 'text', text };
  } catch {
    const before = new TextDecoder().decode(file.value).split('\uFFFD', 1)[0] ?? '';
    return {
      kind: 'unreadable',
      problem: problemAt(path, before, 'found bytes that are no UTF-8 text', 'UTF-8'),
    };
  }
}

/** A problem at the end of the text before it. */
function problemAt(file: string, before: string, message: string, accepted: string): ConfigurationProblem {
  const lines = before.split('\n');
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return { severity: 'error', file, line: lines.length, column, path: '', message, accepted };
}

const lastGoodName = 'last-good-configuration.yaml';
const kept = '# The last good text of ';

/** What was kept of a configuration file that is broken now. */
export interface LastGood {
  readonly text: string;
  readonly atMs: number;
}

/** The kept text, where it was kept from the same file; another file's is not this one's last good. */
export async function readLastGood(dataDirectory: string, path: string): Promise<LastGood | null> {
  const copy = join(dataDirectory, lastGoodName);
  const file = await readBoundedFile(copy, maxFileBytes + 8_192);
  if (!file.ok) return null;
  const whole = file.value.toString('utf8');
  const header = headerOf(path);
  if (!whole.startsWith(header)) return null;
  const atMs = await stat(copy).then(
    (status) => status.mtimeMs,
    () => 0,
  );
  return { text: whole.slice(header.length), atMs };
}

/** Rejects with the file system's error. */
export async function keepLastGood(dataDirectory: string, path: string, text: string): Promise<void> {
  await writeFileAtomically(join(dataDirectory, lastGoodName), headerOf(path) + text);
}

function headerOf(path: string): string {
  return `${kept}${JSON.stringify(path)}\n`;
}
