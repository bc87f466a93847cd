import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Nanoseconds } from '#shared/model/log.ts';

/** What the logs view asks and shows. Ends with the window. */
export interface LogsState {
  /** Name of the source; empty for the first. */
  readonly source: string;
  /** The LogQL query in force. */
  readonly query: string;
  /** A line to put the cursor on once it is there; null for none. */
  readonly focusNs: Nanoseconds | null;
}

export type LogsStore = StoreApi<LogsState>;

export function createLogsStore(): LogsStore {
  return createStore(() => ({ source: '', query: '', focusNs: null }));
}
