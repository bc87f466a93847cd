import {
  memo,
  useCallback,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import { classes } from './classes.ts';
import { heightOf, indexAt, offsetsOf, topOf, type RowHeights } from './row-offsets.ts';
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
const headHeight = 24;
/** Rows drawn beyond each edge, and the step in which the window over them moves. */
const beyond = 8;
const step = 4;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** What of the list is in sight, px: kept, for asking the document makes it lay itself out there and then. */
interface Sight {
  top: number;
  /** Until the list is laid out the window's, which is no less. */
  height: number;
  isMeasured: boolean;
}

/** Follows which rows are in sight. */
function useRange(heights: RowHeights) {
  const scroller = useRef<HTMLDivElement>(null);
  const sight = useRef<Sight>({ top: 0, height: window.innerHeight, isMeasured: false });
  const [range, setRange] = useState<Range>(() => rangeOf(heights, 0, window.innerHeight));
  const look = useCallback((): void => {
    const { top, height } = sight.current;
    const { from, to } = rangeOf(heights, top, height);
    setRange((before) => (before.from === from && before.to === to ? before : { from, to }));
  }, [heights]);
  const onScroll = useCallback((): void => {
    sight.current.top = scroller.current?.scrollTop ?? 0;
    look();
  }, [look]);
  useLayoutEffect(look, [look]);
  return { scroller, sight, range, look, onScroll };
}

function rangeOf(heights: RowHeights, top: number, height: number): Range {
  const first = indexAt(heights, top - headHeight);
  const last = indexAt(heights, top + height);
  return {
    from: Math.max(0, Math.floor((first - beyond) / step) * step),
    to: Math.ceil((last + 1 + beyond) / step) * step,
  };
}

export function LongRows<Item>(props: LongRowsProps<Item>) {
  const { id, label, columns, heads, items, keyOf, isHeading, cursor, heightOfItem } = props;
  const heights = useHeights(items, heightOfItem);
  const { scroller, sight, range, look, onScroll } = useRange(heights);
  useEffect(() => takeFocus(scroller.current), [scroller]);
  const follow = useEffectEvent((): void => {
    const element = scroller.current;
    if (element === null || cursor < 0) return;
    if (keepInSight(element, sight.current, topOf(heights, cursor), heightOf(heights, cursor))) look();
  });
  useLayoutEffect(() => {
    follow();
    // After a click on nothing the focus is on the page itself: moving the cursor brings it back.
    if (document.activeElement === document.body) scroller.current?.focus({ preventScroll: true });
  }, [cursor, scroller]);
  const measure = useEffectEvent((element: HTMLElement): void => {
    const { isMeasured } = sight.current;
    sight.current = { top: element.scrollTop, height: element.clientHeight, isMeasured: true };
    look();
    // The cursor was brought into the sight of a list as high as the window.
    if (!isMeasured) follow();
  });
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => measure(element));
    observer.observe(element);
    return () => observer.disconnect();
  }, [scroller]);
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
        {items.slice(range.from, range.to).map((item, place) => {
          const index = range.from + place;
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
  const [kept, setKept] = useState(() => ({ items, heightOfItem, heights: measured(items, heightOfItem) }));
  const isKept =
    kept.heightOfItem === heightOfItem &&
    (heightOfItem === undefined ? kept.items.length === items.length : kept.items === items);
  if (isKept) return kept.heights;
  const heights = measured(items, heightOfItem);
  setKept({ items, heightOfItem, heights });
  return heights;
}

function measured<Item>(
  items: readonly Item[],
  heightOfItem: ((item: Item) => number) | undefined,
): RowHeights {
  return heightOfItem === undefined
    ? { height: usualHeight, count: items.length, offsets: null }
    : { height: usualHeight, count: items.length, offsets: offsetsOf(items, heightOfItem) };
}

/**
 * @param top of the row, from the first one's.
 * @returns whether the list was moved.
 */
function keepInSight(scroller: HTMLElement, sight: Sight, top: number, height: number): boolean {
  // The heading over a row that is come to from below is shown with it.
  const above = Math.max(0, top - usualHeight);
  const bottom = headHeight + top + height;
  const wanted = above < sight.top ? above : bottom > sight.top + sight.height ? bottom - sight.height : null;
  if (wanted === null) return false;
  scroller.scrollTop = wanted;
  sight.top = wanted;
  return true;
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
