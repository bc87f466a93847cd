import { createStore, type StoreApi } from 'zustand/vanilla';
import type { CommandFailure } from '#shared/failure.ts';
import type { Overview } from '#shared/model/overview.ts';
import type { Chart } from '#shared/model/series.ts';

/** What the overview shows. Ends with the window; `overview` and `charts` are written by the bridge only. */
export interface OverviewState {
  /** The service to look at; empty for all. */
  readonly service: string;
  /** Id of the panel under the cursor; empty for the first. */
  readonly cursor: string;
  /** The one panel that fills the view, by id; null for none. */
  readonly enlarged: string | null;
  readonly overview: Overview | null;
  readonly failure: CommandFailure | null;
  /** The newest answer of each expression, by its key. */
  readonly charts: ReadonlyMap<string, PanelChart>;
}

export interface PanelChart {
  readonly chart: Chart | null;
  /** Why the newest question has no answer; the chart before stays. */
  readonly failure: CommandFailure | null;
}

export type OverviewStore = StoreApi<OverviewState>;

export function createOverviewStore(): OverviewStore {
  return createStore(() => ({
    service: '',
    cursor: '',
    enlarged: null,
    overview: null,
    failure: null,
    charts: new Map(),
  }));
}
