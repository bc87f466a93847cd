import type { ReactNode } from 'react';
import type { LogFields, LogPatterns } from '#shared/model/log.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { useApp } from '../../app.ts';
import { CachedNote, hatching, UnknownNote } from '../../parts/cached-note.tsx';
import { visibleText } from '../../parts/log-text.ts';
import type { LogPane as Pane } from '../../stores/logs.ts';
import { classes } from '../../ui/classes.ts';
import { KeyChip } from '../../ui/key-chip.tsx';
import { RowGrid, type GridHead } from '../../ui/row-grid.tsx';
import { briefCount } from './brief-count.ts';
import styles from './log-pane.module.css';
import { maxPaneRows, moveToPaneRow, narrowToRow, rowsOfPane } from './pane-actions.ts';
import { Sparkline } from './sparkline.tsx';
import { useLogs } from './use-logs.ts';

const wordsOf = {
  patterns: {
    title: 'Patterns',
    asking: 'Asking for the patterns.',
    none: 'The source has found no pattern in this range: Loki keeps those of the last hours only.',
    columns: '136px 64px minmax(0, 1fr) auto',
    heads: [{ name: 'Over time' }, { name: 'Lines', end: true }, { name: 'Pattern' }],
  },
  fields: {
    title: 'Fields',
    asking: 'Asking for the fields.',
    none: 'The source has found no field in these lines.',
    columns: 'minmax(160px, 400px) 72px 80px minmax(0, 1fr)',
    heads: [{ name: 'Field' }, { name: 'Type' }, { name: 'Values', end: true }, { name: 'Found by' }],
  },
} as const satisfies Record<
  Pane['kind'],
  { readonly heads: readonly GridHead[]; readonly [word: string]: unknown }
>;

/** In place of the lines: what they are like, and the keys that keep or leave out what is under the cursor. */
export function LogPane() {
  const pane = useLogs((state) => state.pane);
  if (pane === null) return null;
  const { title } = wordsOf[pane.kind];
  const left = lengthOf(pane) - rowsOfPane(pane);
  const origin = pane.answer?.origin;
  return (
    <section className={styles.pane} aria-label={title}>
      <header className={classes(styles.head, origin?.kind === 'cache' && hatching.head)}>
        <h2>{title}</h2>
        {origin?.kind === 'cache' ? <CachedNote atMs={origin.atMs} cause={origin.reason} /> : null}
        {left > 0 ? <span>{`${left} more are left out`}</span> : null}
        <span className={styles.keys}>
          {rowsOfPane(pane) === 0 ? null : (
            <>
              <KeyChip chord="f" /> only these <KeyChip chord="F" /> none of these
            </>
          )}
          <KeyChip chord="Escape" /> lines
        </span>
      </header>
      {pane.failure === null ? null : (
        <p className={styles.message} role="alert">
          {plainText(pane.failure.message, 400)} {plainText(pane.failure.nextStep, 400)}
        </p>
      )}
      <PaneRows pane={pane} />
    </section>
  );
}

function PaneRows({ pane }: { readonly pane: Pane }) {
  const app = useApp();
  const query = useLogs((state) => state.query);
  const { asking, none, title, columns, heads } = wordsOf[pane.kind];
  if (query === '') return <p className={styles.message}>There is no query to ask about.</p>;
  if (pane.answer === null) {
    return pane.failure === null ? <p className={styles.message}>{asking}</p> : null;
  }
  if (pane.answer.origin.kind === 'unknown') return <UnknownNote reason={pane.answer.origin.reason} />;
  const rows = cellsOf(pane);
  if (rows.length === 0) return <p className={styles.message}>{none}</p>;
  return (
    <div className={styles.rows}>
      <RowGrid
        id="log-pane"
        label={title}
        columns={columns}
        heads={heads}
        items={rows.map((cells, index) => ({ key: String(index), heading: false, cells }))}
        cursor={String(pane.row)}
        onCursor={(key) => moveToPaneRow(app, Number(key))}
        onOpen={() => narrowToRow(app, '=')}
      />
    </div>
  );
}

function lengthOf({ kind, answer }: Pane): number {
  if (answer === null) return 0;
  return kind === 'patterns' && 'patterns' in answer
    ? answer.patterns.length
    : 'fields' in answer
      ? answer.fields.length
      : 0;
}

function cellsOf(pane: Pane): readonly ReactNode[] {
  if (pane.answer === null) return [];
  return pane.kind === 'patterns'
    ? pane.answer.patterns
        .slice(0, maxPaneRows)
        .map((row, index) => <PatternCells key={index} row={row} pane={pane} />)
    : pane.answer.fields.slice(0, maxPaneRows).map((row, index) => <FieldCells key={index} row={row} />);
}

function PatternCells({ row, pane }: { readonly row: LogPatterns['patterns'][number]; readonly pane: Pane }) {
  const { fromMs, toMs } = pane;
  return (
    <>
      <span role="gridcell">
        {row.samples === undefined ? null : (
          <Sparkline
            {...row.samples}
            fromMs={fromMs}
            toMs={toMs}
            label={`${row.count} lines from ${formatClock(fromMs)} to ${formatClock(toMs)}`}
          />
        )}
      </span>
      <span role="gridcell" className={styles.number}>
        {briefCount(row.count)}
      </span>
      <span role="gridcell" className={styles.text} title={plainText(row.pattern, 1_000)}>
        {visibleText(row.pattern, 1_000)}
      </span>
    </>
  );
}

function FieldCells({ row }: { readonly row: LogFields['fields'][number] }) {
  return (
    <>
      <span role="gridcell" className={styles.text}>
        {plainText(row.name, 200)}
      </span>
      <span role="gridcell">{plainText(row.type, 20)}</span>
      <span role="gridcell" className={styles.number}>
        {briefCount(row.cardinality)}
      </span>
      <span role="gridcell" className={styles.after}>
        {row.parsers.length === 0 ? 'structured metadata' : plainText(row.parsers.join(', '), 60)}
      </span>
    </>
  );
}
