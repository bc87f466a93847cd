import * as v from 'valibot';
import { compileSilence } from '#shared/silences/compile-silence.ts';
import { tallyHidden, type HiddenTally, type TalliedAlert } from '#shared/silences/hidden-tally.ts';
import { labelsSchema, type Labels } from '#shared/model/labels.ts';
import type { SilenceMatcher } from '#shared/model/silence.ts';

/**
 * What fired within the journal's past, as a silence would have met it: read newest first and a page at a time,
 * so that what is to be committed waits for one page at most. Matched here, on the storage thread: what a
 * broad silence takes is counted, not sent.
 */
export interface FiredQuery {
  readonly matchers: readonly SilenceMatcher[];
  /** Alerts that none of these ever reported are not theirs to hide. */
  readonly sources: readonly string[];
  /** Alerts that had ended before do not count. */
  readonly fromMs: number;
  /** Where the page before ended; null for the first. */
  readonly before: FiredCursor | null;
}

export interface FiredCursor {
  readonly incidentId: number;
  readonly fingerprint: string;
}

export interface FiredPage {
  readonly tally: HiddenTally;
  /** Distinct label sets of what was taken, at most `mostLabelSets`. */
  readonly labelSets: readonly Labels[];
  /** Null where there is nothing older. */
  readonly next: FiredCursor | null;
}

/** As many as are read and matched in a few hundredths of a second. */
export const firedPageRows = 2_500;
const mostLabelSets = 200;

const jsonOf = <Schema extends v.GenericSchema>(schema: Schema) => v.pipe(v.string(), v.parseJson(), schema);

export const firedRow = v.object({
  incidentId: v.number(),
  fingerprint: v.string(),
  labels: jsonOf(labelsSchema),
  /** JSON; read of those only that are taken. */
  witnesses: v.string(),
  startsAtMs: v.number(),
  endedAtMs: v.nullable(v.number()),
});
type FiredRow = v.InferOutput<typeof firedRow> & TalliedAlert;

const witnessNames = jsonOf(v.array(v.object({ source: v.string() })));

/** The incidents of the window, the newest first, and of each its alerts: both as their keys stand. */
export const firedBefore = `
  SELECT incident.id AS incidentId, alert.fingerprint, alert.labels, alert.witnesses,
  alert.starts_at_ms AS startsAtMs, alert.ended_at_ms AS endedAtMs
  FROM incident CROSS JOIN alert ON alert.incident_id = incident.id
  WHERE incident.id <= @incidentId AND (incident.resolved_at_ms IS NULL OR incident.resolved_at_ms >= @fromMs)
  AND (incident.id < @incidentId OR alert.fingerprint < @fingerprint)
  AND (alert.ended_at_ms IS NULL OR alert.ended_at_ms >= @fromMs)
  ORDER BY incident.id DESC, alert.fingerprint DESC LIMIT @limit`;

/** @returns the statement's parameters: one row more than a page tells whether there is another. */
export function firedParameters({ fromMs, before }: FiredQuery): object {
  const from = before ?? { incidentId: Number.MAX_SAFE_INTEGER, fingerprint: '' };
  return { ...from, fromMs, limit: firedPageRows + 1 };
}

/** @param rows what the statement answered, unreadable ones left out. */
export function firedPage({ matchers, sources }: FiredQuery, rows: readonly FiredRow[]): FiredPage {
  const page = rows.slice(0, firedPageRows);
  const last = page.at(-1);
  const silence = compileSilence(matchers);
  const theirs = new Set(sources);
  const labelSets = new Map<string, Labels>();
  const isTheirs = ({ fingerprint, labels, witnesses }: FiredRow): boolean => {
    const read = v.safeParse(witnessNames, witnesses);
    const isTaken = read.success && read.output.some(({ source }) => theirs.has(source));
    if (isTaken && labelSets.size < mostLabelSets) labelSets.set(fingerprint, labels);
    return isTaken;
  };
  // Matchers that cannot be read take nothing; who asks has refused them before.
  const none = { each: [], matches: () => false };
  return {
    tally: tallyHidden(page, silence.ok ? silence.value : none, isTheirs),
    labelSets: [...labelSets.values()],
    next: rows.length > page.length && last !== undefined ? cursorOf(last) : null,
  };
}

function cursorOf({ incidentId, fingerprint }: FiredRow): FiredCursor {
  return { incidentId, fingerprint };
}
