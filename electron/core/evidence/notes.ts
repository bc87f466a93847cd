/** What the timeline of an incident says of evidence that was kept. */
export interface EvidenceNote {
  readonly text: string;
  readonly detail: string;
}

/** What of an incident is pinned so far. */
export interface Pinned {
  readonly lines: number;
  /** With errors. */
  readonly traces: number;
}

export function samplesNote(series: number, source: string): EvidenceNote {
  return { text: 'Evidence captured and pinned', detail: `${series} raw series from ${source}` };
}

export function pinnedNote({ lines, traces }: Pinned): EvidenceNote {
  if (traces === 0) return { text: 'Log lines pinned', detail: `${lines} lines` };
  if (lines === 0) return { text: 'Traces pinned', detail: `${traces} traces with errors` };
  return { text: 'Logs and traces pinned', detail: `${lines} lines, ${traces} traces with errors` };
}
