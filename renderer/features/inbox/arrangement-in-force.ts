import type { App } from '../../app.ts';
import { asItComes, type Arrangement } from '../../stores/arrangement.ts';
import { isAsItComes } from './arrangement.ts';
import { viewInForce, viewsOf } from './saved-views.ts';

/** Each saved view has an arrangement of its own, and so has the inbox without one. */

type Stores = Pick<App, 'session' | 'preferences' | 'live'>;

function nameInForce(app: Stores): string {
  return viewsOf(app)[viewInForce(app)]?.name ?? '';
}

export function arrangementInForce(app: Stores): Arrangement {
  return app.preferences.getState().arrangements[nameInForce(app)] ?? asItComes;
}

export function arrange(app: Stores, arrangement: Arrangement): void {
  const name = nameInForce(app);
  const known = new Set(['', ...viewsOf(app).map((view) => view.name)]);
  // Those of views that are gone go with them.
  const kept = Object.entries(app.preferences.getState().arrangements).filter(
    ([of]) => of !== name && known.has(of),
  );
  if (!isAsItComes(arrangement)) kept.push([name, arrangement]);
  app.preferences.setState({ arrangements: Object.fromEntries(kept) });
  app.session.setState({ inboxFolded: new Set(), inboxHead: null, arranging: null });
}
