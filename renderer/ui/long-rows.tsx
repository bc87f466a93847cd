import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { classes } from './classes.ts';
import { heightOf, offsetsOf, topOf, type RowHeights } from './row-offsets.ts';
import { firstSight, measured, scrolled, sightOver } from './row-sight.ts';
import styles from './row-grid.module.css';
import { takeFocus } from './take-focus.ts';

/**
 * A list of rows with a cursor and column heads, of any length: only what is in sight is in the document,
 * and a row is drawn anew only when it is another or the cursor comes to it or leaves it. The keys are the
 * dispatcher's business; this scrolls the cursor into sight, keeps the focus, and answers the mouse.
 */

export interface GridHead {
  readonly name: string;
  readonly end?: boolean;
}

interface LongRowsProps<Item> {
  readonly id: string;
  readonly label: string;
  /** Grid template of the columns. */
  readonly columns: string;
  readonly heads: readonly GridHead[];
  /** The same object for a row that has not changed. */
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  /** A heading between rows, which cannot be chosen. */
  readonly isHeading: (item: Item) => boolean;
  /** Cells of a row; the same function for as long as they look the same. */
  readonly render: (item: Item) => ReactNode;
  /** Index of the row under the cursor; -1 for none. */
  readonly cursor: number;
  readonly onCursor: (item: Item) => void;
  readonly onOpen: (item: Item) => void;
  /** Without it all are of the usual height. */
  readonly heightOfItem?: ((item: Item) => number) | undefined;
}

const usualHeight = 28;

/** Follows which rows are in sight: reckoned while drawing, so that no other rows are drawn first. */
function useSight(heights: RowHeights, cursor: number) {
  const scroller = useRef<HTMLDivElement>(null);
  const [kept, setKept] = useState(() => firstSight(heights, cursor, window.innerHeight));
  const sight = sightOver(kept, heights, cursor);
  if (sight !== kept) setKept(sight);
  const scrolledTo = useRef(0);
  const { top } = sight;
  useLayoutEffect(() => {
    const { current } = scroller;
    if (current === null || scrolledTo.current === top) return;
    current.scrollTop = top;
    scrolledTo.current = current.scrollTop;
    // At an end of the list, or between two pixels.
    if (current.scrollTop !== top) setKept((before) => scrolled(before, current.scrollTop));
  }, [top]);
  const onScroll = useCallback((): void => {
    const { current } = scroller;
    if (current === null) return;
    scrolledTo.current = current.scrollTop;
    setKept((before) => scrolled(before, current.scrollTop));
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => {
      const { scrollTop, clientHeight } = element;
      scrolledTo.current = scrollTop;
      setKept((before) => measured(before, scrollTop, clientHeight));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { scroller, sight, onScroll };
}

export function LongRows<Item>(props: LongRowsProps<Item>) {
  const { id, label, columns, heads, items, keyOf, isHeading, cursor, heightOfItem } = props;
  const heights = useHeights(items, heightOfItem);
  const { scroller, sight, onScroll } = useSight(heights, cursor);
  useEffect(() => takeFocus(scroller.current), [scroller]);
  useLayoutEffect(() => {
    // After a click on nothing the focus is on the page itself: moving the cursor brings it back.
    if (cursor >= 0 && document.activeElement === document.body)
      scroller.current?.focus({ preventScroll: true });
  }, [cursor, scroller]);
  const chosen = items[cursor];
  return (
    <div
      ref={scroller}
      id={id}
      className={styles.grid}
      role="grid"
      aria-label={label}
      aria-rowcount={items.length + 1}
      aria-activedescendant={chosen === undefined ? undefined : `${id}-row-${keyOf(chosen)}`}
      tabIndex={0}
      onScroll={onScroll}
    >
      <div className={styles.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: columns }}>
        {heads.map((head) => (
          <span key={head.name} role="columnheader" className={classes(head.end === true && styles.end)}>
            {head.name}
          </span>
        ))}
      </div>
      <div className={styles.body} role="rowgroup" style={{ height: topOf(heights, items.length) }}>
        {items.slice(sight.from, sight.to).map((item, place) => {
          const index = sight.from + place;
          return (
            <GridRow
              key={keyOf(item)}
              grid={id}
              item={item}
              index={index}
              top={topOf(heights, index)}
              height={heightOf(heights, index)}
              columns={columns}
              isChosen={index === cursor}
              keyOf={keyOf as (item: unknown) => string}
              isHeading={isHeading as (item: unknown) => boolean}
              render={props.render as (item: unknown) => ReactNode}
              onCursor={props.onCursor as (item: unknown) => void}
              onOpen={props.onOpen as (item: unknown) => void}
            />
          );
        })}
      </div>
    </div>
  );
}

function useHeights<Item>(
  items: readonly Item[],
  heightOfItem: ((item: Item) => number) | undefined,
): RowHeights {
  const [kept, setKept] = useState(() => ({ items, heightOfItem, heights: heightsOf(items, heightOfItem) }));
  const isKept =
    kept.heightOfItem === heightOfItem &&
    (heightOfItem === undefined ? kept.items.length === items.length : kept.items === items);
  if (isKept) return kept.heights;
  const heights = heightsOf(items, heightOfItem);
  setKept({ items, heightOfItem, heights });
  return heights;
}

function heightsOf<Item>(
  items: readonly Item[],
  heightOfItem: ((item: Item) => number) | undefined,
): RowHeights {
  return heightOfItem === undefined
    ? { height: usualHeight, count: items.length, offsets: null }
    : { height: usualHeight, count: items.length, offsets: offsetsOf(items, heightOfItem) };
}

interface GridRowProps {
  readonly grid: string;
  readonly item: unknown;
  readonly index: number;
  readonly top: number;
  readonly height: number;
  readonly columns: string;
  readonly isChosen: boolean;
  readonly keyOf: (item: unknown) => string;
  readonly isHeading: (item: unknown) => boolean;
  readonly render: (item: unknown) => ReactNode;
  readonly onCursor: (item: unknown) => void;
  readonly onOpen: (item: unknown) => void;
}

const GridRow = memo(function GridRow(props: GridRowProps) {
  const { grid, item, index, top, height, columns, isChosen } = props;
  const style = { transform: `translateY(${top}px)`, height, gridTemplateColumns: columns };
  if (props.isHeading(item)) {
    return (
      <div role="row" aria-rowindex={index + 2} className={styles.section} style={style}>
        {props.render(item)}
      </div>
    );
  }
  return (
    // The keyboard moves the cursor through the dispatcher; the grid itself holds the focus.
    <div
      id={`${grid}-row-${props.keyOf(item)}`}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isChosen}
      className={styles.row}
      style={style}
      onClick={() => props.onCursor(item)}
      onDoubleClick={() => props.onOpen(item)}
    >
      {props.render(item)}
    </div>
  );
});
