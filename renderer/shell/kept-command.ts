import type { CommandAction } from '../actions/command-action.ts';
import type { App } from '../app.ts';

/**
 * The last command that was given before what it acts on was here: it is done once that is, unless it takes
 * too long or the person has gone elsewhere meanwhile. What is done late and out of sight surprises.
 */
const tickMs = 50;
const mostTicks = 60;

export class KeptCommand {
  #timer: ReturnType<typeof setInterval> | undefined;

  /** @param actionNow undefined until what it acts on is here. */
  keep(app: App, actionNow: () => CommandAction | undefined): void {
    this.#drop();
    const { view } = app.session.getState();
    let ticks = 0;
    // A turn of its own: by then what has just come is drawn, and has the inputs that a command goes to.
    this.#timer = setInterval(() => {
      const now = app.session.getState();
      ticks += 1;
      if (now.view !== view || now.overlay !== null || ticks > mostTicks) return this.#drop();
      const action = actionNow();
      if (action === undefined || action.available?.(app) === false) return;
      this.#drop();
      action.run(app);
    }, tickMs);
  }

  #drop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}
