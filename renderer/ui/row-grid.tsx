import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type ReactNode } from 'react';
import { classes } from './classes.ts';
import styles from './row-grid.module.css';
import { takeFocus } from './take-focus.ts';

/**
 * A list of rows of one height with a cursor and column heads, of any length: only what is in sight is
 * in the document. The keys are the dispatcher's business; this scrolls the cursor into sight, keeps the
 * focus, and answers the mouse.
 */

export interface GridHead {
  readonly name: string;
  readonly end?: boolean;
}

export interface GridItem {
  readonly key: string;
  /** A heading between rows: the cursor skips it. */
  readonly heading: boolean;
  /** What the row is called by a screen reader before its cells. */
  readonly cells: ReactNode;
}

interface RowGridProps {
  readonly id: string;
  readonly label: string;
  /** Grid template of the columns. */
  readonly columns: string;
  readonly heads: readonly GridHead[];
  readonly items: readonly GridItem[];
  readonly cursor: string | null;
  readonly onCursor: (key: string) => void;
  readonly onOpen: (key: string) => void;
}

const rowHeight = 28;
const headHeight = 24;

export function RowGrid({ id, label, columns, heads, items, cursor, onCursor, onOpen }: RowGridProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const cursorIndex = items.findIndex((item) => item.key === cursor);
  // oxlint-disable-next-line react/incompatible-library -- React Compiler is not used here
  const virtualizer = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight + rowHeight,
    getItemKey: (index) => items[index]?.key ?? index,
  });

  useEffect(() => takeFocus(scroller.current), []);
  useEffect(() => {
    if (cursorIndex >= 0) virtualizer.scrollToIndex(cursorIndex, { align: 'auto' });
    // After a click on nothing the focus is on the page itself: moving the cursor brings it back.
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, [cursorIndex, virtualizer]);

  return (
    <div
      ref={scroller}
      id={id}
      className={styles.grid}
      role="grid"
      aria-label={label}
      aria-rowcount={items.length + 1}
      aria-activedescendant={cursorIndex < 0 ? undefined : rowId(id, cursor)}
      tabIndex={0}
    >
      <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: columns }}>
        {heads.map((head) => (
          <span key={head.name} role="columnheader" className={classes(head.end === true && styles.end)}>
            {head.name}
          </span>
        ))}
      </div>
      <div className={styles.body} role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map((place) => {
          const item = items[place.index];
          if (item === undefined) return null;
          const style = {
            transform: `translateY(${place.start - headHeight}px)`,
            gridTemplateColumns: columns,
          };
          return item.heading ? (
            <div
              key={item.key}
              role="row"
              aria-rowindex={place.index + 2}
              className={styles.section}
              style={style}
            >
              {item.cells}
            </div>
          ) : (
            // The keyboard moves the cursor through the dispatcher; the grid itself holds the focus.
            <div
              key={item.key}
              id={rowId(id, item.key)}
              role="row"
              aria-rowindex={place.index + 2}
              aria-selected={item.key === cursor}
              className={styles.row}
              style={style}
              onClick={() => onCursor(item.key)}
              onDoubleClick={() => onOpen(item.key)}
            >
              {item.cells}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function rowId(gridId: string, key: string | null): string {
  return `${gridId}-row-${key ?? ''}`;
}
