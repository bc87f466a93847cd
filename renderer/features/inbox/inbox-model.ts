import type { FilterFault } from '#shared/filter/model.ts';
import type { AlertFacts } from '#shared/model/alert-facts.ts';
import type { IncidentRow } from '#shared/model/incident.ts';
import type { App } from '../../app.ts';
import type { LiveState } from '../../stores/live.ts';
import { withPending } from '../../stores/pending.ts';
import type { SessionState } from '../../stores/session.ts';
import type { ScreenSight } from '../../stores/sight.ts';
import { alertsById, filterTimeMs, readFilter, readWritten, type ReadFilter } from './filter.ts';
import { inboxItems, rowsOf, type InboxItem } from './inbox-items.ts';

/** What the inbox shows, from what is live and what the window does; the view and the keys share it. */

export interface InboxModel {
  readonly items: readonly InboxItem[];
  readonly rows: readonly IncidentRow[];
  /** The row under the cursor: the one chosen, else the first. */
  readonly cursor: IncidentRow | undefined;
  /** What is wrong with the filter; then everything is shown. */
  readonly fault: FilterFault | null;
  /** The filter waits for RE2, and everything is shown meanwhile. */
  readonly isWaiting: boolean;
  /** Whether time alone changes what is shown. */
  readonly usesAge: boolean;
}

interface Filtered {
  readonly matching: readonly IncidentRow[];
  /** Those of which it is not known whether they match. */
  readonly unknown: readonly IncidentRow[];
  /** What is not told of them. */
  readonly untold: ReadonlySet<string>;
}

const nothingUntold: ReadonlySet<string> = new Set();

/** @param nowMs the window's clock. */
function filtered(
  rows: readonly IncidentRow[],
  alerts: ReadonlyMap<number, readonly AlertFacts[]>,
  read: ReadFilter,
  nowMs: number,
): Filtered {
  if (read.kind !== 'ready') return { matching: rows, unknown: [], untold: nothingUntold };
  const { filter } = read;
  const matching: IncidentRow[] = [];
  const unknown: IncidentRow[] = [];
  for (const row of rows) {
    const answer = filter.answer(row, alerts.get(row.id), filterTimeMs(nowMs));
    if (answer === 'matches') matching.push(row);
    else if (answer === 'unknown') unknown.push(row);
  }
  const untold = new Set(unknown.slice(0, 100).flatMap((row) => filter.untold(row, alerts.get(row.id))));
  return { matching, unknown, untold };
}

type ModelSession = Pick<
  SessionState,
  'filter' | 'filterIsWritten' | 'patternCompiler' | 'pending' | 'inboxCursor'
>;

/** @param nowMs the window's clock. */
export function inboxModel(
  { incidents, alerts }: Pick<LiveState, 'incidents' | 'alerts'>,
  session: ModelSession,
  sight: Pick<ScreenSight, 'kind' | 'lastSeenAtMs'>,
  nowMs: number,
): InboxModel {
  const shown = withPending(incidents ?? [], session.pending);
  const readNow = session.filterIsWritten ? readWritten : readFilter;
  const read = readNow(session.filter.trim(), session.patternCompiler);
  const { matching, unknown, untold } = filtered(shown, alertsById(alerts), read, nowMs);
  const items = inboxItems(matching, sight, { rows: unknown, untold });
  const rows = rowsOf(items);
  return {
    items,
    rows,
    cursor: rows.find((row) => row.id === session.inboxCursor) ?? rows[0],
    fault: read.kind === 'wrong' ? read.fault : null,
    isWaiting: read.kind === 'waiting',
    usesAge: read.kind === 'ready' && read.filter.usesAge,
  };
}

/** Moves the cursor by so many rows, or to an end with an infinite step. */
export function moveInboxCursor(app: App, model: InboxModel, step: number): IncidentRow | undefined {
  const { rows, cursor } = model;
  const from = cursor === undefined ? 0 : rows.indexOf(cursor);
  const row = rows[Math.min(rows.length - 1, Math.max(0, from + step))];
  if (row !== undefined) app.session.setState({ inboxCursor: row.id });
  return row;
}
