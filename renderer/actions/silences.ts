import type { App } from '../app.ts';
import { hasAlertmanager } from '../stores/alert-tellers.ts';
import type { FormSubject } from '../stores/silences.ts';
import { tell } from './toasts.ts';
import { openOverlay } from './view.ts';

/** Why nothing can be silenced here; null where there is somebody to keep a silence. */
export function whyNoSilence({ live }: Pick<App, 'live'>): string | null {
  const { console, sources } = live.getState();
  if (console?.safeMode === true)
    return 'Safe mode: no Alertmanager is asked, so no silence can be made or changed.';
  if (sources === null || hasAlertmanager(sources)) return null;
  return 'Silences are kept by an Alertmanager, and none is configured: the settings add one.';
}

/** The way to the form of a silence from anywhere in the window: the form itself comes late. */
export function openSilenceForm(app: Pick<App, 'live' | 'session' | 'silences'>, subject: FormSubject): void {
  const refusal = whyNoSilence(app);
  if (refusal !== null) return tell(app, { tone: 'failure', text: refusal, undo: null });
  app.silences.setState({ asked: subject });
  openOverlay(app, 'silence');
}
