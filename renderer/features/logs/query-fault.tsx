import type { QueryPlace } from '#shared/logql/repair.ts';
import styles from './query-input.module.css';

interface QueryFaultProps {
  readonly query: string;
  readonly place: QueryPlace;
  /** How far the input is scrolled, CSS pixels. */
  readonly scrolled: number;
}

/** Underlines where the query stops being LogQL: the input's text once more over it, itself unseen. */
export function QueryFault({ query, place: { from, to }, scrolled }: QueryFaultProps) {
  return (
    <span className={styles.fault} aria-hidden="true">
      <span style={{ transform: `translateX(${-scrolled}px)` }}>
        {query.slice(0, from)}
        <u>{to > from ? query.slice(from, to) : '  '}</u>
      </span>
    </span>
  );
}
