import { secondMs } from '#shared/time.ts';
import type { CommandFailure } from '#shared/failure.ts';
import type { App } from '../app.ts';
import type { Toast } from '../stores/session.ts';

/** One line at the bottom left that says what has just happened; one at a time. */

export const toastMs = 10 * secondMs;

let nextId = 1;

export function tell({ session }: Pick<App, 'session'>, toast: Pick<Toast, 'text' | 'undo' | 'tone'>): void {
  const id = nextId++;
  session.setState({ toast: { ...toast, id, endsAtMs: Date.now() + toastMs } });
  setTimeout(() => {
    if (session.getState().toast?.id === id) session.setState({ toast: null });
  }, toastMs);
}

/** Takes a sentence back that is no news any more, before its time. */
export function withdraw({ session }: Pick<App, 'session'>, text: string): void {
  if (session.getState().toast?.text === text) session.setState({ toast: null });
}

/** @param what was tried, in the words of the button: `acknowledge INC-12`. */
export function tellFailure(app: Pick<App, 'session'>, what: string, failure: CommandFailure): void {
  tell(app, {
    tone: 'failure',
    text: `Could not ${what}: ${failure.message}. ${failure.nextStep}`,
    undo: null,
  });
}
