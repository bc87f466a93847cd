import type { App } from '../app.ts';
import { tell, tellFailure } from './toasts.ts';

/** Takes back what waits to be sent; what has left the machine meanwhile is not taken back, and said so. */
export async function withdrawEntries(app: App, entryIds: readonly string[]): Promise<void> {
  for (const id of entryIds) {
    const answer = await app.core.call('outbox.withdraw', { id });
    if (!answer.ok) return tellFailure(app, 'take it back', answer.failure);
  }
  tell(app, { tone: 'plain', text: 'Taken back: it was not sent', undo: null });
}
