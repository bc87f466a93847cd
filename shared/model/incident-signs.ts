import * as v from 'valibot';

/**
 * What the inbox shows beside an incident's row and the row itself does not say: when its group fired
 * before, and what keeps it from notifying. Told only of incidents of which there is something to tell.
 */
export const maxEarlierSpans = 60;

export const incidentSignsSchema = v.object({
  /** Of the incident. */
  id: v.number(),
  /** When the same group fired within the day before: from and to, oldest first. */
  earlier: v.pipe(v.array(v.tuple([v.number(), v.number()])), v.maxLength(maxEarlierSpans)),
  /** Ids of silences, of any of its open alerts. */
  silencedBy: v.array(v.string()),
  /** Names of the alerts that inhibit any of its own; a fingerprint where no such alert is known. */
  inhibitedBy: v.array(v.string()),
  /** Names of the time intervals that mute all of its open alerts now. */
  mutedBy: v.array(v.string()),
});
export type IncidentSigns = v.InferOutput<typeof incidentSignsSchema>;
