import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CommandFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import {
  compareNanoseconds,
  isTailCut,
  mergedLines,
  millisecondsOf,
  tailBackMs,
  type LogAnswer,
  type LogFields,
  type LogLevel,
  type LogLine,
  type LogPatterns,
  type LogTail,
  type LogVolume,
  type Nanoseconds,
} from '#shared/model/log.ts';

/** The lines that are on the screen, and the streams that they name by index. */
export interface ShownLines {
  readonly streams: readonly Labels[];
  readonly lines: readonly LogLine[];
}

/** A live tail as the view follows it. */
export interface TailState {
  /** Null until the core answered. */
  readonly tail: LogTail | null;
  readonly failure: CommandFailure | null;
  /** When it was asked for, Unix milliseconds: from then on it is whole. */
  readonly fromMs: number;
  /** Somebody reads: what was shown then stays, and `received` says how many had come by then. */
  readonly held: { readonly shown: ShownLines; readonly received: number } | null;
}

/** The lines around one line, shown in place of the answer. */
export interface ContextState {
  readonly line: LogLine;
  readonly stream: Labels;
  readonly answer: LogAnswer | null;
  readonly failure: CommandFailure | null;
  /** Set while the answer is awaited; until then what was shown before stays. */
  readonly asked: { readonly atMs: number; readonly before: ShownLines } | null;
}

/** What stands in place of the lines: what they are like, by the source. */
export type LogPane = {
  /** The row under the cursor. */
  readonly row: number;
  readonly failure: CommandFailure | null;
  /** The range that was asked, Unix milliseconds; zeros before. */
  readonly fromMs: number;
  readonly toMs: number;
} & (
  | { readonly kind: 'patterns'; readonly answer: LogPatterns | null }
  | { readonly kind: 'fields'; readonly answer: LogFields | null }
);

/** What the logs view asks and shows. Ends with the window. */
export interface LogsState {
  /** Name of the source; empty for the first. */
  readonly source: string;
  /** The LogQL query in force; empty asks for one that shows every service. */
  readonly query: string;
  /** A line to put the cursor on once it is there; null for none. */
  readonly focusNs: Nanoseconds | null;
  /** The most lines to ask for. */
  readonly limit: number;
  /** How often a person has asked: the same query again is a new question. */
  readonly turn: number;
  /** The last good answer, kept while another is awaited. */
  readonly answer: LogAnswer | null;
  /** The end of the range that it answers, Unix milliseconds. */
  readonly answerToMs: number;
  readonly failure: CommandFailure | null;
  /** Set while an answer is awaited. */
  readonly askedAtMs: number | null;
  readonly volume: LogVolume | null;
  readonly hiddenLevels: readonly LogLevel[];
  /** The line under the cursor, one of those shown; null while there is none. */
  readonly cursor: LogLine | null;
  /** Whether the line under the cursor is unfolded. */
  readonly isOpen: boolean;
  /** The field under the cursor in the unfolded line. */
  readonly field: number;
  /** Searched for in what is loaded; empty for nothing. */
  readonly search: string;
  readonly context: ContextState | null;
  /** Null while the lines are shown. */
  readonly pane: LogPane | null;
  /** Null while no tail runs. */
  readonly tail: TailState | null;
  /** Every line that is loaded, whatever its level. Made by `changeLogs`. */
  readonly loaded: ShownLines;
  /** Those of the levels that are not hidden. Made by `changeLogs`. */
  readonly shown: ShownLines;
}

export type LogsStore = StoreApi<LogsState>;

/** The steps in which more lines are asked for. */
export const logLimits = [2_000, 10_000, 50_000, 100_000] as const;

const none: ShownLines = { streams: [], lines: [] };

export function createLogsStore(): LogsStore {
  return createStore(() => ({
    source: '',
    query: '',
    focusNs: null,
    limit: logLimits[0],
    turn: 0,
    answer: null,
    answerToMs: 0,
    failure: null,
    askedAtMs: null,
    volume: null,
    hiddenLevels: [],
    cursor: null,
    isOpen: false,
    field: 0,
    search: '',
    context: null,
    pane: null,
    tail: null,
    loaded: none,
    shown: none,
  }));
}

/**
 * Changes what the view shows and keeps what follows from it: which lines are shown, and the cursor on its
 * line, or on the one nearest to it in time.
 */
export function changeLogs(store: LogsStore, part: Partial<LogsState>): void {
  const before = store.getState();
  const next = { ...before, ...part };
  const isSame = (['answer', 'answerToMs', 'context', 'tail', 'hiddenLevels'] as const).every(
    (key) => next[key] === before[key],
  );
  if (isSame) return store.setState(part);
  const loaded = loadedLines(next);
  const shown = ofLevels(loaded, next.hiddenLevels);
  store.setState({ ...part, loaded, shown, ...cursorIn(shown, next) });
}

function loadedLines({ answer, answerToMs, context, tail }: LogsState): ShownLines {
  if (context !== null) return context.answer ?? context.asked?.before ?? none;
  if (tail === null) return answer ?? none;
  if (tail.held !== null) return tail.held.shown;
  if (tail.tail === null) return answer ?? none;
  // Lines that the tail let go, and those since the range of the answer ended, would be a gap between the
  // two that nobody sees: then the tail stands alone.
  if (answer === null || isTailCut(tail.tail)) return tail.tail;
  if (tail.tail.lines.length === 0) return answer;
  return answerToMs < tail.fromMs - tailBackMs ? tail.tail : joined(answer, tail.tail);
}

/** The answer and the tail behind it: a line that both have once, and none of either left out. */
function joined(answer: ShownLines, tail: ShownLines): ShownLines {
  const streams = [...answer.streams, ...tail.streams];
  const ofTail = tail.lines.map((line) => moved(line, answer.streams.length));
  const until = firstAtOrAfter(answer.lines, ofTail[0]?.timeNs ?? '0');
  const beside = answer.lines.slice(until);
  const last = beside.at(-1);
  if (last === undefined) return { streams, lines: [...answer.lines, ...ofTail] };
  const byTime = new Map<Nanoseconds, LogLine[]>();
  for (const line of ofTail) {
    if (compareNanoseconds(line.timeNs, last.timeNs) > 0) break;
    const alike = byTime.get(line.timeNs);
    if (alike === undefined) byTime.set(line.timeNs, [line]);
    else alike.push(line);
  }
  const isSame = (left: LogLine, right: LogLine): boolean =>
    left.text === right.text && streamKey(streams[left.stream]) === streamKey(streams[right.stream]);
  const missing = beside.filter((line) => !byTime.get(line.timeNs)?.some((one) => isSame(one, line)));
  return { streams, lines: [...answer.lines.slice(0, until), ...mergedLines(missing, ofTail)] };
}

const streamKeys = new WeakMap<Labels, string>();

function streamKey(labels: Labels = {}): string {
  const known = streamKeys.get(labels) ?? JSON.stringify(Object.entries(labels).toSorted(byName));
  streamKeys.set(labels, known);
  return known;
}

function byName([left]: [string, string], [right]: [string, string]): number {
  return left < right ? -1 : Number(left > right);
}

/** A line of the tail names another stream once it stands behind the answer; it stays one object, for the cursor. */
const movedLines = new WeakMap<LogLine, LogLine>();

function moved(line: LogLine, offset: number): LogLine {
  const present = movedLines.get(line);
  if (present !== undefined && present.stream === line.stream + offset) return present;
  const made = { ...line, stream: line.stream + offset };
  movedLines.set(line, made);
  return made;
}

function ofLevels(loaded: ShownLines, hidden: readonly LogLevel[]): ShownLines {
  if (hidden.length === 0) return loaded;
  return { streams: loaded.streams, lines: loaded.lines.filter((line) => !hidden.includes(line.level)) };
}

function cursorIn(
  shown: ShownLines,
  { cursor, focusNs, isOpen, field, tail }: LogsState,
): Pick<LogsState, 'cursor' | 'focusNs' | 'isOpen' | 'field'> {
  const { lines } = shown;
  const last = lines.at(-1) ?? null;
  if (last === null) return { cursor: null, focusNs, isOpen: false, field: 0 };
  if (focusNs !== null) {
    return { cursor: nearestLine(lines, focusNs), focusNs: null, isOpen: false, field: 0 };
  }
  const follows = tail !== null && tail.held === null;
  if (cursor === null || follows) return { cursor: last, focusNs, isOpen: false, field: 0 };
  const found = sameLine(lines, cursor);
  if (found !== null) return { cursor: found, focusNs, isOpen, field };
  return { cursor: nearestLine(lines, cursor.timeNs), focusNs, isOpen: false, field: 0 };
}

function sameLine(lines: readonly LogLine[], wanted: LogLine): LogLine | null {
  let alike: LogLine | null = null;
  for (let at = firstAtOrAfter(lines, wanted.timeNs); at < lines.length; at++) {
    const line = lines[at];
    if (line === undefined || line.timeNs !== wanted.timeNs) break;
    if (line === wanted) return line;
    if (line.text === wanted.text) alike ??= line;
  }
  return alike;
}

function nearestLine(lines: readonly LogLine[], timeNs: Nanoseconds): LogLine | null {
  const at = firstAtOrAfter(lines, timeNs);
  const [earlier, later] = [lines[at - 1], lines[at]];
  if (later === undefined || earlier === undefined || later.timeNs === timeNs)
    return later ?? earlier ?? null;
  const ms = millisecondsOf(timeNs);
  const isLater = millisecondsOf(later.timeNs) - ms <= ms - millisecondsOf(earlier.timeNs);
  return isLater ? later : earlier;
}

/** Index of the first line that is not earlier; the list's length where there is none. */
export function firstAtOrAfter(lines: readonly LogLine[], timeNs: Nanoseconds): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = lines[middle];
    if (line !== undefined && compareNanoseconds(line.timeNs, timeNs) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
