import type { TraceList, TraceSummary } from '#shared/model/trace.ts';
import { millisecondsOf } from '#shared/model/log.ts';
import { plainText } from '#shared/text.ts';
import { formatClock } from '#shared/time.ts';
import { openTrace } from '../actions/across.ts';
import { useApp } from '../app.ts';
import { Glyph } from './glyphs.tsx';
import { serviceColour } from './service-colour.ts';
import { formatDuration } from './trace-duration.ts';
import styles from './trace-rows.module.css';

interface TraceRowsProps {
  readonly list: TraceList;
  /** The most to show; the rest is said in a number. */
  readonly max?: number;
}

/** A few traces beside other evidence: status, operation, duration, service. Each opens whole. */
export function TraceRows({ list, max = 20 }: TraceRowsProps) {
  const app = useApp();
  const shown = list.traces.slice(0, max);
  const longestNs = longestOf(shown);
  const others = list.traces.length - shown.length;
  return (
    <ul className={styles.list} aria-label="Traces">
      {shown.map((trace) => (
        <li key={`${trace.source} ${trace.traceId}`}>
          <button
            type="button"
            className={styles.row}
            onClick={() => openTrace(app, trace.traceId, null, trace.source)}
          >
            <TraceStatus trace={trace} />
            <span className={styles.time}>{formatClock(millisecondsOf(trace.startNs))}</span>
            <span className={styles.operation}>{nameOf(trace)}</span>
            <DurationBar trace={trace} longestNs={longestNs} />
            <span className={styles.service}>{plainText(trace.rootService, 80)}</span>
          </button>
        </li>
      ))}
      {others > 0 || list.isMore ? (
        <li className={styles.more}>
          {others > 0 ? `${others} more were found` : 'There may be more than were asked for'}
        </li>
      ) : null}
    </ul>
  );
}

export function longestOf(traces: readonly TraceSummary[]): number {
  return traces.reduce((most, { durationNs }) => Math.max(most, durationNs), 1);
}

/** The root's operation, or the id of a trace whose root is not there. */
export function nameOf({ rootOperation, traceId }: TraceSummary): string {
  return rootOperation === '' ? traceId : plainText(rootOperation, 200);
}

/** Errors of a trace as a shape and a number; a trace without any has a dash. */
export function TraceStatus({ trace }: { readonly trace: TraceSummary }) {
  const { errorCount } = trace;
  if (errorCount === 0) return <span className={styles.status}>–</span>;
  return (
    <span className={styles.status} title={`${errorCount} spans with an error`}>
      <Glyph name="critical" />
      {errorCount}
      <span className="unseen"> {errorCount === 1 ? 'error' : 'errors'}</span>
    </span>
  );
}

interface DurationBarProps {
  readonly trace: TraceSummary;
  readonly longestNs: number;
}

/** A trace's duration beside its bar; the longest of the list is the whole width. */
export function DurationBar({ trace, longestNs }: DurationBarProps) {
  const share = Math.max(0.5, (100 * trace.durationNs) / longestNs);
  return (
    <span className={styles.duration}>
      <span className={styles.track} aria-hidden="true">
        <span
          className={styles.bar}
          style={{ width: `${share}%`, background: serviceColour(trace.rootService) }}
        />
      </span>
      <span className={styles.number}>{formatDuration(trace.durationNs)}</span>
    </span>
  );
}
