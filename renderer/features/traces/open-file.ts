import { drop, messageOf } from '#shared/result.ts';
import { plainText } from '#shared/text.ts';
import { readTraceText } from '#shared/traces/read-trace.ts';
import { follow } from '../../actions/view.ts';
import { tell } from '../../actions/toasts.ts';
import type { App } from '../../app.ts';

/** Traces of a file, read in this window: nothing of it is sent or kept. */

export const fileInputId = 'trace-file';
const maxFileBytes = 128 * 1_024 * 1_024;

/** Opens the one file that was chosen or dropped; of several none, for which was meant is not known. */
export function openTraceFiles(app: App, files: readonly File[]): void {
  const [file] = files;
  if (file === undefined) return;
  if (files.length === 1) return drop(openTraceFile(app, file), 'tells its own failure');
  const text = `${files.length} files at once: open one after the other.`;
  tell(app, { tone: 'failure', text, undo: null });
}

/** Opens the file's trace, or lists its traces where it has several. A failure is told. */
async function openTraceFile(app: App, file: File): Promise<void> {
  const name = plainText(file.name, 80);
  const refuse = (why: string): void =>
    tell(app, { tone: 'failure', text: `Could not open ${name}: ${why}.`, undo: null });
  if (file.size > maxFileBytes) return refuse('it is larger than 128 MiB');
  let text: string;
  try {
    text = await file.text();
  } catch (error) {
    return refuse(messageOf(error));
  }
  const read = readTraceText(text);
  if (!read.ok) return refuse(plainText(read.failure, 300));
  const [first] = read.value;
  if (first === undefined) return refuse('it holds no trace');
  app.traces.setState({ file: { name, traces: read.value }, trace: null, focusSpanId: null });
  if (read.value.length > 1) app.traces.setState({ shows: 'file', cursor: null });
  else follow(app, { kind: 'trace', traceId: first.traceId, source: null });
}
