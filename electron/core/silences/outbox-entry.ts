import * as v from 'valibot';
import type { JournalChange, OutboxRecord } from '#core/store/records.ts';
import { outboxEntrySchema, silenceCares, type OutboxEntry } from '#shared/model/silence.ts';
import { serverPlaceSchema } from './server-place.ts';

/** An entry of the outbox as the core has it: what windows see, and what the console needs to go on with it. */

export const careSchema = v.object({
  care: v.picklist(silenceCares),
  /** The incident whose acknowledgement the silence holds. */
  incidentId: v.nullable(v.number()),
  endsAfterQuietMs: v.nullable(v.number()),
});
/** Why the console looks after the silence that comes of it. */
export type Care = v.InferOutput<typeof careSchema>;

const entrySchema = v.object({
  shown: outboxEntrySchema,
  /** The servers that it was asked for; empty from a core that did not know them apart. */
  meant: v.optional(v.array(serverPlaceSchema), []),
  /** A person sent it to another server than it was asked for: what that one does not have proves nothing. */
  isRedirected: v.optional(v.boolean(), false),
  /** To whom and when it went, while what became of it is not known. It is looked for before it goes again. */
  sent: v.nullable(v.object({ source: v.string(), atMs: v.number(), identity: v.optional(v.string(), '') })),
  /** Taken back while it was not known whether it had arrived: holds as soon as it is known that it had not. */
  isTakenBack: v.boolean(),
  /** The version that the person was told of with the conflict; null where there was none to tell. */
  conflictWithMs: v.nullable(v.number()),
  /** The version that came of it. */
  madeUpdatedAtMs: v.nullable(v.number()),
  settledAtMs: v.nullable(v.number()),
  incidentIds: v.array(v.number()),
  care: v.nullable(careSchema),
});
export type Entry = v.InferOutput<typeof entrySchema>;

/** Nothing more happens with it, but that peers hear of it. */
export function isSettled({ shown }: Entry): boolean {
  return shown.state === 'done' || shown.state === 'failed' || shown.state === 'withdrawn';
}

/** The silence that it changes; null where it makes one. */
export function subjectOf({ shown: { request } }: Entry): string | null {
  return request.kind === 'create' ? null : request.id;
}

export function changeOf(entry: Entry): JournalChange {
  const { id, createdAtMs } = entry.shown;
  const record = { id, createdAtMs, settledAtMs: entry.settledAtMs, entry: JSON.stringify(entry) };
  return { kind: 'outbox', record };
}

/** @returns undefined for a record that is not believable. */
export function entryOf(record: OutboxRecord): Entry | undefined {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), entrySchema), record.entry);
  return parsed.success ? parsed.output : undefined;
}

/** The entry with another state for windows. */
export function shownAs(entry: Entry, change: Partial<OutboxEntry>): Entry {
  return { ...entry, shown: { ...entry.shown, ...change } };
}

/** The entry with what one of its servers did. */
export function targeted(
  entry: Entry,
  source: string,
  state: OutboxEntry['targets'][number]['state'],
  detail: string,
  atMs: number | null,
): Entry {
  const target = { source, state, detail, atMs };
  const others = entry.shown.targets.filter((one) => one.source !== source);
  const index = entry.shown.targets.findIndex((one) => one.source === source);
  return shownAs(entry, { targets: others.toSpliced(index < 0 ? others.length : index, 0, target) });
}
