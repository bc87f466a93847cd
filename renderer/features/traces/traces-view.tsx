import { useMemo } from 'react';
import { millisecondsOf } from '#shared/model/log.ts';
import type { TraceList, TraceSummary } from '#shared/model/trace.ts';
import { plainText } from '#shared/text.ts';
import { formatClock, formatDateTime } from '#shared/time.ts';
import { useApp } from '../../app.ts';
import { serviceColour } from '../../parts/service-colour.ts';
import { TraceFailure, TraceNote, TraceUnknown } from '../../parts/trace-note.tsx';
import { DurationBar, longestOf, nameOf, TraceStatus } from '../../parts/trace-rows.tsx';
import { ViewHeader } from '../../parts/view-header.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyChip } from '../../ui/key-chip.tsx';
import { RowGrid, type GridItem } from '../../ui/row-grid.tsx';
import { DependenciesPane } from './dependencies-pane.tsx';
import { fileInputId, openTraceFiles } from './open-file.ts';
import { Scatter } from './scatter.tsx';
import { SearchLine } from './search-line.tsx';
import { openListed, tracesActions } from './traces-commands.ts';
import { listedTraces, traceUnderCursor } from './traces-list.ts';
import styles from './traces.module.css';
import { useFileDrop } from './use-file-drop.ts';
import { useIsOld, useNames, useSearch } from './use-search.ts';
import { useTraces } from './use-traces.ts';

const columns = '72px minmax(0, 0.7fr) minmax(0, 1.4fr) 56px 56px minmax(0, 1fr) 208px';
const heads = [
  { name: 'Began' },
  { name: 'Service' },
  { name: 'Operation' },
  { name: 'Spans', end: true },
  { name: 'Errors' },
  { name: 'Services' },
  { name: 'Duration', end: true },
] as const;

/** Traces found by a search, those of a file, or which service calls which. */
export function TracesView() {
  const app = useApp();
  useSearch();
  useNames();
  const shows = useTraces((state) => state.shows);
  const search = useTraces((state) => state.search);
  const dependencies = useTraces((state) => state.dependencies);
  const sort = useTraces((state) => state.sort);
  const file = useTraces((state) => state.file);
  const asked = shows === 'dependencies' ? dependencies : search;
  const { isOver, handlers } = useFileDrop((files) => openTraceFiles(app, files));
  return (
    <div className={styles.view} {...handlers}>
      <ViewHeader title="Traces">
        <p className={styles.counts}>
          {shows === 'file' && file !== null
            ? `${file.traces.length} of ${file.name}`
            : shows === 'search' && search.answer !== null && search.answer.origin.kind !== 'unknown'
              ? countsOf(search.answer)
              : ''}
        </p>
        {shows === 'file' ? null : (
          <TraceNote
            origin={asked.answer?.origin ?? null}
            failure={asked.failure}
            askedAtMs={asked.askedAtMs}
          />
        )}
        <span className={styles.room} />
        <Button chord="o" onClick={() => tracesActions['traces.sort'].run(app)}>
          {sort === 'newest' ? 'Newest first' : 'Longest first'}
        </Button>
        <Button chord="D" onClick={() => tracesActions['traces.dependencies'].run(app)}>
          {shows === 'dependencies' ? 'Traces' : 'Dependencies'}
        </Button>
        <Button chord="O" onClick={() => tracesActions['traces.open-file'].run(app)}>
          Open a file
        </Button>
        <input
          id={fileInputId}
          type="file"
          hidden
          aria-label="Trace file"
          accept=".json,.jsonl,.txt,application/json"
          onChange={(event) => {
            openTraceFiles(app, [...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </ViewHeader>
      <SearchLine />
      {shows === 'dependencies' ? <DependenciesPane /> : <FoundTraces />}
      {isOver ? <p className={styles.dropping}>Drop the file to open its traces in this window.</p> : null}
    </div>
  );
}

function countsOf({ traces, isMore, search }: TraceList): string {
  const errors = traces.filter(({ errorCount }) => errorCount > 0).length;
  const more = isMore ? `, as many as the limit of ${search.limit}` : '';
  return `${traces.length} found, ${errors} with errors${more}`;
}

function FoundTraces() {
  const app = useApp();
  const { answer, failure } = useTraces((state) => state.search);
  const shows = useTraces((state) => state.shows);
  const file = useTraces((state) => state.file);
  const sort = useTraces((state) => state.sort);
  const chosen = useTraces((state) => state.cursor);
  const service = useTraces((state) => state.service);
  const listed = useMemo(
    () => listedTraces({ ...app.traces.getState(), shows, file, sort }),
    // oxlint-disable-next-line react/exhaustive-deps -- what the store lists follows from these
    [app, shows, file, sort, answer],
  );
  const items = useMemo(() => itemsOf(listed), [listed]);
  const cursor = traceUnderCursor(listed, chosen)?.traceId ?? null;
  const isOld = useIsOld();
  if (shows === 'search' && answer === null && failure !== null) {
    return <TraceFailure what="The search failed" failure={failure} />;
  }
  if (shows === 'search' && answer?.origin.kind === 'unknown') {
    return <TraceUnknown what="Not known which traces there were" reason={answer.origin.reason} />;
  }
  if (listed.length === 0) return <NothingFound service={service} answer={answer} />;
  // Of a list that the limit cut nothing is known before its first trace.
  const isWhole = shows === 'search' && answer !== null && !answer.isMore;
  const range = isWhole ? answer.search : spanOf(listed);
  return (
    <div className={styles.found}>
      <Warnings warnings={shows === 'search' ? (answer?.warnings ?? []) : []} isOld={isOld} />
      <Scatter
        traces={listed}
        fromMs={range.fromMs}
        toMs={range.toMs}
        cursor={cursor}
        onCursor={(traceId) => app.traces.setState({ cursor: traceId })}
      />
      <RowGrid
        id="trace-list"
        label="Traces"
        columns={columns}
        heads={heads}
        items={items}
        cursor={cursor}
        onCursor={(traceId) => app.traces.setState({ cursor: traceId })}
        onOpen={(traceId) =>
          openListed(app, traceId, listed.find((one) => one.traceId === traceId)?.source ?? '')
        }
      />
    </div>
  );
}

/** When the traces of a file were, with some room. */
function spanOf(traces: readonly TraceSummary[]): { readonly fromMs: number; readonly toMs: number } {
  const starts = traces.map(({ startNs }) => millisecondsOf(startNs));
  const fromMs = starts.reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY);
  const toMs = starts.reduce((most, one) => Math.max(most, one), 0);
  return { fromMs: fromMs - 1_000, toMs: toMs + 1_000 };
}

interface WarningsProps {
  readonly warnings: readonly string[];
  readonly isOld: boolean;
}

function Warnings({ warnings, isOld }: WarningsProps) {
  if (warnings.length === 0 && !isOld) return null;
  return (
    <p className={styles.warnings}>
      {plainText(warnings[0] ?? '', 300)}
      {warnings.length > 1 ? ` and ${warnings.length - 1} more warnings` : ''}
      {isOld ? ' The source answers again: search to see what it has now.' : ''}
    </p>
  );
}

interface NothingFoundProps {
  readonly service: string;
  readonly answer: TraceList | null;
}

function NothingFound({ service, answer }: NothingFoundProps) {
  const askedAtMs = useTraces((state) => state.search.askedAtMs);
  const name = plainText(service, 80);
  if (askedAtMs !== null && answer === null) {
    return <p className={styles.message}>Searching the traces of {name}.</p>;
  }
  if (answer === null) {
    return (
      <p className={styles.message}>
        Name a service to search its traces: <KeyChip chord="/" /> writes the search
        {name === '' ? '' : ', '}
        {name === '' ? null : <KeyChip chord="Enter" />}
        {name === '' ? '.' : ` searches ${name} at once.`}
      </p>
    );
  }
  const { fromMs, toMs } = answer.search;
  return (
    <p className={styles.message}>
      No trace of {plainText(answer.search.service, 80)} matches from {formatDateTime(fromMs)} to{' '}
      {formatClock(toMs)}. <KeyChip chord="/" /> changes the search.
    </p>
  );
}

function itemsOf(traces: readonly TraceSummary[]): readonly GridItem[] {
  const longestNs = longestOf(traces);
  return traces.map((trace) => ({
    key: trace.traceId,
    heading: false,
    cells: <TraceCells trace={trace} longestNs={longestNs} />,
  }));
}

function TraceCells({ trace, longestNs }: { readonly trace: TraceSummary; readonly longestNs: number }) {
  const beganMs = millisecondsOf(trace.startNs);
  return (
    <>
      <span role="gridcell" className="mono" title={formatDateTime(beganMs)}>
        {formatClock(beganMs)}
      </span>
      <span role="gridcell" className="mono">
        {plainText(trace.rootService, 80)}
      </span>
      <span role="gridcell" className={styles.operation}>
        {nameOf(trace)}
        {trace.orphanCount > 0 ? (
          <span className={styles.faint}> {trace.orphanCount} without their parent</span>
        ) : null}
      </span>
      <span role="gridcell" className={styles.number}>
        {trace.spanCount}
      </span>
      <span role="gridcell" className={styles.afterNumber}>
        <TraceStatus trace={trace} />
      </span>
      <span role="gridcell">
        <ServiceTicks services={trace.services.map(({ name }) => name)} />
      </span>
      <span role="gridcell">
        <DurationBar trace={trace} longestNs={longestNs} />
      </span>
    </>
  );
}

const maxTicks = 4;

function ServiceTicks({ services }: { readonly services: readonly string[] }) {
  const others = services.length - maxTicks;
  return (
    <span className={styles.ticks}>
      {services.slice(0, maxTicks).map((service) => (
        <span key={service} className={styles.tick} style={{ borderColor: serviceColour(service) }}>
          {plainText(service, 40)}
        </span>
      ))}
      {others > 0 ? <span>+{others}</span> : null}
    </span>
  );
}
