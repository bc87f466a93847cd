import type { CaptureOutcome } from '#core/evidence/capture-rounds.ts';
import type { IncidentSubject } from '#core/evidence/incident-subject.ts';
import { logsAfterMs, logsBeforeMs } from '#shared/model/evidence.ts';
import { keyOfLabels, type Labels } from '#shared/model/labels.ts';
import { compareNanoseconds, nanosecondsOf, type LogAnswer } from '#shared/model/log.ts';
import type { SourceFailure } from '#shared/failure.ts';
import { success, type Result } from '#shared/result.ts';
import { hourMs } from '#shared/time.ts';
import type { LogOrigins } from './ask-source.ts';
import { keepLines } from './keep-lines.ts';
import { unknownAnswer } from './log-query.ts';
import type { LinesRequest, LogSource, SourceLine, SourceLines } from './log-source.ts';
import { serviceSelector } from './service-selector.ts';
import { shownLines, sourceLinesOf } from './shown-lines.ts';

/**
 * Log lines as evidence of an incident: those of its service around its start. What is fetched is pinned,
 * so that it is there when the source is not.
 */
const maxLines = 2_000;
/** Where there are more: this many with errors, and the rest on both sides of the start. */
const maxErrorLines = 1_000;
const maxSideLines = (maxLines - maxErrorLines) / 2;
const errorLevels = '| detected_level=~"error|critical|fatal"';

interface Captured extends SourceLines {
  readonly source: string;
  readonly selector: string;
  /** Whether all of it is in the cache. */
  readonly isKept: Promise<boolean>;
}

interface Around {
  readonly captured: Captured | null;
  readonly outcome: CaptureOutcome;
  /** Why there are no lines. */
  readonly reason: string;
}

export interface CapturedLogs {
  readonly outcome: CaptureOutcome;
  /** What was pinned; null where no source answers or has lines of the service. */
  readonly pinned: { readonly lines: number; readonly selector: string; readonly source: string } | null;
}

export async function captureLogs(
  origins: LogOrigins,
  subject: IncidentSubject,
  signal: AbortSignal,
): Promise<CapturedLogs> {
  const { captured, outcome } = await fetchAround(origins, subject, signal);
  if (captured === null) return { outcome, pinned: null };
  if (!(await captured.isKept)) return { outcome: 'failed', pinned: null };
  const { lines, selector, source } = captured;
  return { outcome, pinned: lines.length === 0 ? null : { lines: lines.length, selector, source } };
}

/** Asked of the sources now, else those pinned, else unknown. */
export async function incidentLogs(
  origins: LogOrigins,
  subject: IncidentSubject,
  signal: AbortSignal,
): Promise<LogAnswer> {
  const { captured, outcome, reason } = await fetchAround(origins, subject, signal);
  const live = captured === null ? null : liveAnswer(captured, origins.nowMs());
  // One that has none does not speak for one that was not heard.
  if (live !== null && outcome === 'failed') live.warnings.push(reason);
  if (live !== null && live.lines.length > 0) return live;
  const pinned = await origins.cache.incidentLogs(subject.incidentId);
  if (pinned === null || pinned.fetchedAtMs === null || pinned.lines.length === 0) {
    return live ?? unknownAnswer('', reason);
  }
  return {
    origin: {
      kind: 'cache',
      source: pinned.scope.source,
      atMs: pinned.fetchedAtMs,
      reason: captured === null ? reason : `${captured.source} has no lines of then`,
    },
    query: `${pinned.scope.selector} ${pinned.scope.filters}`.trim(),
    streams: [...pinned.streams],
    lines: shownLines(sourceLinesOf(pinned)),
    isMore: pinned.isMore,
    coverage: [...pinned.coverage],
    warnings: [],
  };
}

function liveAnswer(
  { source, selector, streams, lines, isMore, warnings }: Captured,
  atMs: number,
): LogAnswer {
  return {
    origin: { kind: 'live', source, atMs },
    query: selector,
    streams: [...streams],
    lines: shownLines(lines),
    isMore,
    coverage: [],
    warnings: [...warnings],
  };
}

/** Asks the sources in turn until one has the service. */
async function fetchAround(
  origins: LogOrigins,
  subject: IncidentSubject,
  signal: AbortSignal,
): Promise<Around> {
  let reason = '';
  let empty: Captured | null = null;
  let isAsked = false;
  let isMissed = false;
  for (const source of origins.sources()) {
    if (!source.isFresh()) {
      reason = `${source.name} does not answer`;
      isMissed = true;
      continue;
    }
    isAsked = true;
    const range = { fromMs: subject.startsAtMs - hourMs, toMs: subject.startsAtMs + logsAfterMs };
    const selector = await serviceSelector(source, subject.labels, range, signal);
    if (selector.ok && selector.value === null) {
      reason ||= `${source.name} has no streams of this service`;
      continue;
    }
    const fetched = selector.ok
      ? await fetchLines(origins, source, selector.value ?? '', subject, signal)
      : selector;
    if (!fetched.ok) {
      reason = `${source.name}: ${fetched.failure.message}`;
      isMissed ||= !isFinal(fetched.failure);
      continue;
    }
    if (fetched.value.lines.length > 0) return { captured: fetched.value, outcome: 'answered', reason: '' };
    empty ??= fetched.value;
  }
  const asked = isMissed ? 'failed' : 'answered';
  return {
    captured: empty,
    outcome: isAsked ? asked : 'away',
    reason: reason === '' ? 'no Loki is configured' : reason,
  };
}

/** All lines where they are few; else errors first, then those nearest the start. */
async function fetchLines(
  origins: LogOrigins,
  source: LogSource,
  selector: string,
  subject: IncidentSubject,
  signal: AbortSignal,
): Promise<Result<Captured, SourceFailure>> {
  const fromNs = nanosecondsOf(subject.startsAtMs - logsBeforeMs);
  const startNs = nanosecondsOf(subject.startsAtMs);
  const toNs = nanosecondsOf(Math.min(subject.startsAtMs + logsAfterMs, origins.nowMs()));
  const range = { query: selector, fromNs, toNs, direction: 'forward' } as const;
  const all: LinesRequest = { ...range, limit: maxLines };
  const most: readonly LinesRequest[] = [
    { ...range, query: `${selector} ${errorLevels}`, limit: maxErrorLines },
    { ...range, toNs: startNs, limit: maxSideLines, direction: 'backward' },
    { ...range, fromNs: startNs, limit: maxSideLines },
  ];
  const answers: SourceLines[] = [];
  const puts: Promise<boolean>[] = [];
  for (const request of [all, ...most]) {
    if (compareNanoseconds(request.fromNs, request.toNs) >= 0) continue;
    const answer = await source.queryLines(request, signal);
    if (!answer.ok) return answer;
    if (request === all && answer.value.isMore) continue;
    // That a source has no such lines any more says nothing of those that are pinned, nor of their age.
    const incidentId = answer.value.lines.length === 0 ? null : subject.incidentId;
    puts.push(keepLines(origins, source.name, request, answer.value, incidentId));
    answers.push(answer.value);
    if (request === all) break;
  }
  const isKept = Promise.all(puts).then((kept) => kept.every(Boolean));
  return success({ ...joined(answers), source: source.name, selector, isKept });
}

/** The same question has the same answer. */
function isFinal({ code }: SourceFailure): boolean {
  return code === 'bad-query' || code === 'too-large';
}

/** Answers to several questions as one, each line once, oldest first. */
function joined(answers: readonly SourceLines[]): SourceLines {
  const streams: Labels[] = [];
  const indexes = new Map<string, number>();
  const lines = new Map<string, SourceLine>();
  for (const answer of answers) {
    const places = answer.streams.map((labels) => {
      const key = keyOfLabels(labels);
      const known = indexes.get(key) ?? streams.push(labels) - 1;
      indexes.set(key, known);
      return known;
    });
    for (const line of answer.lines) {
      const stream = places[line.stream] ?? 0;
      const key = `${stream} ${line.timeNs} ${line.text}`;
      if (!lines.has(key)) lines.set(key, { ...line, stream });
    }
  }
  return {
    streams,
    lines: [...lines.values()].sort((left, right) => compareNanoseconds(left.timeNs, right.timeNs)),
    isMore: answers.length > 1,
    warnings: [...new Set(answers.flatMap(({ warnings }) => warnings))],
  };
}
