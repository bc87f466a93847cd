import * as v from 'valibot';
import { plainText } from '../text.ts';
import type { TimelineEntry } from './incident.ts';

/** What to do about an alert, as Markdown that somebody wrote before it was needed. Untrusted text. */
export const runbookSchema = v.object({
  title: v.string(),
  markdown: v.string(),
  /** Path of the file as it is known to the reader, or the address that it was fetched from. */
  path: v.string(),
  /** When the file was last changed; null where it is somebody else's and that was not told. */
  writtenAtMs: v.nullable(v.number()),
  /** When it was read last: earlier than now where it cannot be read any more. */
  readAtMs: v.number(),
});
export type Runbook = v.InferOutput<typeof runbookSchema>;

/** The runbook of an incident, and where its alerts themselves say that one is. */
export const incidentRunbookSchema = v.object({
  /** Null where nobody wrote one that can be read here. */
  runbook: v.nullable(runbookSchema),
  /** The address in the annotation of the first alert that has one; null where none has. */
  link: v.nullable(
    v.object({
      url: v.string(),
      /** Why what is behind it is not shown, or not as it is now; empty where there is no reason to look. */
      trouble: v.string(),
    }),
  ),
});
export type IncidentRunbook = v.InferOutput<typeof incidentRunbookSchema>;

/** Whether a runbook was fetched from an address instead of read in the folder. */
export function wasFetched({ path }: Pick<Runbook, 'path'>): boolean {
  return /^https?:\/\//.test(path);
}

const maxStepText = 300;

/** One step of a runbook that can be ticked off. */
export const runbookStepSchema = v.object({
  /** Of everything that makes it this step: its words and commands, its headings, its place among equals. */
  digest: v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/)),
  /** Its words, for the timeline. */
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(maxStepText)),
});
export type RunbookStep = v.InferOutput<typeof runbookStepSchema>;

export function runbookStep(digest: string, text: string): RunbookStep {
  return { digest, text: plainText(text, maxStepText) || 'a step without words' };
}

/** What a person last did with a step. */
export interface StepState {
  readonly isDone: boolean;
  readonly by: string;
  readonly atMs: number;
}

/** How the timeline tells of a step: the digest goes along, in brackets at the end of the detail. */
export function stepEntry(
  { digest, text }: RunbookStep,
  isDone: boolean,
): Pick<TimelineEntry, 'kind' | 'text' | 'detail'> {
  return { kind: 'runbook-step', text: isDone ? doneText : openText, detail: `${text} [${digest}]` };
}

const doneText = 'Step done';
const openText = 'Step open again';
const written = /^(.*) \[([0-9a-f]{16})\]$/su;

/** The words of the step that an entry tells of, without its digest. */
export function stepWords({ detail }: Pick<TimelineEntry, 'detail'>): string {
  return written.exec(detail)?.[1] ?? detail;
}

/**
 * Where the steps of an incident's runbook stand, by digest. There is no other record of it: a step that
 * was rewritten since has another digest, and is open.
 * @param timeline oldest first.
 */
export function stepStates(timeline: readonly TimelineEntry[]): ReadonlyMap<string, StepState> {
  const states = new Map<string, StepState>();
  for (const { kind, text, detail, by, atMs } of timeline) {
    const digest = kind === 'runbook-step' ? written.exec(detail)?.[2] : undefined;
    if (digest !== undefined) states.set(digest, { isDone: text === doneText, by, atMs });
  }
  return states;
}
