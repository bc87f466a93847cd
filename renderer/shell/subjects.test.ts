import { expect, test } from 'vitest';
import { incidentRow } from '#support/models.ts';
import type { InboxItem } from '../features/inbox/inbox-items.ts';
import { nextAfter } from './subjects.ts';

function items(...ids: number[]): InboxItem[] {
  return ids.map((id) => ({ kind: 'row', key: String(id), row: incidentRow({ id }) }) as InboxItem);
}

test.each([
  ['goes to what comes after it', 2, [2], 3],
  ['passes over what was decided with it', 2, [2, 3], 4],
  ['goes back from the end', 4, [4, 3], 2],
  ['stays where nothing under it was decided', 1, [2, 3], undefined],
  ['stays where nothing else is listed', 1, [1, 2, 3, 4], undefined],
  ['starts at the first where it stands nowhere', null, [1], 2],
  ['starts at the first where its incident is gone', 9, [1], 2],
])('the cursor %s', (_what, cursor, decided, expected) => {
  expect(nextAfter({ items: items(1, 2, 3, 4) }, cursor, new Set(decided))).toBe(expected);
});
