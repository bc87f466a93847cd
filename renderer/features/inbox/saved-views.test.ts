import { beforeEach, describe, expect, it } from 'vitest';
import { alertFacts, incidentRow } from '#support/models.ts';
import { createPreferencesStore, maxSavedViews, type PreferencesStore } from '../../stores/prefs.ts';
import { createSessionStore, type SessionStore } from '../../stores/session.ts';
import {
  canSave,
  chooseView,
  countOf,
  deleteView,
  nameView,
  startRenaming,
  startSaving,
  viewInForce,
} from './saved-views.ts';

let kept: string | null;
const storage = {
  getItem: () => kept,
  setItem: (_key: string, value: string) => {
    kept = value;
  },
};
let app: { session: SessionStore; preferences: PreferencesStore };

beforeEach(() => {
  kept = null;
  app = { session: createSessionStore(), preferences: createPreferencesStore(storage) };
});

function save(name: string, filter: string): string {
  app.session.setState({ filter });
  startSaving(app);
  return nameView(app, name);
}

function names(): readonly string[] {
  return createPreferencesStore(storage)
    .getState()
    .views.map(({ name }) => name);
}

describe('saved views', () => {
  it('are named, chosen, renamed and deleted, and are there after a reload', () => {
    expect(save('Payments', ' team=payments ')).toBe('');
    expect(save('Pages', '@receiver=pager')).toBe('');
    expect(names()).toEqual(['Payments', 'Pages']);
    chooseView(app, 0);
    expect(app.session.getState().filter).toBe('team=payments');
    expect([viewInForce(app), canSave(app)]).toEqual([0, false]);
    startRenaming(app);
    expect(nameView(app, ' Money ')).toBe('');
    expect(names()).toEqual(['Money', 'Pages']);
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
      toast: { text: expect.stringMatching(/no @nothing/) },
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

  it('count what is open and matches, apart from what may', () => {
    const rows = [
      incidentRow({ id: 1 }),
      incidentRow({ id: 2, resolvedAtMs: 5 }),
      incidentRow({ id: 3, service: 'other' }),
    ];
    const alerts = new Map(
      rows.map((row) => [row.id, [alertFacts(row, { mutedBy: row.id === 1 ? ['night'] : null })]]),
    );
    const counted = (filter: string): unknown => countOf({ name: 'x', filter }, rows, alerts, null, 0);
    expect(counted('other')).toEqual({ kind: 'counted', matching: 1, unknown: 0 });
    expect(counted('@muted=night')).toEqual({ kind: 'counted', matching: 1, unknown: 1 });
    expect(counted('a=~b')).toEqual({ kind: 'waiting' });
    expect(counted('@nothing')).toEqual({ kind: 'wrong', message: 'There is no @nothing.' });
  });

  it('that storage holds are checked like any input', () => {
    kept = JSON.stringify({ theme: 'light', views: [{ name: 'x' }] });
    expect(createPreferencesStore(storage).getState()).toMatchObject({ theme: 'light', views: [] });
  });
});
