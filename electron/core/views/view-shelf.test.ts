import { expect, test } from 'vitest';
import { IncidentBook } from '#core/incidents/incident-book.ts';
import type { JournalChange } from '#core/store/records.ts';
import { noViews, type SavedView, type SavedViews } from '#shared/model/view.ts';
import { emptyJournal } from '#support/journal-records.ts';
import { ViewShelf, viewsSetting } from './view-shelf.ts';

const view = (name: string, filter: string, notifies = false): SavedView => ({ name, filter, notifies });

/** A shelf over a journal that is a list. */
class World {
  readonly journal: JournalChange[] = [];
  readonly told: SavedViews[] = [];
  readonly shelf: ViewShelf;
  /** What the turns under way wait for. */
  held: Promise<void> | undefined;

  constructor(setting: string | null = null) {
    const record: ConstructorParameters<typeof ViewShelf>[0]['desk']['record'] = async (change) => {
      if (this.held !== undefined) await this.held;
      const draft = new IncidentBook(emptyJournal).draft();
      change(draft);
      this.journal.push(...draft.changes());
      this.shelf.applied(draft.changes());
    };
    const onViews = (views: SavedViews): void => void this.told.push(views);
    this.shelf = new ViewShelf({ desk: { record }, nowMs: () => 5, onViews }, setting);
  }

  async save(views: readonly SavedView[], carriedOver = false): Promise<string> {
    const saved = await this.shelf.save(views, carriedOver, 'ml');
    return saved.ok ? 'saved' : saved.failure.message;
  }

  setting(): string | null {
    const set = this.journal.findLast((change) => change.kind === 'setting' && change.key === viewsSetting);
    return set?.kind === 'setting' ? set.value : null;
  }
}

test('what is saved is told, written with who did it, and there after a restart in its order', async () => {
  const world = new World();
  expect(world.shelf.current).toEqual(noViews);
  const views = [view('b', 'team="db"', true), view('a', '@state=~"fir.*"')];
  expect(await world.save(views)).toBe('saved');
  expect(world.told).toEqual([{ views, wereSaved: true }]);
  expect(world.journal.find(({ kind }) => kind === 'audit')).toMatchObject({
    record: { by: 'ml', action: 'save views', target: 'b, a' },
  });
  expect(new World(world.setting()).shelf.current).toEqual({ views, wereSaved: true });
});

test('what a window carries over counts only before anybody saved any, an empty list included', async () => {
  const world = new World();
  await world.save([view('old', 'a=b')], true);
  await world.save([view('late', 'c=d')], true);
  expect(world.shelf.current.views.map(({ name }) => name)).toEqual(['old']);
  await world.save([]);
  await world.save([view('late', 'c=d')], true);
  expect(world.shelf.current).toEqual({ views: [], wereSaved: true });
});

test('what a window carries over puts nothing over what a person saves just then', async () => {
  const world = new World();
  const turn = Promise.withResolvers<void>();
  world.held = turn.promise;
  const said = [world.save([view('new', 'a=b')]), world.save([view('old', 'c=d')], true)];
  turn.resolve();
  expect(await Promise.all(said)).toEqual(['saved', 'saved']);
  expect(world.shelf.current.views.map(({ name }) => name)).toEqual(['new']);
});

test('a name twice and a filter that cannot be read are refused, and nothing is written', async () => {
  const world = new World();
  expect(await world.save([view('a', 'x=y'), view('a', 'z=w')])).toContain('two views are called "a"');
  expect(await world.save([view('a', '@nothing=1')])).toContain('the view "a": ');
  expect(await world.save([view('a', 'x=~"("')])).toContain('RE2');
  expect(world.journal).toEqual([]);
});

test('a filter of another version that is kept already stands in no way', async () => {
  const world = new World();
  const foreign = view('of before', '@future=1');
  expect(await world.save([foreign], true)).toBe('saved');
  expect(await world.save([{ ...foreign, name: 'renamed' }, view('new', 'a=b')])).toBe('saved');
});

test.each([null, '', '{', '[]', '{"views":[{"name":"","filter":"a","notifies":false}],"wereSaved":true}'])(
  'the setting %j is no views',
  (setting) => expect(new World(setting).shelf.current).toEqual(noViews),
);
