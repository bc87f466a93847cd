import { labelOf, type Labels } from '#shared/model/labels.ts';
import { millisecondsOf, type LogLine } from '#shared/model/log.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';

/**
 * Log lines made safe to show without hiding what is in them: a control character, a bidirectional
 * override or an invisible filler is written as its escape, so that a line cannot pretend to be another.
 */

/** What would act on the screen instead of being seen, or is drawn as nothing. */
const acting =
  /[\u034F\p{Cc}\p{Cs}\u17B4-\u17B5\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E00FF}\u{E01F0}-\u{E0FFF}]/gu;
/** Colours of terminals, as many programs write them; they say nothing here. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const terminalColours = /\u001B\[[\d;]*m/gu;
const names = new Map([
  ['\n', '⏎'],
  ['\r', '\\r'],
  ['\t', '  '],
]);

/** @param maxCharacters the most UTF-16 units of the text to show; a cut text ends with an ellipsis. */
export function visibleText(text: string, maxCharacters: number): string {
  // Half a character would be shown as one that the line does not have.
  const splits = text.length > maxCharacters && /[\uD800-\uDBFF]/.test(text.charAt(maxCharacters - 1));
  const considered = text.slice(0, splits ? maxCharacters - 1 : maxCharacters);
  const shown = considered.replace(terminalColours, '').replace(acting, escapeOf);
  return considered.length === text.length ? shown : `${shown}…`;
}

function escapeOf(character: string): string {
  const known = names.get(character);
  if (known !== undefined) return known;
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}}`;
}

const messageNames = ['message', 'msg', 'event', 'log'] as const;
/** A JSON line that is longer is shown as it is: reading it for every row would be felt. */
const maxReadCharacters = 8_192;

/** What is read of a line once, not for each time that a row shows it. */
const messages = new WeakMap<LogLine, string>();

/** What a JSON line says, where it says it in a field of its own; else the line. The unfolded line is whole. */
export function messageOfLine(line: LogLine): string {
  const known = messages.get(line);
  if (known !== undefined) return known;
  const message = messageIn(line.text);
  messages.set(line, message);
  return message;
}

function messageIn(text: string): string {
  if (!text.startsWith('{') || text.length > maxReadCharacters) return text;
  try {
    const fields = JSON.parse(text) as Readonly<Record<string, unknown>>;
    for (const name of messageNames) {
      const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (typeof value === 'string' && value !== '') return value;
    }
  } catch {
    // Not JSON after all: the line is what it says.
  }
  return text;
}

/** `03:12:08.902`, in the local zone. */
export function clockOf(line: LogLine): string {
  const ms = millisecondsOf(line.timeNs);
  return `${formatClock(ms)}.${String(ms % 1_000).padStart(3, '0')}`;
}

export interface LogColumns {
  /** Name of the label of each column; empty where no stream has one. */
  readonly service: string;
  readonly pod: string;
}

const serviceNames = ['service', 'service_name', 'app', 'job', 'container'];
const podNames = ['pod', 'instance', 'host', 'node', 'container'];

export function columnsOf(streams: readonly Labels[]): LogColumns {
  const first = (names: readonly string[], taken: string): string =>
    names.find((name) => name !== taken && streams.some((labels) => labelOf(labels, name) !== '')) ?? '';
  const service = first(serviceNames, '');
  return { service, pod: first(podNames, service) };
}

/** The end of a long name is what tells pods apart. */
export function endOf(name: string, characters: number): string {
  const text = plainText(name, 200);
  return text.length <= characters ? text : `…${text.slice(1 - characters)}`;
}

export interface TextPart {
  readonly text: string;
  readonly isMatch: boolean;
}

const maxMarks = 50;

/** A text in parts, by where any of the needles (lower case) occurs in it, whatever its case. */
export function partsOf(text: string, needles: readonly string[]): readonly TextPart[] {
  const lower = text.toLowerCase();
  // A few letters change their length with their case; then places would not agree.
  if (needles.length === 0 || lower.length !== text.length) return [{ text, isMatch: false }];
  const parts: TextPart[] = [];
  let from = 0;
  while (parts.length < 2 * maxMarks) {
    const next = nextMatch(lower, needles, from);
    if (next === null) break;
    if (next.at > from) parts.push({ text: text.slice(from, next.at), isMatch: false });
    parts.push({ text: text.slice(next.at, next.end), isMatch: true });
    from = next.end;
  }
  if (from < text.length) parts.push({ text: text.slice(from), isMatch: false });
  return parts;
}

function nextMatch(
  text: string,
  needles: readonly string[],
  from: number,
): { readonly at: number; readonly end: number } | null {
  let best: { at: number; end: number } | null = null;
  for (const needle of needles) {
    const at = needle === '' ? -1 : text.indexOf(needle, from);
    if (at >= 0 && (best === null || at < best.at)) best = { at, end: at + needle.length };
  }
  return best;
}
