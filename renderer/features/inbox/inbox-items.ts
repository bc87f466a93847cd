import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import { asksForSomebody, type IncidentRow } from '#shared/model/incident.ts';
import type { SeverityLevel } from '#shared/model/severity.ts';

/** What the inbox lists, line by line. */

/** Over a lane: what somebody has to do, a severity or a label's value; or what may match the filter. */
export interface SectionItem {
  readonly kind: 'section';
  readonly key: string;
  readonly title: string;
  /** Of the incidents in it, those in folds included. */
  readonly count: number;
  /** How its rows are ordered, or what being here means. */
  readonly order: string;
  readonly isFolded: boolean;
}

/** Over the incidents of a lane that have the same values of the labels grouped by. */
export interface GroupItem {
  readonly kind: 'group';
  readonly key: string;
  readonly names: readonly string[];
  readonly values: readonly string[];
  readonly count: number;
  /** Of its open incidents; null where all have ended. */
  readonly worst: { readonly level: SeverityLevel; readonly word: string } | null;
  readonly isFolded: boolean;
}

export interface RowItem {
  readonly kind: 'row';
  readonly key: string;
  readonly row: IncidentRow;
  readonly signs: IncidentSigns | undefined;
}

/** One alert of an incident that is expanded. */
export interface AlertItem {
  readonly kind: 'alert';
  readonly key: string;
  readonly facts: AlertFacts;
  /** Labels by which the incident's alerts differ. */
  readonly names: readonly string[];
}

/** What is not listed of an expanded incident, and why. */
export interface RestItem {
  readonly kind: 'rest';
  readonly key: string;
  readonly text: string;
}

export type InboxItem = SectionItem | GroupItem | RowItem | AlertItem | RestItem;

/** Whether the cursor can stand on it: on incidents, and on heads whose incidents are folded away. */
export function isPlace(item: InboxItem): boolean {
  return item.kind === 'row' || ((item.kind === 'section' || item.kind === 'group') && item.isFolded);
}

/** Whether it asks for somebody, as far as its row says: what was firing when sight was lost still does. */
export function asksNow(row: IncidentRow): boolean {
  return asksForSomebody(row) && (row.state === 'firing' || row.state === 'unseen');
}
