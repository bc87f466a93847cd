import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CommandFailure } from '#shared/failure.ts';
import type { Origin } from '#shared/model/origin.ts';
import type { Dependencies, Trace, TraceList, TraceOutline } from '#shared/model/trace.ts';

/** What the traces view searches and shows, and the trace that is open. Ends with the window. */
export interface TracesState {
  /** Name of the source; empty for the first. */
  readonly source: string;
  readonly service: string;
  /** A span to put the cursor on once its trace is there; null for none. */
  readonly focusSpanId: string | null;
  readonly form: SearchForm;
  /** How often a person has asked: the same search again is a new question. */
  readonly turn: number;
  /** What is wrong with the form as it was submitted last; empty for nothing. */
  readonly problem: string;
  readonly services: readonly string[];
  readonly operations: readonly string[];
  readonly search: Asked<TraceList>;
  readonly dependencies: Asked<Dependencies>;
  readonly shows: 'search' | 'dependencies' | 'file';
  readonly sort: TraceSort;
  /** The trace under the list's cursor. */
  readonly cursor: string | null;
  /** The file that was opened in this window last. */
  readonly file: TraceFile | null;
  readonly trace: ShownTrace | null;
}

/** What a person writes beside the service, as written. */
export interface SearchForm {
  readonly operation: string;
  readonly tags: string;
  readonly minDuration: string;
  readonly maxDuration: string;
  readonly limit: string;
}

export const traceSorts = ['newest', 'longest'] as const;
export type TraceSort = (typeof traceSorts)[number];

/** An answer with what became of the last question: the last good answer stays while the next is asked. */
export interface Asked<Answer> {
  readonly answer: Answer | null;
  readonly failure: CommandFailure | null;
  /** When the question was asked that has no answer yet; null for none. */
  readonly askedAtMs: number | null;
}

export interface TraceFile {
  readonly name: string;
  readonly traces: readonly Trace[];
}

/** The trace that is open, and how it is looked at. */
export interface ShownTrace {
  readonly traceId: string;
  /** Null for one of a file. */
  readonly source: string | null;
  readonly origin: Origin | null;
  readonly outline: TraceOutline | null;
  readonly failure: CommandFailure | null;
  readonly askedAtMs: number | null;
  readonly look: TraceLook;
}

export interface TraceLook {
  /** Row of the outline under the cursor. */
  readonly cursor: number;
  /** By row: 1 where what is below it is folded away. */
  readonly folds: Uint8Array;
  /** Only the critical path and what leads to it. */
  readonly onlyPath: boolean;
  /** Rows that are shown, ascending. */
  readonly rows: Int32Array;
  /** What of the trace's time is drawn, nanoseconds since its start. */
  readonly fromNs: number;
  readonly toNs: number;
  readonly findText: string;
  /** Rows in which the text occurs, ascending; null while nothing is looked for. */
  readonly found: Float64Array | null;
  /** The span's detail is the other way than the window's width has it. */
  readonly detailToggled: boolean;
}

export const nothingAsked = { answer: null, failure: null, askedAtMs: null } as const;
export const emptyForm: SearchForm = {
  operation: '',
  tags: '',
  minDuration: '',
  maxDuration: '',
  limit: '20',
};

export type TracesStore = StoreApi<TracesState>;

export function createTracesStore(): TracesStore {
  return createStore(() => ({
    source: '',
    service: '',
    focusSpanId: null,
    form: emptyForm,
    turn: 0,
    problem: '',
    services: [],
    operations: [],
    search: nothingAsked,
    dependencies: nothingAsked,
    shows: 'search',
    sort: 'newest',
    cursor: null,
    file: null,
    trace: null,
  }));
}
