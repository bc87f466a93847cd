import { useVirtualizer } from '@tanstack/react-virtual';
import {
  memo,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  type MouseEvent,
  type RefObject,
} from 'react';
import type { Labels } from '#shared/model/labels.ts';
import type { LogLine } from '#shared/model/log.ts';
import { useApp, type App } from '../../app.ts';
import { LogCells, LogHeads, logRow, logTemplate } from '../../parts/log-rows.tsx';
import { columnsOf, type LogColumns } from '../../parts/log-text.ts';
import { classes } from '../../ui/classes.ts';
import { LogDetail } from './log-detail.tsx';
import { holdTail, setCursor, toggleFold } from './logs-actions.ts';
import styles from './log-grid.module.css';
import { RowKeys } from './row-keys.ts';
import { useLogs } from './use-logs.ts';
import { takeFocus } from '../../ui/take-focus.ts';

const rowHeight = 24;
const gridId = 'log-list';
const noLabels: Labels = {};

/** The lines, oldest first, of which only those in sight are in the document; the one under the cursor unfolds. */
export function LogGrid({ needles }: { readonly needles: readonly string[] }) {
  const app = useApp();
  const { lines, streams } = useLogs((state) => state.shown);
  const cursor = useLogs((state) => state.cursor);
  const isOpen = useLogs((state) => state.isOpen);
  const follows = useLogs((state) => state.tail !== null && state.tail.held === null);
  const scroller = useRef<HTMLDivElement>(null);
  const [rowKeys] = useState(() => new RowKeys());
  const columns = useMemo(() => columnsOf(streams), [streams]);
  const template = useMemo(() => ({ gridTemplateColumns: logTemplate(columns) }), [columns]);
  const cursorIndex = useMemo(() => (cursor === null ? -1 : lines.indexOf(cursor)), [lines, cursor]);
  const openIndex = isOpen ? cursorIndex : -1;
  // A line that unfolds is another item: what was measured of the one does not hold for the other.
  const getItemKey = useCallback((index: number) => (index === openIndex ? -1 : index), [openIndex]);
  // oxlint-disable-next-line react/incompatible-library -- React Compiler is not used here
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: rowHeight,
    scrollPaddingStart: 2 * rowHeight,
    scrollPaddingEnd: rowHeight,
    getItemKey,
  });

  useEffect(() => takeFocus(scroller.current), []);
  useEffect(() => {
    if (cursorIndex >= 0) virtualizer.scrollToIndex(cursorIndex, { align: 'auto' });
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, [cursorIndex, openIndex, virtualizer]);
  useHeightChange(scroller, () => {
    // Notes and the volume above come after the lines and take room from them.
    if (cursorIndex >= 0) virtualizer.scrollToIndex(cursorIndex, { align: 'auto' });
  });

  const places = virtualizer.getVirtualItems();
  const keyOffset = rowKeys.offsetFor(places[0]?.index ?? 0, places.at(-1)?.index ?? -1);
  return (
    <div
      ref={scroller}
      id={gridId}
      className={styles.grid}
      role="grid"
      aria-label="Log lines"
      aria-rowcount={lines.length + 1}
      aria-activedescendant={cursorIndex < 0 ? undefined : `${gridId}-row-${cursorIndex}`}
      tabIndex={0}
      onWheel={(event) => {
        if (follows && event.deltaY < 0) holdTail(app);
      }}
    >
      <div className={classes(logRow, styles.head)} role="row" aria-rowindex={1} style={template}>
        <LogHeads columns={columns} />
        <span className={styles.order}>oldest first</span>
      </div>
      <div
        className={styles.body}
        role="rowgroup"
        style={{ height: virtualizer.getTotalSize() }}
        onClick={(event) => setCursor(app, lineAt(app, event))}
        onDoubleClick={(event) => {
          if (lineAt(app, event) !== undefined) toggleFold(app);
        }}
      >
        {places.map((place) => {
          const line = lines[place.index];
          if (line === undefined) return null;
          const stream = streams[line.stream] ?? noLabels;
          const row = {
            line,
            stream,
            columns,
            needles,
            template: template.gridTemplateColumns,
            index: place.index,
            isUnderCursor: place.index === cursorIndex,
          };
          const topPx = place.start - rowHeight;
          if (place.index !== openIndex) {
            return <LogRow key={place.index - keyOffset} {...row} topPx={topPx} />;
          }
          return (
            <div
              key="unfolded"
              ref={virtualizer.measureElement}
              data-index={place.index}
              className={styles.unfolded}
              role="presentation"
              style={{ top: topPx }}
            >
              <LogRow {...row} topPx={null} />
              <LogDetail line={line} stream={stream} needles={needles} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

function useHeightChange(element: RefObject<HTMLElement | null>, onChange: () => void): void {
  const latest = useRef(onChange);
  useEffect(() => {
    latest.current = onChange;
  });
  useEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    let height = current.clientHeight;
    const observer = new ResizeObserver(() => {
      if (current.clientHeight === height) return;
      height = current.clientHeight;
      latest.current();
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
}

interface LogRowProps {
  readonly line: LogLine;
  readonly stream: Labels;
  readonly columns: LogColumns;
  readonly needles: readonly string[];
  readonly template: string;
  readonly index: number;
  readonly isUnderCursor: boolean;
  /** In the list; null where what it stands in has the place. CSS pixels. */
  readonly topPx: number | null;
}

/** One line; as it is drawn very often it has few elements and no handler of its own. */
const LogRow = memo(function LogRow(props: LogRowProps) {
  const { line, stream, columns, needles, template, index, isUnderCursor, topPx } = props;
  return (
    <div
      id={`${gridId}-row-${index}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isUnderCursor}
      className={topPx === null ? logRow : placedRow}
      style={
        topPx === null ? { gridTemplateColumns: template } : { gridTemplateColumns: template, top: topPx }
      }
    >
      <LogCells line={line} stream={stream} columns={columns} needles={needles} />
    </div>
  );
});

const placedRow = classes(logRow, styles.placed);

/** The line of the row that was pointed at; undefined between rows and within an unfolded line. */
function lineAt(app: App, { target }: MouseEvent): LogLine | undefined {
  const row = target instanceof Element ? target.closest('[role="row"][aria-rowindex]') : null;
  const place = Number(row?.getAttribute('aria-rowindex') ?? Number.NaN);
  return app.logs.getState().shown.lines[place - 2];
}
