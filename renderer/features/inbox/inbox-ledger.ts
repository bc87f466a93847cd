import type { CompiledFilter, FilterAnswer } from '#shared/filter/compile.ts';
import type { AlertFacts, IncidentAlerts } from '#shared/model/alert-facts.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';
import { minuteMs } from '#shared/time.ts';
import type { PendingVerdict } from '../../stores/pending.ts';
import { withPending } from '../../stores/pending.ts';
import type { Arrangement } from '../../stores/arrangement.ts';
import { couldFlap } from './flapping.ts';
import type { RowItem } from './inbox-items.ts';
import { placementOf, type Placement } from './placement.ts';
import { changesBetween, type ListChanges } from '../../stores/row-changes.ts';
import type { SectionName } from './sections.ts';

/**
 * Every incident in its place, kept from one change to the next: what arrives is put where it belongs, and
 * nothing else is looked at. Ten thousand incidents are ordered once, and not for each key and each patch.
 */
export interface LedgerInput {
  readonly incidents: readonly IncidentRow[];
  readonly alerts: readonly IncidentAlerts[];
  readonly signs: readonly IncidentSigns[];
  readonly pending: readonly PendingVerdict[];
  readonly arrangement: Arrangement;
  readonly isBlind: boolean;
  /** The window's clock. */
  readonly nowMs: number;
}

/** One incident in the ledger; the same object for as long as the incident is listed. */
export interface LedgerEntry {
  readonly id: number;
  /** As it is shown: with the verdicts that are on their way. */
  row: IncidentRow;
  alerts: readonly AlertFacts[] | undefined;
  signs: IncidentSigns | undefined;
  section: SectionName;
  place: LedgerPlace;
  /** What a filter said of it as it is now; null before one was asked. */
  answer: { readonly filter: CompiledFilter; readonly atMs: number; readonly answer: FilterAnswer } | null;
  /** How it is listed as it is now; null before it was. */
  item: RowItem | null;
  /** How it is counted. */
  counted: Counted;
}

/** `asks`: with the level of its severity, where it asks for somebody. */
interface Counted {
  readonly open: 0 | 1;
  readonly asks: SeverityLevel | null;
}

/** Of all that are listed, whatever a filter leaves. */
export interface LedgerCounts {
  readonly open: number;
  readonly asks: Readonly<Record<SeverityLevel, number>>;
}

/** Where entries stand together: a group within a lane. */
export interface LedgerPlace {
  readonly lane: string;
  readonly group: string;
  /** Values of the labels that are grouped by. */
  readonly values: readonly string[];
  entries: readonly LedgerEntry[];
}

/** What comes and goes asks for somebody, too. */
const asking: ReadonlySet<SectionName> = new Set(['needs-you', 'flapping']);
const nowhere: LedgerPlace = { lane: '', group: '', values: [], entries: [] };

export class InboxLedger {
  readonly #entries = new Map<number, LedgerEntry>();
  readonly #rows = new Map<number, IncidentRow>();
  readonly #alerts = new Map<number, readonly AlertFacts[]>();
  readonly #signs = new Map<number, IncidentSigns>();
  readonly #places = new Map<string, LedgerPlace>();
  /** Those that time alone could move. */
  readonly #restless = new Set<number>();
  readonly #asks: Record<SeverityLevel, number> = { critical: 0, warning: 0, info: 0 };
  #open = 0;
  #input: LedgerInput | undefined;
  #placement: Placement | undefined;
  #changed: ReadonlySet<number> = new Set();

  /** Of the last update: whose entry is another now, those that left included. */
  get changed(): ReadonlySet<number> {
    return this.#changed;
  }

  entries(): Iterable<LedgerEntry> {
    return this.#entries.values();
  }

  counts(): LedgerCounts {
    return { open: this.#open, asks: { ...this.#asks } };
  }

  entry(id: number): LedgerEntry | undefined {
    return this.#entries.get(id);
  }

  /** In no order; places without entries are not listed. */
  places(): Iterable<LedgerPlace> {
    return this.#places.values();
  }

  /** @returns whether anything is different now. */
  update(input: LedgerInput): boolean {
    const before = this.#input;
    const changed = this.#changedSince(before, input);
    this.#input = input;
    const isAnew = before?.arrangement !== input.arrangement || before.isBlind !== input.isBlind;
    if (isAnew) {
      this.#placement = placementOf(input.arrangement, input.isBlind);
      this.#places.clear();
      for (const entry of this.#entries.values()) entry.place = nowhere;
      for (const id of this.#entries.keys()) changed.add(id);
    }
    this.#changed = changed;
    if (changed.size > 0) this.#place(changed, input);
    return isAnew || changed.size > 0;
  }

  /** Takes over what arrived. @returns the ids of the incidents that it is about. */
  #changedSince(before: LedgerInput | undefined, input: LedgerInput): Set<number> {
    const changed = new Set<number>();
    if (before?.incidents !== input.incidents) {
      const changes = changesBetween(before?.incidents ?? [], input.incidents, idOfRow);
      takeOver(changes, idOfRow, (row) => row, this.#rows, changed);
    }
    if (before?.alerts !== input.alerts) {
      const changes = changesBetween(before?.alerts ?? [], input.alerts, idOfAlerts);
      takeOver(changes, idOfAlerts, ({ alerts }) => alerts, this.#alerts, changed);
    }
    if (before?.signs !== input.signs) {
      const changes = changesBetween(before?.signs ?? [], input.signs, idOfRow);
      takeOver(changes, idOfRow, (signs) => signs, this.#signs, changed);
    }
    if (before?.pending !== input.pending) {
      for (const { incidentId } of before?.pending ?? []) changed.add(incidentId);
      for (const { incidentId } of input.pending) changed.add(incidentId);
    }
    if (Math.floor((before?.nowMs ?? 0) / minuteMs) !== Math.floor(input.nowMs / minuteMs)) {
      for (const id of this.#restless) changed.add(id);
    }
    return changed;
  }

  /** Takes the changed entries out of their places, and merges them into where they belong now. */
  #place(changed: ReadonlySet<number>, input: LedgerInput): void {
    const emptied = new Set<LedgerPlace>();
    const coming = new Map<LedgerPlace, LedgerEntry[]>();
    const pendingOf = Map.groupBy(input.pending, ({ incidentId }) => incidentId);
    for (const id of changed) {
      const entry = this.#entries.get(id);
      if (entry !== undefined && entry.place !== nowhere) emptied.add(entry.place);
      const row = this.#rows.get(id);
      const shown = row === undefined ? undefined : withPending([row], pendingOf.get(id) ?? [])[0];
      if (entry !== undefined) this.#count(entry.counted, -1);
      if (shown === undefined || shown.mergedInto !== null) {
        this.#entries.delete(id);
        this.#restless.delete(id);
        continue;
      }
      const next = this.#refreshed(id, shown, input);
      const others = coming.get(next.place);
      if (others === undefined) coming.set(next.place, [next]);
      else others.push(next);
    }
    for (const place of new Set([...emptied, ...coming.keys()])) {
      this.#refill(place, changed, coming.get(place) ?? []);
    }
  }

  #count({ open, asks }: Counted, by: 1 | -1): void {
    this.#open += open * by;
    if (asks !== null) this.#asks[asks] += by;
  }

  #refreshed(id: number, row: IncidentRow, { nowMs }: LedgerInput): LedgerEntry {
    const alerts = this.#alerts.get(id);
    const signs = this.#signs.get(id);
    if (couldFlap(signs)) this.#restless.add(id);
    else this.#restless.delete(id);
    const placement = this.#placement;
    if (placement === undefined) throw new Error('placed before there was an arrangement');
    const { section, lane, values } = placement.of(row, alerts, signs, nowMs);
    const place = this.#placeOf(lane, values);
    const counted: Counted = {
      open: row.resolvedAtMs === null ? 1 : 0,
      asks: asking.has(section) ? row.severity.level : null,
    };
    this.#count(counted, 1);
    const fresh = { row, alerts, signs, section, place, answer: null, item: null, counted };
    let entry = this.#entries.get(id);
    if (entry === undefined) this.#entries.set(id, (entry = { id, ...fresh }));
    else Object.assign(entry, fresh);
    return entry;
  }

  #placeOf(lane: string, values: readonly string[]): LedgerPlace {
    const group = values.join('\u0000');
    const key = `${lane}\u0001${group}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, (place = { lane, group, values, entries: [] }));
    return place;
  }

  #refill(place: LedgerPlace, changed: ReadonlySet<number>, coming: LedgerEntry[]): void {
    const placement = this.#placement;
    if (placement === undefined) return;
    const compare = (left: LedgerEntry, right: LedgerEntry): number => placement.compare(left, right);
    const stay = place.entries.filter((entry) => !changed.has(entry.id));
    place.entries = merged(stay, coming.sort(compare), compare);
    if (place.entries.length === 0) this.#places.delete(`${place.lane}\u0001${place.group}`);
  }
}

const idOfRow = ({ id }: { readonly id: number }): number => id;
const idOfAlerts = ({ incidentId }: IncidentAlerts): number => incidentId;

function takeOver<Row, Value>(
  { put, gone }: ListChanges<Row>,
  idOf: (row: Row) => number,
  valueOf: (row: Row) => Value,
  into: Map<number, Value>,
  changed: Set<number>,
): void {
  for (const row of put) {
    into.set(idOf(row), valueOf(row));
    changed.add(idOf(row));
  }
  for (const row of gone) {
    into.delete(idOf(row));
    changed.add(idOf(row));
  }
}

/** Two ordered lists as one. */
function merged<Entry>(
  left: readonly Entry[],
  right: readonly Entry[],
  compare: (one: Entry, other: Entry) => number,
): readonly Entry[] {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  const all: Entry[] = [];
  let at = 0;
  for (const entry of right) {
    const end = firstBehind(left, entry, at, compare);
    for (; at < end; at++) all.push(left[at] as Entry);
    all.push(entry);
  }
  for (; at < left.length; at++) all.push(left[at] as Entry);
  return all;
}

/** Index of the first, from `from` on, that stands behind the entry. */
function firstBehind<Entry>(
  list: readonly Entry[],
  entry: Entry,
  from: number,
  compare: (one: Entry, other: Entry) => number,
): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(list[middle] as Entry, entry) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
