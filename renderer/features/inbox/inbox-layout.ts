import type { CompiledFilter } from '#shared/filter/compile.ts';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import { severityLevels, type Severity } from '#shared/model/severity.ts';
import { distinguishingNames } from '../../parts/distinguish.ts';
import type { Arrangement } from '../../stores/arrangement.ts';
import type { InboxItem, RowItem } from './inbox-items.ts';
import type { InboxLedger, LedgerEntry, LedgerPlace } from './inbox-ledger.ts';
import { laneWords, lanesInOrder } from './lanes.ts';
import { inTurn, oldestFirst, worstFirst, byId } from './sections.ts';

/** Lists what the ledger has in order: what matches the filter, under its heads, with what is unfolded. */
export interface LayoutInput {
  readonly arrangement: Arrangement;
  /** Null shows everything. */
  readonly filter: CompiledFilter | null;
  readonly nowMs: number;
  readonly isBlind: boolean;
  readonly lastSeenAtMs: number | null;
  readonly folded: ReadonlySet<string>;
  readonly expanded: ReadonlySet<number>;
}

/** An incident of thousands of alerts is opened, not scrolled through between two others. */
const maxAlertsShown = 100;
/** Of how many it is asked what is not told: the same few answers for all. */
const maxAsked = 100;

export function layoutOf(ledger: InboxLedger, input: LayoutInput): readonly InboxItem[] {
  const items: InboxItem[] = [];
  const unknown: LedgerEntry[] = [];
  const lanes = Map.groupBy(ledger.places(), ({ lane }) => lane);
  for (const lane of lanesInOrder([...lanes.keys()], input.arrangement)) {
    putLane(items, unknown, lane, lanes.get(lane) ?? [], input);
  }
  if (input.filter !== null && unknown.length > 0) putMayMatch(items, unknown, input.filter, input);
  return items;
}

/** Of one place: what matches. What may match is put apart. */
function matchingOf(place: LedgerPlace, unknown: LedgerEntry[], input: LayoutInput): readonly LedgerEntry[] {
  const { filter, nowMs } = input;
  if (filter === null) return place.entries;
  const matching: LedgerEntry[] = [];
  for (const entry of place.entries) {
    const answer = answerOf(entry, filter, nowMs);
    if (answer === 'matches') matching.push(entry);
    else if (answer === 'unknown') unknown.push(entry);
  }
  return matching;
}

function answerOf(entry: LedgerEntry, filter: CompiledFilter, nowMs: number) {
  const atMs = filter.usesAge ? nowMs : 0;
  const known = entry.answer;
  if (known !== null && known.filter === filter && known.atMs === atMs) return known.answer;
  const answer = filter.answer(entry.row, entry.alerts, atMs);
  entry.answer = { filter, atMs, answer };
  return answer;
}

function putLane(
  items: InboxItem[],
  unknown: LedgerEntry[],
  lane: string,
  places: readonly LedgerPlace[],
  input: LayoutInput,
): void {
  const { arrangement, folded } = input;
  const groups = places
    .map((place) => ({ place, entries: matchingOf(place, unknown, input) }))
    .filter(({ entries }) => entries.length > 0);
  if (groups.length === 0) return;
  const key = `lane ${lane}`;
  const isFolded = folded.has(key);
  const { title, order } = laneWords(lane, input);
  const count = groups.reduce((sum, { entries }) => sum + entries.length, 0);
  items.push({ kind: 'section', key, title, order, count, isFolded });
  if (isFolded) return;
  if (arrangement.groupBy.length === 0) {
    for (const { entries } of groups) putRows(items, entries, input);
    return;
  }
  const ranked = groups.map((group) => ({ ...group, worst: worstOf(group.entries) }));
  ranked.sort((left, right) => rankOf(left.worst) - rankOf(right.worst) || byValues(left.place, right.place));
  for (const { place, entries, worst } of ranked) putGroup(items, place, entries, worst, input);
}

function putGroup(
  items: InboxItem[],
  place: LedgerPlace,
  entries: readonly LedgerEntry[],
  worst: Severity | null,
  input: LayoutInput,
): void {
  const key = `group ${place.lane} ${place.group}`;
  const isFolded = input.folded.has(key);
  const { groupBy: names } = input.arrangement;
  items.push({ kind: 'group', key, names, values: place.values, count: entries.length, worst, isFolded });
  if (!isFolded) putRows(items, entries, input);
}

/** The worst severity of those that are open; null where none is. */
function worstOf(entries: readonly LedgerEntry[]): Severity | null {
  let worst: Severity | null = null;
  for (const { row } of entries) {
    if (row.resolvedAtMs === null && rankOf(row.severity) < rankOf(worst)) worst = row.severity;
  }
  return worst;
}

/** Groups in which nothing is open stand behind all others. */
function rankOf(severity: Severity | null): number {
  return severity === null ? severityLevels.length : severityLevels.indexOf(severity.level);
}

/** What has none of the labels stands last. */
function byValues(left: LedgerPlace, right: LedgerPlace): number {
  for (const [index, value] of left.values.entries()) {
    const other = right.values[index] ?? '';
    if (value === other) continue;
    if (value === '' || other === '') return value === '' ? 1 : -1;
    return value < other ? -1 : 1;
  }
  return 0;
}

function putRows(items: InboxItem[], entries: readonly LedgerEntry[], { expanded }: LayoutInput): void {
  for (const entry of entries) {
    items.push(rowItem(entry));
    if (expanded.size > 0 && expanded.has(entry.id)) putAlerts(items, entry);
  }
}

function rowItem(entry: LedgerEntry): RowItem {
  return (entry.item ??= { kind: 'row', key: String(entry.id), row: entry.row, signs: entry.signs });
}

function putAlerts(items: InboxItem[], { id, row, alerts }: LedgerEntry): void {
  const rest = (text: string): void => void items.push({ kind: 'rest', key: `${id} rest`, text });
  if (alerts === undefined) return rest('Its alerts are being fetched.');
  const open = row.resolvedAtMs === null ? alerts.filter(({ ended }) => !ended) : alerts;
  const shown = open.slice(0, maxAlertsShown);
  const names = namesFor(alerts);
  for (const facts of shown) items.push({ kind: 'alert', key: `${id} ${facts.fingerprint}`, facts, names });
  const more = open.length - shown.length;
  if (more > 0) rest(`${more} more alerts: Enter opens the incident with all of them.`);
}

const namesOf = new WeakMap<readonly AlertFacts[], readonly string[]>();

/** Labels by which an incident's alerts differ: asked in every frame, and the same until one of them changes. */
function namesFor(alerts: readonly AlertFacts[]): readonly string[] {
  let names = namesOf.get(alerts);
  if (names === undefined) {
    const sets = alerts.slice(0, maxAlertsShown).map(({ labels }) => labels);
    namesOf.set(alerts, (names = distinguishingNames(sets)));
  }
  return names;
}

const untoldWords: Readonly<Record<string, string>> = {
  alerts: 'their alerts are not here',
  receiver: 'no source told whom they notify',
  'silenced-by': 'no source told what silences them',
  'inhibited-by': 'no source told what inhibits them',
  muted: 'no source told which time interval mutes them',
};

const mayMatchOrder = inTurn(worstFirst, oldestFirst, byId);

/** Of which it is not known whether they match, and what is not told of them. */
function putMayMatch(
  items: InboxItem[],
  unknown: LedgerEntry[],
  filter: CompiledFilter,
  input: LayoutInput,
): void {
  const untold = new Set(unknown.slice(0, maxAsked).flatMap(({ row, alerts }) => filter.untold(row, alerts)));
  const order = [...untold].map((what) => untoldWords[what] ?? `@${what} is not told`).join(' · ');
  const key = 'lane may-match';
  const isFolded = input.folded.has(key);
  items.push({ kind: 'section', key, title: 'May match', order, count: unknown.length, isFolded });
  if (isFolded) return;
  unknown.sort((left, right) => mayMatchOrder(left.row, right.row));
  putRows(items, unknown, input);
}
