import type { AlertRecord } from '#core/store/records.ts';
import type { FiredPage, FiredQuery } from '#core/store/journal/fired-alerts.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import type { Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher, SilencePreview } from '#shared/model/silence.ts';
import { failed, success, type Result } from '#shared/result.ts';
import { BeyondChosen, beyondSentence } from '#shared/silences/beyond-chosen.ts';
import { breadthWarnings } from '#shared/silences/breadth.ts';
import { compileSilence, type CompiledSilence } from '#shared/silences/compile-silence.ts';
import { tallyHidden, TallySum, type HiddenTally } from '#shared/silences/hidden-tally.ts';
import { dayMs } from '#shared/time.ts';

/**
 * What a silence hides before it is made: of the alerts that the servers of its cluster have now, and of those
 * that fired lately, by the journal.
 */
export interface PreviewOptions {
  readonly openAlerts: () => Iterable<AlertRecord>;
  readonly fired: (query: FiredQuery) => Promise<FiredPage>;
  readonly nowMs: () => number;
  /** Rows of the journal that are looked through at most; what is older counts as not looked at. */
  readonly mostRows?: number;
}

export interface PreviewRequest {
  readonly matchers: readonly SilenceMatcher[];
  /** The sources of the cluster that gets the silence. */
  readonly sources: readonly string[];
  readonly lastsMs: number | null;
  /** The alerts that it is made from; none where it is made from nothing. */
  readonly chosen: readonly AlertRecord[];
}

export const historyMs = 30 * dayMs;
const defaultMostRows = 200_000;
const mostFingerprints = 500;
const mostLabelSets = 2_000;
/** Alerts looked at between two looks at anything else. */
const sliceAlerts = 2_000;

/** @returns a failure where no server would take these matchers, or nobody waits for the answer any more. */
export async function previewSilence(
  request: PreviewRequest,
  options: PreviewOptions,
  signal: AbortSignal,
): Promise<Result<SilencePreview, CommandFailure>> {
  const silence = compileSilence(request.matchers);
  if (!silence.ok) return failed(noSilence(silence.failure));
  const theirs = new Set(request.sources);
  const open = [...options.openAlerts()].filter((alert) => isHad(alert, theirs));
  const { now, matcherCounts } = await countNow(open, silence.value);
  const toMs = options.nowMs();
  const fromMs = toMs - historyMs;
  const { past, atLeast, labelSets } = await countPast(request, options, fromMs, signal);
  if (signal.aborted) return failed(nobodyWaits);
  return success({
    now: hidden(now),
    past: { ...hidden(past), fromMs, toMs, atLeast },
    matcherCounts,
    fingerprints: [...now.fingerprints].slice(0, mostFingerprints),
    warnings: [
      ...beyondWarnings(request.chosen, { open, now, past, labelSets }),
      ...breadthWarnings({ ...request, now, past }),
    ],
  });
}

/**
 * Whether one of these has it now, as far as anybody knows: where no source can be seen, those that had it last
 * will have it again. One that let go of it while others still report it does not.
 */
export function isHad({ state, witnesses }: AlertRecord, sources: ReadonlySet<string>): boolean {
  return witnesses.some(({ source, reporting }) => sources.has(source) && (reporting || state === 'unseen'));
}

async function countNow(
  open: readonly AlertRecord[],
  silence: CompiledSilence,
): Promise<{ readonly now: HiddenTally; readonly matcherCounts: number[] }> {
  const now = new TallySum();
  const matcherCounts = silence.each.map(() => 0);
  for (let from = 0; from < open.length; from += sliceAlerts) {
    if (from > 0) await new Promise((resolve) => setImmediate(resolve));
    const slice = open.slice(from, from + sliceAlerts);
    now.add(tallyHidden(slice, silence));
    for (const [index, takes] of silence.each.entries())
      matcherCounts[index] = slice.reduce(
        (sum, { labels }) => sum + (takes(labels) ? 1 : 0),
        matcherCounts[index] ?? 0,
      );
  }
  return { now, matcherCounts };
}

async function countPast(
  { matchers, sources }: PreviewRequest,
  { fired, mostRows = defaultMostRows }: PreviewOptions,
  fromMs: number,
  signal: AbortSignal,
): Promise<{ readonly past: HiddenTally; readonly atLeast: boolean; readonly labelSets: readonly Labels[] }> {
  const past = new TallySum();
  const labelSets: Labels[] = [];
  for (let before: FiredPage['next'] = null; !signal.aborted;) {
    const page: FiredPage = await fired({ matchers, sources, fromMs, before });
    past.add(page.tally);
    if (labelSets.length < mostLabelSets) labelSets.push(...page.labelSets);
    before = page.next;
    if (before === null || past.looked >= mostRows) return { past, atLeast: before !== null, labelSets };
  }
  return { past, atLeast: true, labelSets };
}

/** It may be broader than the alerts before the person look: then in which labels, now or else before. */
function beyondWarnings(
  chosen: readonly AlertRecord[],
  hides: {
    readonly open: readonly AlertRecord[];
    readonly now: HiddenTally;
    readonly past: HiddenTally;
    /** Of what it would have hidden. */
    readonly labelSets: readonly Labels[];
  },
): string[] {
  if (chosen.length === 0) return [];
  const own = new Set(chosen.map(({ fingerprint }) => fingerprint));
  const isOther = (fingerprint: string): boolean => !own.has(fingerprint);
  const { open, now, past, labelSets } = hides;
  const others = open.filter(({ fingerprint }) => isOther(fingerprint) && now.fingerprints.has(fingerprint));
  const isNow = others.length > 0;
  const beyond = new BeyondChosen(chosen.map(({ labels }) => labels));
  for (const labels of isNow ? others.map((alert) => alert.labels) : labelSets) beyond.add(labels);
  const count = isNow ? others.length : [...past.fingerprints].filter(isOther).length;
  const sentence = beyondSentence(count, beyond.names(), isNow ? 'now' : 'before');
  return sentence === '' ? [] : [sentence];
}

function hidden({ fingerprints, critical, criticalNames, incidentIds }: HiddenTally): SilencePreview['now'] {
  return {
    alerts: fingerprints.size,
    critical: critical.size,
    criticalNames: [...criticalNames.values()],
    incidents: incidentIds.size,
  };
}

function noSilence(why: string): CommandFailure {
  return commandFailure('invalid-input', `No server takes these matchers: ${why}.`, 'Correct the matchers.');
}

const nobodyWaits = commandFailure('cancelled', 'The preview was not waited for.', 'Ask again.');
