import { useEffect, useState } from 'react';
import { readLogQuery } from '#shared/logql/read-query.ts';
import { useApp, useSession } from '../../app.ts';
import { askSize, type LogSize } from '../../bridge/log-feed.ts';
import { briefBytes, briefCount } from './brief-count.ts';
import styles from './query-input.module.css';
import { rangeNow } from './range-now.ts';
import { useLogs } from './use-logs.ts';

/** A pause in writing after which it is worth asking, milliseconds. */
const pauseMs = 300;

/** What the query would touch by the server's index, while it is written and before it is asked. */
export function QuerySize({ query }: { readonly query: string }) {
  const read = readLogQuery(query);
  const selector = read.ok && read.value.selector.length > 0 ? read.value.selectorText : '';
  const size = useSize(selector);
  if (size === null) return null;
  // The index knows what is flushed: none of it is no promise that there is nothing.
  if (size.streams === 0) {
    return (
      <span className={styles.size} title="The newest lines are not in the index yet">
        none in the index
      </span>
    );
  }
  const streams = `${briefCount(size.streams)} ${size.streams === 1 ? 'stream' : 'streams'}`;
  return (
    <span
      className={styles.size}
      title={`By the server’s index: ${size.entries} lines in ${size.chunks} chunks; the newest are not in it yet`}
    >
      {`${streams}, ${briefBytes(size.bytes)}`}
    </span>
  );
}

/** @param selector empty for nothing to ask. @returns null until somebody answered, and where nobody does. */
function useSize(selector: string): LogSize | null {
  const app = useApp();
  const choice = useSession((state) => state.timeChoice);
  const source = useLogs((state) => state.source);
  const turn = useLogs((state) => state.turn);
  const [found, setFound] = useState<{ readonly selector: string; readonly size: LogSize | null } | null>(
    null,
  );
  useEffect(() => {
    if (selector === '') return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      void askSize(app, rangeNow(app), selector, controller.signal).then((size) => {
        if (!controller.signal.aborted) setFound({ selector, size });
      });
    }, pauseMs);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- each of them is a new question
  }, [app, selector, choice, source, turn]);
  return found !== null && found.selector === selector ? found.size : null;
}
