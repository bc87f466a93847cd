/** The search for traces and one trace as one script. */
export { TraceView } from '../../features/traces/trace-view.tsx';
export { traceCursor, tracesActions, tracesCursor } from '../../features/traces/traces-commands.ts';
export { TracesView } from '../../features/traces/traces-view.tsx';
