import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the traces view searches and shows. Ends with the window. */
export interface TracesState {
  /** Name of the source; empty for the first. */
  readonly source: string;
  readonly service: string;
  /** A span to put the cursor on once its trace is there; null for none. */
  readonly focusSpanId: string | null;
}

export type TracesStore = StoreApi<TracesState>;

export function createTracesStore(): TracesStore {
  return createStore(() => ({ source: '', service: '', focusSpanId: null }));
}
