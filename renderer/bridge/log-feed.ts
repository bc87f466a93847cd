import type { CommandFailure } from '#shared/failure.ts';
import { nanosecondsOf, type LogLine } from '#shared/model/log.ts';
import { changeLogs, type LogPane, type LogsStore } from '../stores/logs.ts';
import type { LinkedCore } from './core-calls.ts';

/** Asks for what the logs view shows and writes what becomes of it; a newer question cancels the older. */

export interface LogRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface LogSize {
  readonly streams: number;
  readonly chunks: number;
  readonly bytes: number;
  readonly entries: number;
}

/** Labels that say which part of a system wrote a line, the best first. */
const serviceNames = ['service', 'service_name', 'app', 'job'];
const volumeSteps = 96;
const contextLines = 50;

interface Feed {
  readonly logs: LogsStore;
  readonly core: LinkedCore;
}

/**
 * Writes a query that shows every service, where there is none yet.
 * @returns a function that gives the question up.
 */
export function requestDefaultQuery({ logs, core }: Feed, range: LogRange, now: () => number): () => void {
  const controller = new AbortController();
  const { source } = logs.getState();
  changeLogs(logs, { askedAtMs: now(), failure: null });
  void core
    .call('logs.labels', { source, query: '', ...range }, { signal: controller.signal })
    .then((result) => {
      if (controller.signal.aborted) return;
      if (!result.ok) return changeLogs(logs, { failure: result.failure, askedAtMs: null });
      const { names } = result.value;
      const name = serviceNames.find((one) => names.includes(one)) ?? names[0];
      const query = name === undefined ? '' : `{${name}=~".+"}`;
      changeLogs(logs, { query, askedAtMs: null });
    });
  return () => controller.abort();
}

/** Asks for the lines and the volume of the query in force. @returns a function that gives both up. */
export function requestLogs({ logs, core }: Feed, range: LogRange, now: () => number): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const { source, query, limit } = logs.getState();
  changeLogs(logs, { askedAtMs: now(), context: null });
  const window = { fromNs: nanosecondsOf(range.fromMs), toNs: nanosecondsOf(range.toMs) };
  void core
    .call('logs.query', { source, query, limit, direction: 'backward', ...window }, { signal })
    .then((result) => {
      if (signal.aborted) return;
      const answered = { answerToMs: range.toMs, failure: null, askedAtMs: null };
      if (result.ok) changeLogs(logs, { answer: result.value, ...answered });
      else changeLogs(logs, { failure: result.failure, askedAtMs: null });
    });
  void core
    .call('logs.volume', { source, query, steps: volumeSteps, ...range }, { signal })
    .then((result) => {
      // Without a volume the lines still say what they say.
      if (!signal.aborted) changeLogs(logs, { volume: result.ok ? result.value : null });
    });
  return () => controller.abort();
}

/** Asks for the lines around one of those shown, which then stand in place of the answer. */
export function requestContext({ logs, core }: Feed, line: LogLine): void {
  const { source, loaded } = logs.getState();
  const stream = loaded.streams[line.stream] ?? {};
  const before = { streams: loaded.streams, lines: loaded.lines };
  const asked = { line, stream, answer: null, failure: null, asked: { atMs: Date.now(), before } };
  changeLogs(logs, { context: asked, isOpen: false, cursor: line });
  const around = { before: contextLines, after: contextLines };
  void core
    .call('logs.context', { source, stream, timeNs: line.timeNs, text: line.text, ...around })
    .then((result) => {
      if (logs.getState().context !== asked) return;
      const ended = { ...asked, asked: null };
      const context = result.ok ? { ...ended, answer: result.value } : { ...ended, failure: result.failure };
      changeLogs(logs, { context, cursor: line });
    });
}

/** Begins a live tail of the query in force and follows it. @returns a function that ends it. */
export function followTail({ logs, core }: Feed): () => void {
  const { source, query, tail: begun } = logs.getState();
  if (begun !== null) changeLogs(logs, { tail: { ...begun, fromMs: Date.now() } });
  let stop: (() => void) | null = null;
  let isOver = false;
  void core.call('logs.tail', { source, query }).then((result) => {
    const { tail } = logs.getState();
    if (isOver || tail === null) return;
    if (!result.ok) return changeLogs(logs, { tail: { ...tail, failure: result.failure } });
    stop = core.follow('logTail', result.value.id, (next) => {
      const present = logs.getState().tail;
      if (!isOver && present !== null) changeLogs(logs, { tail: { ...present, tail: next, failure: null } });
    });
  });
  return () => {
    isOver = true;
    stop?.();
  };
}

/** Asks for what the pane in place of the lines shows. @returns a function that gives the question up. */
export function requestPane({ logs, core }: Feed, range: LogRange): () => void {
  const controller = new AbortController();
  const { source, query, pane } = logs.getState();
  const options = { signal: controller.signal };
  const asked = { source, query, ...range };
  const write = (part: (pane: LogPane) => LogPane): void => {
    const present = logs.getState().pane;
    if (!controller.signal.aborted && present !== null) changeLogs(logs, { pane: part(present) });
  };
  const fail = (failure: CommandFailure): void => write((present) => ({ ...present, ...range, failure }));
  if (pane?.kind === 'patterns') {
    void core.call('logs.patterns', asked, options).then((result) => {
      if (!result.ok) return fail(result.failure);
      // The most lines first: a source has them in the order in which it found them.
      const patterns = result.value.patterns.toSorted((left, right) => right.count - left.count);
      const answer = { ...result.value, patterns };
      write(({ row }) => ({ kind: 'patterns', row, failure: null, ...range, answer }));
    });
  } else if (pane?.kind === 'fields') {
    void core.call('logs.fields', asked, options).then((result) => {
      if (!result.ok) return fail(result.failure);
      write(({ row }) => ({ kind: 'fields', row, failure: null, ...range, answer: result.value }));
    });
  }
  return () => controller.abort();
}

/** What a selector would touch, by the server's index. Null where nobody answers. */
export async function askSize(
  { logs, core }: Feed,
  range: LogRange,
  query: string,
  signal: AbortSignal,
): Promise<LogSize | null> {
  const { source } = logs.getState();
  const result = await core.call('logs.size', { source, query, ...range }, { signal });
  return result.ok ? result.value : null;
}

/** What completes a query: names of labels, or values of one. Empty where nobody answers. */
export async function askNames(
  { logs, core }: Feed,
  range: LogRange,
  label: string | null,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { source } = logs.getState();
  const asked = { source, query: '', ...range };
  const result =
    label === null
      ? await core.call('logs.labels', asked, { signal })
      : await core.call('logs.labelValues', { ...asked, label }, { signal });
  return result.ok ? result.value.names : [];
}
