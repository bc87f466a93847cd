import { millisecondsOf, type LogLevel, type LogLine } from '#shared/model/log.ts';
import { drop } from '#shared/result.ts';
import { openTrace } from '../../actions/across.ts';
import { tell } from '../../actions/toasts.ts';
import type { App } from '../../app.ts';
import { requestContext } from '../../bridge/log-feed.ts';
import { changeLogs, firstAtOrAfter, logLimits, type LogsState } from '../../stores/logs.ts';
import { fieldsOf, queryWithField, traceIdOf, type LogField } from './log-fields.ts';

/** What a person does in the logs view. */

/** Puts the cursor on a line; a tail holds while one reads. */
export function setCursor(app: App, line: LogLine | undefined, part: Partial<LogsState> = {}): void {
  if (line === undefined) return;
  holdTail(app);
  const { cursor, isOpen } = app.logs.getState();
  changeLogs(app.logs, { cursor: line, isOpen: isOpen && cursor === line, field: 0, pane: null, ...part });
  app.session.setState({ timeCursorMs: millisecondsOf(line.timeNs) });
}

export function moveCursor(app: App, step: number): void {
  const { shown, cursor } = app.logs.getState();
  if (step === Number.POSITIVE_INFINITY) {
    followTailAgain(app);
    return setCursorOnly(app, app.logs.getState().shown.lines.at(-1));
  }
  const at = cursor === null ? -1 : shown.lines.indexOf(cursor);
  setCursor(app, shown.lines[Math.min(shown.lines.length - 1, Math.max(0, at + step))]);
}

function setCursorOnly(app: App, line: LogLine | undefined): void {
  if (line === undefined) return;
  changeLogs(app.logs, { cursor: line, isOpen: false, field: 0 });
  app.session.setState({ timeCursorMs: millisecondsOf(line.timeNs) });
}

/** Keeps what is shown while lines arrive. */
export function holdTail(app: App): void {
  const { tail, loaded } = app.logs.getState();
  if (tail === null || tail.tail === null || tail.held !== null) return;
  changeLogs(app.logs, { tail: { ...tail, held: { shown: loaded, received: tail.tail.received } } });
}

export function followTailAgain(app: App): void {
  const { tail } = app.logs.getState();
  if (tail !== null && tail.held !== null) changeLogs(app.logs, { tail: { ...tail, held: null } });
}

export function toggleTail(app: App): void {
  const { tail, turn } = app.logs.getState();
  if (tail === null) {
    // Asked again up to now: the tail goes on from there, and no line is between the two.
    return changeLogs(app.logs, {
      context: null,
      isOpen: false,
      turn: turn + 1,
      tail: { tail: null, failure: null, fromMs: Date.now(), held: null },
    });
  }
  // What the tail brought stays on the screen until something else is asked.
  const { loaded, answer } = app.logs.getState();
  const kept = answer === null ? null : { ...answer, streams: [...loaded.streams], lines: [...loaded.lines] };
  changeLogs(app.logs, { tail: null, answer: kept });
}

export function toggleFold(app: App): void {
  const { cursor, isOpen } = app.logs.getState();
  if (cursor === null) return;
  if (!isOpen) holdTail(app);
  const line = app.logs.getState().cursor;
  changeLogs(app.logs, { isOpen: !isOpen && line !== null, field: 0 });
}

export function toggleLevel(app: App, level: LogLevel): void {
  const { hiddenLevels } = app.logs.getState();
  const isHidden = hiddenLevels.includes(level);
  changeLogs(app.logs, {
    hiddenLevels: isHidden ? hiddenLevels.filter((one) => one !== level) : [...hiddenLevels, level],
  });
}

export function fieldsUnderCursor(app: App): readonly LogField[] {
  const { cursor, shown, isOpen } = app.logs.getState();
  if (cursor === null || !isOpen) return [];
  return fieldsOf(cursor, shown.streams[cursor.stream] ?? {}).fields;
}

export function moveField(app: App, step: number): void {
  const last = fieldsUnderCursor(app).length - 1;
  const { field } = app.logs.getState();
  changeLogs(app.logs, { field: Math.max(0, Math.min(last, field + step)) });
}

/** Asks again with only the lines that have the field's value, or without them. */
export function narrowTo(app: App, field: LogField | undefined, operator: '=' | '!='): void {
  if (field === undefined) return;
  const query = queryWithField(app.logs.getState().query, field, operator);
  if (query !== null) return runQuery(app, query);
  const text = 'The query says so already, or cannot take this field: write it by hand with L.';
  tell(app, { tone: 'plain', text, undo: null });
}

export function runQuery(app: App, query: string): void {
  const { cursor, turn, tail, query: before } = app.logs.getState();
  // The line that is read stays under the cursor, or the one nearest to it.
  const focusNs = query !== before && cursor !== null ? cursor.timeNs : null;
  // A tail of another query says nothing of this one.
  const afresh = tail === null ? null : { tail: null, failure: null, fromMs: Date.now(), held: null };
  changeLogs(app.logs, {
    query,
    context: null,
    pane: null,
    tail: afresh,
    limit: logLimits[0],
    turn: turn + 1,
  });
  app.logs.setState({ focusNs });
}

export function copyLine(app: App): void {
  const { cursor } = app.logs.getState();
  if (cursor === null) return;
  const what =
    cursor.cutFrom === 0
      ? 'Copied the line'
      : `Copied ${cursor.text.length} of ${cursor.cutFrom} characters: the line is cut`;
  drop(
    navigator.clipboard.writeText(cursor.text).then(
      () => tell(app, { tone: 'plain', text: `${what}.`, undo: null }),
      () => tell(app, { tone: 'failure', text: 'The browser does not let this page copy.', undo: null }),
    ),
    'tells its own failure',
  );
}

export function showContext(app: App): void {
  const { cursor } = app.logs.getState();
  if (cursor === null) return;
  holdTail(app);
  const line = app.logs.getState().cursor;
  if (line !== null) requestContext(app, line);
}

export function leaveContext(app: App): void {
  const { context } = app.logs.getState();
  if (context !== null) changeLogs(app.logs, { context: null, cursor: context.line, isOpen: false });
}

export function openTraceUnderCursor(app: App): void {
  const { cursor } = app.logs.getState();
  const traceId = cursor === null ? null : traceIdOf(cursor);
  if (traceId !== null) openTrace(app, traceId);
}

/** @param direction 1 for later lines. Nothing moves where there is none. */
function jump(app: App, direction: 1 | -1, wanted: (line: LogLine) => boolean, what: string): void {
  const { shown, cursor } = app.logs.getState();
  const from = cursor === null ? -1 : shown.lines.indexOf(cursor);
  for (let at = from + direction; at >= 0 && at < shown.lines.length; at += direction) {
    const line = shown.lines[at];
    if (line !== undefined && wanted(line)) return setCursor(app, line);
  }
  const side = direction === 1 ? 'below' : 'above';
  tell(app, { tone: 'plain', text: `No ${what} ${side} among the lines that are loaded.`, undo: null });
}

export function jumpToError(app: App, direction: 1 | -1): void {
  jump(app, direction, ({ level }) => level === 'error' || level === 'critical', 'error');
}

export function jumpToMatch(app: App, direction: 1 | -1): void {
  const needle = app.logs.getState().search.toLowerCase();
  if (needle !== '') jump(app, direction, ({ text }) => text.toLowerCase().includes(needle), 'match');
}

/** Puts the cursor on the first line of a time, as one clicked into the volume. */
export function lookAt(app: App, timeNs: string): void {
  const { lines } = app.logs.getState().shown;
  setCursor(app, lines[Math.min(lines.length - 1, firstAtOrAfter(lines, timeNs))]);
}

export function askForMore(app: App): void {
  const { limit } = app.logs.getState();
  const more = logLimits.find((one) => one > limit);
  if (more !== undefined) changeLogs(app.logs, { limit: more });
}
