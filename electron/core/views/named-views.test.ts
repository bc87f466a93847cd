import { expect, test } from 'vitest';
import { NoticeBoard } from '#core/notices.ts';
import { noViews, type SavedViews } from '#shared/model/view.ts';
import { defaultPolicy, type NotificationPolicy, type PolicyRule } from '#shared/notify/model.ts';
import { NamedViews } from './named-views.ts';

function rule(view: string | null): PolicyRule {
  return {
    conditions: { severities: null, matchers: null, view, times: null },
    tell: 'never',
    throughQuiet: false,
    sound: null,
    repeatMs: null,
    louderAfterMs: null,
  };
}

const saved = (...names: readonly string[]): SavedViews => ({
  views: names.map((name) => ({ name, filter: 'a=b', notifies: false })),
  wereSaved: true,
});

test('a view that a rule names and nobody saved is told once, and no more once it is saved', () => {
  let policy: NotificationPolicy = defaultPolicy;
  let views = noViews;
  let changes = 0;
  const notices = new NoticeBoard([], () => void changes++);
  const named = new NamedViews({ policy: () => policy, views: () => views, notices, nowMs: () => 7 });
  named.look();
  expect(notices.list()).toEqual([]);
  policy = { ...defaultPolicy, rules: [rule('mine'), rule(null), rule('mine'), rule('yours')] };
  named.look();
  named.look();
  expect(notices.list()).toMatchObject([
    { message: expect.stringContaining('names views "mine", "yours" that nobody has saved'), atMs: 7 },
  ]);
  views = saved('yours');
  named.look();
  expect(notices.list()[0]?.message).toContain('names a view "mine" that nobody has saved');
  expect(changes).toBe(2);
  notices.dismiss('views-of-policy');
  named.look();
  expect(notices.list()).toEqual([]);
  views = saved('yours', 'mine');
  named.look();
  expect(notices.list()).toEqual([]);
});
