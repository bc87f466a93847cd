import type { CommandAction, ViewCursor } from '../../actions/command-action.ts';
import type { App } from '../../app.ts';
import type { routingCommands } from '../../keys/commands/routing.ts';
import { nextSource, sourceNames } from '../../parts/source-choice.tsx';
import { nothingAsked } from '../../stores/traces.ts';
import { routeUnderCursor, takenRoutes } from './route-rows.ts';

/** What the commands of the routing view do. */

export const labelsInputId = 'routing-labels';

const showsSource = (app: App): boolean => app.routing.getState().text === null;
const hasTaken = (app: App): boolean => takenIds(app).length > 0;

function takenIds(app: App): readonly number[] {
  const { tree, paging } = app.routing.getState();
  const taken = takenRoutes(tree.answer, paging.answer);
  return (tree.answer?.routes ?? []).map(({ id }) => id).filter((id) => taken.get(id)?.delivery != null);
}

/** From the last back to the first, and the other way round. */
function moveTaken(app: App, step: 1 | -1): void {
  const ids = takenIds(app);
  const current = routeUnderCursor(app.routing.getState())?.id ?? -1;
  const next =
    step === 1
      ? (ids.find((id) => id > current) ?? ids[0])
      : (ids.findLast((id) => id < current) ?? ids.at(-1));
  if (next !== undefined) app.routing.setState({ cursor: next });
}

/** Another configuration: what is shown of the one before says nothing of it. */
export function chooseSource({ routing }: App, source: string): void {
  routing.setState({ source, text: null, cursor: null, tree: nothingAsked, paging: nothingAsked });
}

export const routingActions: Readonly<Record<keyof typeof routingCommands, CommandAction>> = {
  'routing.labels': { run: () => document.getElementById(labelsInputId)?.focus() },
  'routing.next-taken': { run: (app) => moveTaken(app, 1), available: hasTaken },
  'routing.previous-taken': { run: (app) => moveTaken(app, -1), available: hasTaken },
  'routing.open': { run: (app) => app.routing.setState({ isOpening: true }) },
  'routing.close': {
    run: (app) => chooseSource(app, app.routing.getState().source),
    available: (app) => !showsSource(app),
  },
  'routing.source': {
    run: (app) => {
      const names = sourceNames(app.live.getState(), 'alertmanager');
      chooseSource(app, nextSource(names, app.routing.getState().source));
    },
    available: (app) => showsSource(app) && sourceNames(app.live.getState(), 'alertmanager').length > 1,
  },
};

export const routingCursor: ViewCursor = {
  move: (app, step) => {
    const state = app.routing.getState();
    const routes = state.tree.answer?.routes ?? [];
    const current = routeUnderCursor(state);
    if (current === undefined) return;
    const from = routes.indexOf(current);
    const next = routes[Math.min(routes.length - 1, Math.max(0, from + step))];
    if (next !== undefined) app.routing.setState({ cursor: next.id });
  },
  open: () => undefined,
};
