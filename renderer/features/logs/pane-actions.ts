import { tell } from '../../actions/toasts.ts';
import type { App } from '../../app.ts';
import { changeLogs, type LogPane } from '../../stores/logs.ts';
import { runQuery } from './logs-actions.ts';
import { queryWithDetected, queryWithPattern } from './pane-queries.ts';

/** What a person does in the pane in place of the lines. */

/** The most rows of a pane: the first by count, or by how many values they have. */
export const maxPaneRows = 500;

export function togglePane(app: App, kind: LogPane['kind']): void {
  const { pane } = app.logs.getState();
  const asked = { row: 0, failure: null, answer: null, fromMs: 0, toMs: 0 };
  changeLogs(app.logs, { pane: pane?.kind === kind ? null : { kind, ...asked } });
}

export function rowsOfPane(pane: LogPane | null): number {
  if (pane === null || pane.answer === null) return 0;
  const all = pane.kind === 'patterns' ? pane.answer.patterns : pane.answer.fields;
  return Math.min(maxPaneRows, all.length);
}

export function movePaneCursor(app: App, step: number): void {
  const { pane } = app.logs.getState();
  if (pane !== null) moveToPaneRow(app, pane.row + step);
}

export function moveToPaneRow(app: App, row: number): void {
  const { pane } = app.logs.getState();
  if (pane === null) return;
  changeLogs(app.logs, { pane: { ...pane, row: Math.max(0, Math.min(rowsOfPane(pane) - 1, row)) } });
}

/** Asks for only the lines like the row under the cursor, or for none of them, and shows the lines again. */
export function narrowToRow(app: App, operator: '=' | '!='): void {
  const { pane, query } = app.logs.getState();
  const next = pane === null ? null : narrowed(pane, query, operator);
  if (next !== null && next !== query) return runQuery(app, next);
  if (rowsOfPane(pane) === 0) return;
  const text = 'The query says so already, or cannot take this row: write it by hand with L.';
  tell(app, { tone: 'plain', text, undo: null });
}

function narrowed(pane: LogPane, query: string, operator: '=' | '!='): string | null {
  if (pane.kind === 'patterns') {
    const row = pane.answer?.patterns[pane.row];
    return row === undefined ? null : queryWithPattern(query, row.pattern, operator);
  }
  const row = pane.answer?.fields[pane.row];
  return row === undefined ? null : queryWithDetected(query, row, operator);
}
