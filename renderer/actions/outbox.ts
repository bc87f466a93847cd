import type { CommandFailure } from '#shared/failure.ts';
import type { App } from '../app.ts';
import { tell, tellFailure } from './toasts.ts';

/**
 * Takes back what waits to be sent, each of it that can be. What has left the machine meanwhile is not taken
 * back, and said so; so is that nobody knows yet whether it has arrived.
 */
export async function withdrawEntries(app: App, entryIds: readonly string[]): Promise<void> {
  const failures: CommandFailure[] = [];
  let uncertain = 0;
  for (const id of entryIds) {
    const answer = await app.core.call('outbox.withdraw', { id });
    if (!answer.ok) failures.push(answer.failure);
    else if (answer.value.mayHaveArrived) uncertain++;
  }
  const [failure] = failures;
  if (failure !== undefined) {
    const what = entryIds.length === 1 ? 'it' : `${failures.length} of ${entryIds.length}`;
    return tellFailure(app, `take ${what} back`, failure);
  }
  tell(app, { tone: 'plain', text: takenBack(entryIds.length, uncertain), undo: null });
}

function takenBack(count: number, uncertain: number): string {
  if (uncertain === 0) return `Taken back: ${count === 1 ? 'it was' : 'they were'} not sent`;
  if (count === 1) return 'It may have arrived: it is taken back once its server says that it has not';
  return `Taken back, but for ${uncertain} that may have arrived: the servers are asked first`;
}
