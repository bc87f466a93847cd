import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useApp } from '../../app.ts';
import { LogCells, LogHeads, logTemplate } from '../../parts/log-rows.tsx';
import { columnsOf } from '../../parts/log-text.ts';
import { LogDetail } from './log-detail.tsx';
import { holdTail, setCursor, toggleFold } from './logs-actions.ts';
import styles from './log-grid.module.css';
import { useLogs } from './use-logs.ts';

const rowHeight = 24;
const gridId = 'log-list';

/** The lines, oldest first, of which only those in sight are in the document; the one under the cursor unfolds. */
export function LogGrid({ needles }: { readonly needles: readonly string[] }) {
  const app = useApp();
  const { lines, streams } = useLogs((state) => state.shown);
  const cursor = useLogs((state) => state.cursor);
  const isOpen = useLogs((state) => state.isOpen);
  const follows = useLogs((state) => state.tail !== null && state.tail.held === null);
  const scroller = useRef<HTMLDivElement>(null);
  const columns = useMemo(() => columnsOf(streams), [streams]);
  const cursorIndex = useMemo(() => (cursor === null ? -1 : lines.indexOf(cursor)), [lines, cursor]);
  const openIndex = isOpen ? cursorIndex : -1;
  // A line that unfolds is another item: what was measured of the one does not hold for the other.
  const getItemKey = useCallback((index: number) => (index === openIndex ? -1 : index), [openIndex]);
  // oxlint-disable-next-line react/incompatible-library -- React Compiler is not used here
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 16,
    scrollMargin: rowHeight,
    scrollPaddingStart: 2 * rowHeight,
    scrollPaddingEnd: rowHeight,
    getItemKey,
  });

  useEffect(() => scroller.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    if (cursorIndex >= 0) virtualizer.scrollToIndex(cursorIndex, { align: 'auto' });
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, [cursorIndex, openIndex, virtualizer]);

  const template = logTemplate(columns);
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
      <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
        <LogHeads columns={columns} />
        <span className={styles.order}>oldest first</span>
      </div>
      <div className={styles.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((place) => {
          const line = lines[place.index];
          if (line === undefined) return null;
          const stream = streams[line.stream] ?? {};
          const unfolded = place.index === openIndex;
          return (
            <div
              key={place.key}
              ref={unfolded ? virtualizer.measureElement : undefined}
              data-index={place.index}
              className={styles.item}
              role="presentation"
              style={{ transform: `translateY(${place.start - rowHeight}px)` }}
            >
              <div
                id={`${gridId}-row-${place.index}`}
                role="row"
                aria-rowindex={place.index + 2}
                aria-selected={place.index === cursorIndex}
                className={styles.row}
                style={{ gridTemplateColumns: template }}
                onClick={() => setCursor(app, line)}
                onDoubleClick={() => toggleFold(app)}
              >
                <LogCells line={line} stream={stream} columns={columns} needles={needles} />
              </div>
              {unfolded ? <LogDetail line={line} stream={stream} needles={needles} /> : null}
            </div>
          );
        })}
      </div>
    </div>
  );
}
