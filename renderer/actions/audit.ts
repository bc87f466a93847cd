import { counted } from '#shared/text.ts';
import type { App } from '../app.ts';
import { tell, tellFailure } from './toasts.ts';

/** Has the whole audit trail written into a file of the data folder, and says where it is. */
export async function exportAudit(app: App): Promise<void> {
  const answer = await app.core.call('audit.export', { sinceMs: null });
  if (!answer.ok) return tellFailure(app, 'export the audit trail', answer.failure);
  const { path, lines } = answer.value;
  const text = `Audit trail: ${counted(lines, 'line')} in ${path}`;
  tell(app, { tone: 'plain', text, undo: null });
}
