import type { OutboxEntry, Silence } from '#shared/model/silence.ts';
import { textOfMatchers } from './matcher-text.ts';

/** What the view of silences lists, in its order. Pure. */

export type ListItem =
  | {
      readonly kind: 'heading';
      readonly key: string;
      readonly title: string;
      readonly count: number;
      readonly order: string;
    }
  | { readonly kind: 'entry'; readonly key: string; readonly entry: OutboxEntry }
  | { readonly kind: 'silence'; readonly key: string; readonly silence: Silence };

export type Row = Exclude<ListItem, { kind: 'heading' }>;

/** What is done or taken back is no business of anybody any more. */
export function isOpenEntry({ state }: OutboxEntry): boolean {
  return state !== 'done' && state !== 'withdrawn';
}

const urgency: readonly OutboxEntry['state'][] = ['conflict', 'failed', 'sending', 'waiting', 'held'];

const sections = [
  { state: 'active', title: 'Active', past: 'Active when last seen', order: 'next to end first' },
  { state: 'pending', title: 'Pending', past: 'Pending when last seen', order: 'next to start first' },
  { state: 'expired', title: 'Expired', past: 'Expired', order: 'latest first' },
] as const;

export interface ListInput {
  readonly silences: readonly Silence[];
  readonly outbox: readonly OutboxEntry[];
  readonly filter: string;
  /** Nothing is known of now. */
  readonly blind: boolean;
}

export function listItems({ silences, outbox, filter, blind }: ListInput): readonly ListItem[] {
  const entries = outbox
    .filter(isOpenEntry)
    .toSorted((one, other) => urgencyOf(one) - urgencyOf(other) || one.createdAtMs - other.createdAtMs);
  const shown = silences.filter(matcherOf(filter));
  const outboxItems = section('outbox', 'Outbox', 'what needs you first', entries, (entry) => ({
    kind: 'entry',
    key: entryKey(entry.id),
    entry,
  }));
  const silenceItems = sections.flatMap(({ state, title, past, order }) =>
    section(
      state,
      blind ? past : title,
      order,
      shown.filter((silence) => silence.state === state).toSorted(orders[state]),
      (silence) => ({ kind: 'silence', key: silence.key, silence }),
    ),
  );
  return [...outboxItems, ...silenceItems];
}

function entryKey(id: string): string {
  return `outbox ${id}`;
}

function section<Of>(
  key: string,
  title: string,
  order: string,
  members: readonly Of[],
  rowOf: (member: Of) => Row,
): readonly ListItem[] {
  if (members.length === 0) return [];
  return [
    { kind: 'heading', key: `section ${key}`, title, count: members.length, order },
    ...members.map(rowOf),
  ];
}

function urgencyOf({ state }: OutboxEntry): number {
  return urgency.indexOf(state);
}

const orders: Readonly<Record<Silence['state'], (one: Silence, other: Silence) => number>> = {
  active: (one, other) => one.endsAtMs - other.endsAtMs || byKey(one, other),
  pending: (one, other) => one.startsAtMs - other.startsAtMs || byKey(one, other),
  expired: (one, other) => other.endsAtMs - one.endsAtMs || byKey(one, other),
};

function byKey(one: Silence, other: Silence): number {
  return one.key < other.key ? -1 : 1;
}

/** Every word of the filter occurs somewhere in the silence, in any case. */
function matcherOf(filter: string): (silence: Silence) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (silence) => {
    const { matchers, createdBy, comment, cluster, id, sources } = silence;
    const text = [textOfMatchers(matchers), createdBy, comment, cluster, id, ...sources]
      .join('\n')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

export function rowsOf(items: readonly ListItem[]): readonly Row[] {
  return items.filter((item): item is Row => item.kind !== 'heading');
}

export function rowUnderCursor(rows: readonly Row[], cursor: string | null): Row | undefined {
  return rows.find(({ key }) => key === cursor) ?? rows[0];
}

/** What a command acts on: the marked ones that are still there, else the one under the cursor. */
export function chosenSilences(
  silences: readonly Silence[],
  marked: ReadonlySet<string>,
  cursor: Row | undefined,
): readonly Silence[] {
  const present = silences.filter(({ key }) => marked.has(key));
  if (present.length > 0) return present;
  return cursor?.kind === 'silence' ? [cursor.silence] : [];
}
