import { useStore } from 'zustand';
import { useApp } from '../../app.ts';
import type { SilencesState } from '../../stores/silences.ts';

export function useSilences<Part>(select: (state: SilencesState) => Part): Part {
  return useStore(useApp().silences, select);
}
