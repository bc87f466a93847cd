import { compileMatchers } from '#shared/logql/matching.ts';
import { logStreams, type LogEntry } from '../log-entry.ts';
import type { Direction, LogRange, LogStore } from '../log-store.ts';
import { compilePipeline, PipelineLine } from './pipeline.ts';
import { LogqlError, type LogSelection, type Matcher } from './syntax.ts';

/** Reads the lines of a selection from the store. */
export interface SelectedLine {
  readonly entry: LogEntry;
  readonly line: PipelineLine;
}

/** @returns for each stream whether the matchers choose it. */
export function chosenStreams(matchers: readonly Matcher[]): readonly boolean[] {
  const test = compileMatchers(matchers);
  if (!test.ok) throw new LogqlError(`parse error : ${test.failure}`);
  return logStreams.map((labels) => test.value(labels));
}

export function* select(
  store: LogStore,
  selection: LogSelection,
  range: LogRange,
  direction: Direction,
): Generator<SelectedLine> {
  const chosen = chosenStreams(selection.matchers);
  if (!chosen.includes(true)) return;
  const pass = compilePipeline(selection.stages);
  for (const entry of store.entries(range, direction)) {
    if (chosen[entry.stream] !== true) continue;
    const line = new PipelineLine(entry);
    if (pass(line)) yield { entry, line };
  }
}
