import type { IncidentRow } from '#shared/model/incident.ts';
import { failed, success, type Result } from '#shared/result.ts';
import type { App } from '../../app.ts';
import type { LiveState } from '../../stores/live.ts';
import { withPending } from '../../stores/pending.ts';
import type { SessionState } from '../../stores/session.ts';
import type { ScreenSight } from '../../stores/sight.ts';
import { compileFilter, needsPatterns, parseFilter, type IncidentFilter } from './filter.ts';
import { inboxItems, rowsOf, type InboxItem } from './inbox-items.ts';

/** What the inbox shows, from what is live and what the window does; the view and the keys share it. */

export interface InboxModel {
  readonly items: readonly InboxItem[];
  readonly rows: readonly IncidentRow[];
  /** The row under the cursor: the one chosen, else the first. */
  readonly cursor: IncidentRow | undefined;
  readonly filterProblem: string;
}

type FilterInput = Pick<SessionState, 'filter' | 'patternCompiler'>;

function compile({ filter, patternCompiler }: FilterInput): Result<IncidentFilter, string> {
  if (filter.trim() === '') return success(() => true);
  const terms = parseFilter(filter);
  if (patternCompiler === null && needsPatterns(terms)) return failed('Loading RE2 …');
  return compileFilter(terms, patternCompiler ?? (() => null));
}

export function inboxModel(
  incidents: LiveState['incidents'],
  session: FilterInput & Pick<SessionState, 'pending' | 'inboxCursor'>,
  sight: Pick<ScreenSight, 'kind' | 'lastSeenAtMs'>,
): InboxModel {
  const filter = compile(session);
  const shown = withPending(incidents ?? [], session.pending);
  const items = inboxItems(filter.ok ? shown.filter(filter.value) : shown, sight);
  const rows = rowsOf(items);
  return {
    items,
    rows,
    cursor: rows.find((row) => row.id === session.inboxCursor) ?? rows[0],
    filterProblem: filter.ok ? '' : filter.failure,
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
