import { useMemo } from 'react';
import { readLogQuery } from '#shared/logql/read-query.ts';
import { useApp } from '../../app.ts';
import { ViewHeader } from '../../parts/view-header.tsx';
import { Button } from '../../ui/button.tsx';
import { LogFacets } from './log-facets.tsx';
import { LogGrid } from './log-grid.tsx';
import { LogNotes, NoLines } from './log-notes.tsx';
import { LogPane } from './log-pane.tsx';
import { LogVolumePlot } from './log-volume.tsx';
import { toggleTail } from './logs-actions.ts';
import styles from './logs.module.css';
import { togglePane } from './pane-actions.ts';
import { QueryInput } from './query-input.tsx';
import { SearchBar } from './search-bar.tsx';
import { TailBar } from './tail-bar.tsx';
import { useEscape, useLogFeed, useLogs } from './use-logs.ts';

/** Log lines over the one time range: asked for, narrowed, read, followed. */
export function LogsView() {
  const app = useApp();
  useLogFeed();
  useEscape();
  const query = useLogs((state) => state.query);
  const search = useLogs((state) => state.search);
  const isEmpty = useLogs((state) => state.shown.lines.length === 0);
  const paneKind = useLogs((state) => state.pane?.kind ?? null);
  const isTailing = useLogs((state) => state.tail !== null);
  const rate = useLogs((state) => state.tail?.tail?.linesPerSecond ?? null);
  const needles = useMemo(() => needlesOf(query, search), [query, search]);
  return (
    <div className={styles.view}>
      <ViewHeader title="Logs">
        <QueryInput />
        <SearchBar />
        <Button chord="P" aria-pressed={paneKind === 'patterns'} onClick={() => togglePane(app, 'patterns')}>
          Patterns
        </Button>
        <Button chord="D" aria-pressed={paneKind === 'fields'} onClick={() => togglePane(app, 'fields')}>
          Fields
        </Button>
        <Button chord="T" aria-pressed={isTailing} onClick={() => toggleTail(app)}>
          {isTailing ? 'End tail' : 'Tail'}
          {rate === null ? null : <span className={styles.rate}>{`${Math.round(rate)}/s`}</span>}
        </Button>
      </ViewHeader>
      <div className={styles.panes}>
        <LogFacets />
        <div className={styles.main}>
          <LogVolumePlot />
          <div>
            <LogNotes />
          </div>
          <div className={styles.lines}>
            {paneKind !== null ? <LogPane /> : isEmpty ? <NoLines /> : <LogGrid needles={needles} />}
          </div>
          <TailBar />
        </div>
      </div>
    </div>
  );
}

/** What to underline: the search, else what the query itself looks for in lines. */
function needlesOf(query: string, search: string): readonly string[] {
  if (search !== '') return [search.toLowerCase()];
  const parts = readLogQuery(query);
  if (!parts.ok) return [];
  return parts.value.filters
    .filter(({ operator }) => operator === '|=')
    .flatMap(({ values }) => values.map((value) => value.toLowerCase()));
}
