import type { ReactNode } from 'react';
import { LongRows, type GridHead } from './long-rows.tsx';

/** A list of rows of one height whose cells are made beforehand: for lists that are never long. */

export type { GridHead } from './long-rows.tsx';

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

const keyOf = ({ key }: GridItem): string => key;
const isHeading = ({ heading }: GridItem): boolean => heading;
const cellsOf = ({ cells }: GridItem): ReactNode => cells;

export function RowGrid({ items, cursor, onCursor, onOpen, ...rest }: RowGridProps) {
  return (
    <LongRows
      {...rest}
      items={items}
      keyOf={keyOf}
      isHeading={isHeading}
      render={cellsOf}
      cursor={items.findIndex((item) => item.key === cursor)}
      onCursor={(item) => onCursor(item.key)}
      onOpen={(item) => onOpen(item.key)}
    />
  );
}
