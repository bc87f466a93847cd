import type { App } from '../app.ts';
import type { FormSubject } from '../stores/silences.ts';
import { openOverlay } from './view.ts';

/** The way to the form of a silence from anywhere in the window: the form itself comes late. */
export function openSilenceForm(app: Pick<App, 'session' | 'silences'>, subject: FormSubject): void {
  app.silences.setState({ asked: subject });
  openOverlay(app, 'silence');
}
