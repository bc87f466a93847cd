import type { App } from '../app.ts';
import { tourSteps } from '../keys/tour-steps.ts';
import type { CommandId } from '../keys/keymap.ts';

/** The tour of the keys: where it is, and what moves it on. */
type Places = Pick<App, 'session' | 'preferences'>;

export function startTour({ session }: Places): void {
  session.setState({ tourStep: 0 });
}

/** Taken or declined: it does not begin by itself any more. */
export function endTour({ session, preferences }: Places): void {
  session.setState({ tourStep: null });
  preferences.setState({ tourSeen: true });
}

/** To the step behind the last one, which says goodbye, and from there to its end. */
export function nextStep(app: Places): void {
  const { tourStep } = app.session.getState();
  if (tourStep === null) return;
  if (tourStep >= tourSteps.length) return endTour(app);
  app.session.setState({ tourStep: tourStep + 1 });
  if (tourStep + 1 === tourSteps.length) app.preferences.setState({ tourSeen: true });
}

/** A key was pressed: where the tour waits for it, it goes on. */
export function noticeKey(app: Places, command: CommandId): void {
  const { tourStep } = app.session.getState();
  if (tourStep !== null && tourSteps[tourStep] === command) nextStep(app);
}
