import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Paging, RoutingTree } from '#shared/model/routing.ts';
import { nothingAsked, type Asked } from './traces.ts';

/** What the routing view asks and shows. Ends with the window; `tree` and `paging` are written by the bridge only. */
export interface RoutingState {
  /** Name of the source; empty for the first. */
  readonly source: string;
  /** The text that a person opened in this window; null while a source's own configuration is looked at. */
  readonly text: OpenedText | null;
  /** The labels that are asked about, as written. */
  readonly typed: string;
  /** Id of the route under the cursor; null for the first that is taken. */
  readonly cursor: number | null;
  /** A text is being opened. */
  readonly isOpening: boolean;
  readonly tree: Asked<RoutingTree>;
  readonly paging: Asked<Paging>;
}

export interface OpenedText {
  /** By which the core knows it. */
  readonly key: string;
  readonly name: string;
}

export type RoutingStore = StoreApi<RoutingState>;

export function createRoutingStore(): RoutingStore {
  return createStore(() => ({
    source: '',
    text: null,
    typed: '',
    cursor: null,
    isOpening: false,
    tree: nothingAsked,
    paging: nothingAsked,
  }));
}
