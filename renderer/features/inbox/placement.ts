import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentSigns } from '#shared/model/incident-signs.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { lanesByNeed, lanesBySeverity, type Arrangement, type SortKey } from '../../stores/arrangement.ts';
import { labelValueOf } from './label-values.ts';
import {
  byId,
  inTurn,
  oldestFirst,
  orderWithin,
  sectionNames,
  sectionOf,
  worstFirst,
  type CompareRows,
  type SectionName,
} from './sections.ts';

/** Where an arrangement puts an incident, and in which order those of one place stand. */

interface Placed {
  readonly row: IncidentRow;
  readonly section: SectionName;
}

export interface Placement {
  of(
    row: IncidentRow,
    alerts: readonly AlertFacts[] | undefined,
    signs: IncidentSigns | undefined,
    nowMs: number,
  ): { readonly section: SectionName; readonly lane: string; readonly values: readonly string[] };
  compare(left: Placed, right: Placed): number;
}

const noValues: readonly string[] = [];
const sectionRank = new Map(sectionNames.map((name, rank) => [name, rank]));

const sorts: Readonly<Record<SortKey, CompareRows>> = {
  severity: worstFirst,
  age: oldestFirst,
  alerts: (left, right) => right.alertCount - left.alertCount,
  change: (left, right) => changedAtMs(right) - changedAtMs(left),
  service: (left, right) => (left.service < right.service ? -1 : left.service > right.service ? 1 : 0),
};

/** When anything was last decided about it, or it began or ended. */
function changedAtMs(row: IncidentRow): number {
  const decided = Math.max(row.acknowledged?.atMs ?? 0, row.snoozed?.atMs ?? 0, row.noise?.atMs ?? 0);
  return Math.max(row.openedAtMs, row.resolvedAtMs ?? 0, row.forgotten?.cameBackAtMs ?? 0, decided);
}

export function placementOf({ lanes, groupBy, sort, reversed }: Arrangement, isBlind: boolean): Placement {
  const chosen = sort === null ? null : sorts[sort];
  const inOrder =
    chosen === null
      ? null
      : inTurn(reversed ? (left, right) => chosen(right, left) : chosen, worstFirst, oldestFirst, byId);
  return {
    of(row, alerts, signs, nowMs) {
      const section = sectionOf(row, signs, isBlind, nowMs);
      const lane = laneOf(lanes, section, row, alerts);
      const values = groupBy.length === 0 ? noValues : groupBy.map((name) => labelValueOf(row, alerts, name));
      return { section, lane, values };
    },
    compare(left, right) {
      // In a lane by severity or label, what somebody has to do stands before what nobody has.
      if (left.section !== right.section) {
        return (sectionRank.get(left.section) ?? 0) - (sectionRank.get(right.section) ?? 0);
      }
      return (inOrder ?? orderWithin(left.section))(left.row, right.row);
    },
  };
}

function laneOf(
  lanes: string,
  section: SectionName,
  row: IncidentRow,
  alerts: readonly AlertFacts[] | undefined,
): string {
  if (lanes === lanesByNeed) return section;
  if (lanes === lanesBySeverity) return row.severity.level;
  return labelValueOf(row, alerts, lanes);
}
