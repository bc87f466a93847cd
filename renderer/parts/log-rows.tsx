import { memo } from 'react';
import { labelOf, type Labels } from '#shared/model/labels.ts';
import type { LogAnswer, LogLevel, LogLine } from '#shared/model/log.ts';
import { plainText } from '#shared/text.ts';
import {
  clockOf,
  columnsOf,
  endOf,
  messageOfLine,
  partsOf,
  visibleText,
  type LogColumns,
} from './log-text.ts';
import { wordOfLevel } from './log-level.ts';
import { classes } from '../ui/classes.ts';
import styles from './log-rows.module.css';

/** The most of a line that a row holds; the rest of it is in the unfolded line. */
const maxRowCharacters = 2_000;

export const logRow = styles.row;

/** Grid template of a row with these columns. */
export function logTemplate({ service, pod }: LogColumns): string {
  return `96px 60px ${service === '' ? '' : '96px '}${pod === '' ? '' : '72px '}minmax(0, 1fr)`;
}

export function LogHeads({ columns }: { readonly columns: LogColumns }) {
  const names = ['Time', 'Level', headOf(columns.service), headOf(columns.pod), 'Line'];
  return names
    .filter((name) => name !== '')
    .map((name) => (
      <span key={name} role="columnheader">
        {name}
      </span>
    ));
}

function headOf(label: string): string {
  return plainText(label.slice(0, 1).toUpperCase() + label.slice(1), 40).replaceAll('_', ' ');
}

interface LogCellsProps {
  readonly line: LogLine;
  readonly stream: Labels;
  readonly columns: LogColumns;
  /** Lower-case texts to underline in the line. */
  readonly needles: readonly string[];
  readonly role?: 'gridcell' | 'cell';
}

/** The cells of one line: time, level, service, pod, line. Drawn again only for another line or search. */
export const LogCells = memo(function LogCells({
  line,
  stream,
  columns,
  needles,
  role = 'gridcell',
}: LogCellsProps) {
  return (
    <>
      <span role={role} className={styles.time}>
        {clockOf(line)}
      </span>
      <span role={role} className={levelClasses[line.level]}>
        {wordOfLevel[line.level]}
      </span>
      {columns.service === '' ? null : (
        <span role={role} className={styles.service}>
          {plainText(labelOf(stream, columns.service), 100)}
        </span>
      )}
      {columns.pod === '' ? null : (
        <span role={role} className={styles.pod}>
          {endOf(labelOf(stream, columns.pod), 8)}
        </span>
      )}
      <span role={role} className={isQuiet(line) ? quietText : styles.text}>
        {textOf(line, needles)}
      </span>
    </>
  );
});

/** Only the levels that ask for somebody have a colour. */
const levelClasses = Object.fromEntries(
  Object.keys(wordOfLevel).map((level) => [level, classes(styles.level, styles[level])]),
) as Readonly<Record<LogLevel, string>>;
const quietText = classes(styles.text, styles.quiet);

function textOf(line: LogLine, needles: readonly string[]) {
  const message = messageOfLine(line);
  // One text is one text node, which a row that is used again only has to write anew.
  if (needles.length === 0) return visibleText(message, maxRowCharacters);
  const lower = message.toLowerCase();
  // What was looked for must be seen, also where it stands beside the message.
  const isFound = needles.every((needle) => lower.includes(needle));
  const text = visibleText(isFound ? message : line.text, maxRowCharacters);
  return partsOf(text, needles).map((part, index) =>
    part.isMatch ? <mark key={index}>{part.text}</mark> : part.text,
  );
}

function isQuiet({ level }: LogLine): boolean {
  return level === 'info' || level === 'debug' || level === 'trace' || level === 'unknown';
}

interface LogLinesProps {
  readonly answer: LogAnswer;
  /** The most lines to show; of more the worst are kept, then the newest. */
  readonly max?: number;
  readonly onOpen?: (line: LogLine) => void;
}

/** Lines as evidence, without a cursor or a tail: for a pane beside something else. */
export function LogLines({ answer, max = 50, onOpen }: LogLinesProps) {
  const lines = worstOf(answer.lines, max);
  const columns = { ...columnsOf(answer.streams), service: '' };
  const style = { gridTemplateColumns: logTemplate(columns) };
  const left = answer.lines.length - lines.length;
  return (
    <div className={styles.lines} role="table" aria-label="Log lines">
      {lines.map((line, index) => (
        <div key={index} role="row" className={styles.row} style={style} onClick={() => onOpen?.(line)}>
          <LogCells
            line={line}
            stream={answer.streams[line.stream] ?? {}}
            columns={columns}
            needles={noNeedles}
            role="cell"
          />
        </div>
      ))}
      {left === 0 ? null : <p className={styles.more}>{`${left} more, less severe or older`}</p>}
    </div>
  );
}
const noNeedles: readonly string[] = [];

/** Errors before everything else, then the newest; in the order of time. */
function worstOf(lines: readonly LogLine[], max: number): readonly LogLine[] {
  if (lines.length <= max) return lines;
  const indices = lines.map((_line, index) => index);
  const rank = (index: number): number => {
    const line = lines[index];
    return line === undefined || isQuiet(line) ? 1 : 0;
  };
  indices.sort((left, right) => rank(left) - rank(right) || right - left);
  const kept = new Set(indices.slice(0, max));
  return lines.filter((_line, index) => kept.has(index));
}
