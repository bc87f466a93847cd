import { createStore, type StoreApi } from 'zustand/vanilla';

/** What the overview shows. Ends with the window. */
export interface OverviewState {
  /** The service to look at; empty for all. */
  readonly service: string;
}

export type OverviewStore = StoreApi<OverviewState>;

export function createOverviewStore(): OverviewStore {
  return createStore(() => ({ service: '' }));
}
