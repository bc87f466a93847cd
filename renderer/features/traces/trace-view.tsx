import { useEffect, useMemo } from 'react';
import { outlineOf } from '#shared/traces/outline.ts';
import { useApp, useLive } from '../../app.ts';
import { requestTrace, showHeldTrace } from '../../bridge/trace-feed.ts';
import { TraceFailure, TraceUnknown } from '../../parts/trace-note.tsx';
import { classes } from '../../ui/classes.ts';
import type { TraceFile } from '../../stores/traces.ts';
import { SpanPane } from './span-pane.tsx';
import { TraceFacts, TraceHead } from './trace-head.tsx';
import styles from './trace.module.css';
import { askableCore } from './trace-sources.ts';
import { useTraces } from './use-traces.ts';
import { Waterfall } from './waterfall.tsx';

interface TraceViewProps {
  readonly traceId: string;
  readonly source: string | null;
}

/** One trace: what took how long, where it waited, and what is known of the span under the cursor. */
export function TraceView({ traceId, source }: TraceViewProps) {
  useShownTrace(traceId, source);
  const trace = useTraces((state) => state.trace);
  const held = useHeldTrace(traceId);
  if (trace?.traceId !== traceId || trace.source !== source)
    return <TraceHead traceId={traceId} trace={null} />;
  const { outline, origin, failure } = trace;
  if (outline === null || outline.spanIds.length === 0) {
    return (
      <div className={styles.view}>
        <TraceHead traceId={traceId} trace={trace} />
        {failure !== null ? (
          <TraceFailure what="The trace could not be opened" failure={failure} />
        ) : source === null ? (
          <TraceUnknown what="Not shown" reason="the file is not held any more, open it again" />
        ) : origin === null ? (
          <p className={styles.message}>Opening the trace.</p>
        ) : origin.kind === 'unknown' ? (
          <TraceUnknown what="Not known whether there is such a trace" reason={origin.reason} />
        ) : (
          <p className={styles.message}>{origin.source} has no trace of this id.</p>
        )}
      </div>
    );
  }
  return (
    <div className={styles.view}>
      <TraceHead traceId={traceId} trace={trace} />
      <TraceFacts outline={outline} look={trace.look} />
      <div className={classes(styles.panes, trace.look.detailToggled && styles.toggled)}>
        <Waterfall outline={outline} look={trace.look} />
        <SpanPane
          traceId={traceId}
          source={source}
          outline={outline}
          row={trace.look.cursor}
          held={source === null ? held : undefined}
        />
      </div>
    </div>
  );
}

/** Keeps the trace asked for, or takes it out of the file that is held. */
function useShownTrace(traceId: string, source: string | null): void {
  const app = useApp();
  const { traces } = app;
  const core = useLive(askableCore);
  const held = useHeldTrace(traceId);
  const outline = useMemo(
    () => (source !== null || held === undefined ? null : outlineOf(held)),
    [source, held],
  );
  useEffect(() => {
    if (source !== null) {
      return core === 'soon' ? undefined : requestTrace(traces, app.core, { traceId, source }, Date.now);
    }
    showHeldTrace(traces, traceId, outline);
    return undefined;
    // oxlint-disable-next-line react/exhaustive-effect-dependencies -- asked again once the core is back
  }, [app, traces, core, traceId, source, outline]);
}

function useHeldTrace(traceId: string): TraceFile['traces'][number] | undefined {
  return useTraces((state) => state.file?.traces.find((trace) => trace.traceId === traceId));
}
