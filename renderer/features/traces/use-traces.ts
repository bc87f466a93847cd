import { useStore } from 'zustand';
import { useApp } from '../../app.ts';
import type { TracesState } from '../../stores/traces.ts';

/** Follows a part of the traces store; `select` must give equal values for an equal state. */
export function useTraces<Part>(select: (state: TracesState) => Part): Part {
  return useStore(useApp().traces, select);
}
