import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import { openLogs, openTraces } from '../../actions/across.ts';
import type { App } from '../../app.ts';
import type { overviewCommands } from '../../keys/commands/overview.ts';
import { panelUnderCursor, shownPanels } from './overview-model.ts';

/** What the commands of the overview do. */

const hasPanel = (app: App): boolean => panelUnderCursor(app.overview.getState()) !== undefined;

function move(app: App, step: number): void {
  const state = app.overview.getState();
  const panels = shownPanels(state);
  const current = panelUnderCursor(state);
  const from = current === undefined ? 0 : panels.indexOf(current);
  const next = panels[Math.min(panels.length - 1, Math.max(0, from + step))];
  if (next !== undefined) app.overview.setState({ cursor: next.id });
}

/** Down and up go to the same signal of the next service, where it has one. */
function moveService(app: App, step: number): void {
  if (!Number.isFinite(step)) return move(app, step);
  const state = app.overview.getState();
  const panels = shownPanels(state);
  const current = panelUnderCursor(state);
  if (current === undefined) return;
  const services = [...new Set(panels.map((panel) => panel.service))];
  const service = services[services.indexOf(current.service) + step];
  const own = panels.filter((panel) => panel.service === service);
  const next = own.find((panel) => panel.signal === current.signal) ?? own[0];
  if (next !== undefined) app.overview.setState({ cursor: next.id });
}

function onService(act: (app: App, service: string) => void): CommandAction {
  return {
    run: (app) => {
      const panel = panelUnderCursor(app.overview.getState());
      if (panel !== undefined) act(app, panel.service);
    },
    available: hasPanel,
  };
}

export const overviewActions: Readonly<Record<keyof typeof overviewCommands, CommandAction>> = {
  'overview.left': { run: (app) => move(app, -1), available: hasPanel },
  'overview.right': { run: (app) => move(app, 1), available: hasPanel },
  'overview.service': onService((app, service) =>
    app.overview.setState((state) => ({ service: state.service === service ? '' : service })),
  ),
  'overview.logs': onService((app, service) => openLogs(app, `{service=${JSON.stringify(service)}}`)),
  'overview.traces': onService((app, service) => openTraces(app, service)),
};

export const overviewCursor: ViewCursor = {
  move: moveService,
  open: (app) => {
    const panel = panelUnderCursor(app.overview.getState());
    if (panel === undefined) return;
    app.overview.setState((state) => ({
      cursor: panel.id,
      enlarged: state.enlarged === null ? panel.id : null,
    }));
  },
};
