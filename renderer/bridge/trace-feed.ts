import type { CommandName, Commands } from '#shared/contract.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { TraceOutline, TraceSearch } from '#shared/model/trace.ts';
import type { InputOf, OutputOf } from '#shared/rpc/definition.ts';
import { lookAt, ranged, revealed, withRows } from '../stores/trace-look.ts';
import type { Asked, ShownTrace, TraceLook, TracesState, TracesStore } from '../stores/traces.ts';
import type { LinkedCore } from './core-calls.ts';

/** Asks for traces and writes what becomes of it. Each returns a function that gives the question up. */

export function requestSearch(
  traces: TracesStore,
  core: LinkedCore,
  search: TraceSearch,
  now: () => number,
): () => void {
  return ask(core, 'traces.search', search, traces.getState().search, now, (asked) =>
    traces.setState({ search: asked }),
  );
}

export function requestDependencies(
  traces: TracesStore,
  core: LinkedCore,
  input: InputOf<Commands['traces.dependencies']>,
  now: () => number,
): () => void {
  return ask(core, 'traces.dependencies', input, traces.getState().dependencies, now, (asked) =>
    traces.setState({ dependencies: asked }),
  );
}

/** Names that a search can have; where they do not come those known stay, and names can still be written. */
export function requestServices(traces: TracesStore, core: LinkedCore, source: string): () => void {
  return names(core, 'traces.services', { source }, (services) => traces.setState({ services }));
}

export function requestOperations(
  traces: TracesStore,
  core: LinkedCore,
  input: InputOf<Commands['traces.operations']>,
): () => void {
  return names(core, 'traces.operations', input, (operations) => traces.setState({ operations }));
}

/** Asks for a trace whole; what is known of it already stays until the answer. */
export function requestTrace(
  traces: TracesStore,
  core: LinkedCore,
  { traceId, source }: { readonly traceId: string; readonly source: string },
  now: () => number,
): () => void {
  const controller = new AbortController();
  const known = traces.getState().trace;
  const isKnown = known?.traceId === traceId && known.source === source;
  const before: ShownTrace = isKnown ? known : { ...nothingShown, traceId, source };
  traces.setState({ trace: { ...before, failure: null, askedAtMs: now() } });
  if (before.outline !== null) focusSpan(traces);
  void core.call('traces.open', { source, traceId }, { signal: controller.signal }).then((answer) => {
    const shown = traces.getState().trace;
    if (controller.signal.aborted || shown === null) return;
    if (!answer.ok) {
      traces.setState({ trace: { ...shown, failure: answer.failure, askedAtMs: null } });
      return;
    }
    const { origin, outline } = answer.value;
    const look = outline === null ? shown.look : lookOf(outline, shown);
    traces.setState({ trace: { ...shown, origin, outline, look, failure: null, askedAtMs: null } });
    focusSpan(traces);
  });
  return () => controller.abort();
}

/** Shows a trace that this window holds itself. */
export function showHeldTrace(traces: TracesStore, traceId: string, outline: TraceOutline | null): void {
  const known = traces.getState().trace;
  if (known?.traceId === traceId && known.source === null && known.outline !== null) return;
  const look = outline === null ? nothingShown.look : lookAt(outline);
  traces.setState({ trace: { ...nothingShown, traceId, source: null, outline, look } });
}

const noLook: TraceLook = {
  cursor: 0,
  folds: new Uint8Array(),
  onlyPath: false,
  rows: new Int32Array(),
  fromNs: 0,
  toNs: 1,
  findText: '',
  found: null,
  detailToggled: false,
};
const nothingShown: Omit<ShownTrace, 'traceId' | 'source'> = {
  origin: null,
  outline: null,
  failure: null,
  askedAtMs: null,
  look: noLook,
};

/** The look of before where the trace has the same spans, else that of a trace seen first. */
function lookOf(outline: TraceOutline, { outline: before, look }: ShownTrace): TraceLook {
  const isSame =
    before?.spanIds.length === outline.spanIds.length &&
    before.spanIds.every((id, row) => id === outline.spanIds[row]);
  return isSame ? ranged(outline, withRows(outline, look, {}), look.fromNs, look.toNs) : lookAt(outline);
}

/** Puts the cursor on the span that whoever opened the trace named. */
function focusSpan(traces: TracesStore): void {
  const { trace, focusSpanId } = traces.getState();
  if (trace?.outline === null || trace === null || focusSpanId === null) return;
  const row = trace.outline.spanIds.indexOf(focusSpanId.toLowerCase());
  const look = row < 0 ? trace.look : revealed(trace.outline, trace.look, row);
  traces.setState({ trace: { ...trace, look }, focusSpanId: null } satisfies Partial<TracesState>);
}

function ask<Name extends CommandName>(
  core: LinkedCore,
  command: Name,
  input: InputOf<Commands[Name]>,
  before: Asked<OutputOf<Commands[Name]>>,
  now: () => number,
  write: (asked: Asked<OutputOf<Commands[Name]>>) => void,
): () => void {
  const controller = new AbortController();
  write({ answer: before.answer, failure: null, askedAtMs: now() });
  void core.call(command, input, { signal: controller.signal }).then((result) => {
    if (controller.signal.aborted) return;
    const failure: CommandFailure | null = result.ok ? null : result.failure;
    write({ answer: result.ok ? result.value : before.answer, failure, askedAtMs: null });
  });
  return () => controller.abort();
}

function names<Name extends 'traces.services' | 'traces.operations'>(
  core: LinkedCore,
  command: Name,
  input: InputOf<Commands[Name]>,
  write: (names: readonly string[]) => void,
): () => void {
  const controller = new AbortController();
  void core.call(command, input, { signal: controller.signal }).then((result) => {
    if (controller.signal.aborted || !result.ok) return;
    const { origin, names: known } = result.value;
    if (origin.kind !== 'unknown') write(known);
  });
  return () => controller.abort();
}
