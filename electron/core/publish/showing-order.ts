import type { BookDraft } from '#core/incidents/incident-book.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import { compareSeverity } from '#shared/model/severity.ts';

/** What is shown together: an incident without its alerts would be judged wrongly by a filter. */
export interface Portion {
  readonly ids: readonly number[];
  readonly rows: readonly IncidentRow[];
}

/** As many as a window takes in between two frames, and the core tells with their alerts in a few milliseconds. */
const portionRows = 50;

/**
 * What a draft changed, in the order in which a person looks for it: the worst first, then the oldest. In a storm
 * the top of the inbox is there while the rest of it is still on its way. Yields an empty portion after each
 * row that it works out, so that whoever goes through it can pause.
 */
export function* showingOrder(
  draft: Pick<BookDraft, 'changedIncidentIds'>,
  rowOf: (id: number) => IncidentRow | undefined,
): Generator<Portion> {
  const rows: IncidentRow[] = [];
  for (const id of draft.changedIncidentIds()) {
    const row = rowOf(id);
    if (row !== undefined) rows.push(row);
    yield nothing;
  }
  rows.sort(
    (left, right) => compareSeverity(left.severity, right.severity) || left.startsAtMs - right.startsAtMs,
  );
  for (let from = 0; from < rows.length; from += portionRows) {
    const portion = rows.slice(from, from + portionRows);
    yield { ids: portion.map(({ id }) => id), rows: portion };
  }
}

const nothing: Portion = { ids: [], rows: [] };
