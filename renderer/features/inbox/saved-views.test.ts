import { beforeEach, describe, expect, it, vi } from 'vitest';
import { maxSavedViews, noViews, type SavedView } from '#shared/model/view.ts';
import { commandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { App } from '../../app.ts';
import { asItComes } from '../../stores/arrangement.ts';
import { createLiveStore } from '../../stores/live.ts';
import { createPreferencesStore } from '../../stores/prefs.ts';
import { createSessionStore } from '../../stores/session.ts';
import { arrange, arrangementInForce } from './arrangement-in-force.ts';
import {
  canSave,
  carryOverViews,
  chooseView,
  deleteView,
  nameView,
  startRenaming,
  startSaving,
  toggleNotifies,
  viewInForce,
  viewsOf,
} from './saved-views.ts';

let app: App;
let refuses: boolean;

beforeEach(() => {
  refuses = false;
  const live = createLiveStore();
  live.setState({ views: noViews });
  const save = vi.fn((_name: string, { views }: { readonly views: SavedView[] }) => {
    if (refuses) return Promise.resolve(failed(commandFailure('unavailable', 'it is away', 'Wait.')));
    live.setState({ views: { views, wereSaved: true } });
    return Promise.resolve(success({ views, wereSaved: true }));
  });
  app = {
    live,
    session: createSessionStore(),
    preferences: createPreferencesStore({ getItem: () => null, setItem: () => undefined }),
    core: { call: save },
  } as unknown as App;
});

function save(name: string, filter: string): string {
  app.session.setState({ filter });
  startSaving(app);
  return nameView(app, name);
}

const names = (): readonly string[] => viewsOf(app).map(({ name }) => name);

describe('saved views', () => {
  it('are named, chosen, renamed and deleted', () => {
    expect(save('Payments', ' team=payments ')).toBe('');
    expect(save('Pages', '@receiver=pager')).toBe('');
    expect(names()).toEqual(['Payments', 'Pages']);
    chooseView(app, 0);
    expect(app.session.getState().filter).toBe('team=payments');
    expect([viewInForce(app), canSave(app)]).toEqual([0, false]);
    toggleNotifies(app);
    startRenaming(app);
    expect(nameView(app, ' Money ')).toBe('');
    expect(viewsOf(app)[0]).toEqual({ name: 'Money', filter: 'team=payments', notifies: true });
    deleteView(app);
    expect(names()).toEqual(['Pages']);
    expect(app.session.getState()).toMatchObject({ filter: 'team=payments', viewNaming: null });
    expect(app.session.getState().toast?.text).toMatch(/Deleted the view Money/);
    expect(canSave(app)).toBe(true);
    chooseView(app, -1);
    expect([app.session.getState().filter, canSave(app)]).toEqual(['', false]);
  });

  it('are not made of what cannot be read', () => {
    app.session.setState({ filter: '@nothing' });
    startSaving(app);
    expect(app.session.getState()).toMatchObject({
      viewNaming: null,
      toast: { text: expect.stringMatching(/no @nothing/) as string },
    });
  });

  it('have a name each, and no more of them than there are keys', () => {
    expect(save(' ', 'a')).toMatch(/has a name/);
    expect(app.session.getState().viewNaming).toBe('save');
    for (let number = 1; number <= maxSavedViews; number++) save(`view ${number}`, `a${number}`);
    expect(names()).toHaveLength(maxSavedViews);
    app.session.setState({ filter: 'one more' });
    startSaving(app);
    expect(app.session.getState().viewNaming).toBeNull();
    expect(app.session.getState().toast?.text).toMatch(/Delete one first/);
    chooseView(app, 0);
    startRenaming(app);
    expect(nameView(app, 'view 2')).toMatch(/Another view/);
    expect(nameView(app, 'view 1')).toBe('');
  });

  it('tell of a core that does not keep them', async () => {
    refuses = true;
    save('Payments', 'team=payments');
    await vi.waitFor(() =>
      expect(app.session.getState().toast?.text).toMatch(/Could not save the view Payments: it is away/),
    );
    expect(names()).toEqual([]);
  });

  it('of this window are carried over once, where nobody saved any', async () => {
    app.preferences.setState({ views: [{ name: 'Old', filter: 'a=b' }] });
    expect(viewsOf(app)).toEqual([{ name: 'Old', filter: 'a=b', notifies: false }]);
    expect(viewsOf(app)).toBe(viewsOf(app));
    await carryOverViews(app);
    expect(app.preferences.getState().views).toEqual([]);
    expect(names()).toEqual(['Old']);
    app.preferences.setState({ views: [{ name: 'Older', filter: 'a=c' }] });
    await carryOverViews(app);
    expect(names()).toEqual(['Old']);
  });

  it('have an arrangement each, which goes when its view does', () => {
    save('Payments', 'team=payments');
    arrange(app, { ...asItComes, sort: 'age' });
    chooseView(app, -1);
    expect(arrangementInForce(app)).toEqual(asItComes);
    arrange(app, { ...asItComes, groupBy: ['team'] });
    chooseView(app, 0);
    expect(arrangementInForce(app).sort).toBe('age');
    deleteView(app);
    arrange(app, asItComes);
    expect(app.preferences.getState().arrangements).toEqual({});
  });
});
