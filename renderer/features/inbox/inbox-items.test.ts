import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertStates } from '#shared/model/alert.ts';
import { incidentRow } from '#support/models.ts';
import { countOpen, inboxItems, rowsOf, type InboxItem } from './inbox-items.ts';

const live = { kind: 'live', lastSeenAtMs: 1_000 } as const;
const blind = { kind: 'blind', lastSeenAtMs: 1_000 } as const;
const taken = { by: 'ada', atMs: 5 };

/** `title: id id` for each section. */
function outline(items: readonly InboxItem[]): readonly string[] {
  const lines: string[] = [];
  for (const item of items) {
    if (item.kind === 'section') lines.push(`${item.name} ${item.count}:`);
    else lines.push(`${lines.pop() ?? ''} ${item.row.id}`);
  }
  return lines;
}

const rows = [
  incidentRow({ id: 1, startsAtMs: 50, severity: { level: 'warning', word: 'Warning' } }),
  incidentRow({ id: 2, startsAtMs: 90 }),
  incidentRow({ id: 3, startsAtMs: 60 }),
  incidentRow({ id: 4, acknowledged: { by: 'ada', atMs: 20 } }),
  incidentRow({ id: 5, acknowledged: { by: 'ada', atMs: 10 } }),
  incidentRow({ id: 6, state: 'suppressed' }),
  incidentRow({ id: 7, state: 'unseen' }),
  incidentRow({ id: 8, state: 'resolved', resolvedAtMs: 70 }),
  incidentRow({ id: 9, state: 'resolved', resolvedAtMs: 80 }),
  incidentRow({ id: 10, state: 'unseen', acknowledged: taken }),
  incidentRow({ id: 11, state: 'unseen', resolvedAtMs: 60 }),
];

describe('the inbox', () => {
  it('puts every incident where it belongs, in the order that the section states', () => {
    expect(outline(inboxItems(rows, live))).toEqual([
      'needs-you 3: 3 2 1',
      'unseen 2: 7 10',
      'acknowledged 2: 5 4',
      'muted 1: 6',
      'resolved 3: 9 8 11',
    ]);
  });

  it('speaks in the past tense when blind, and calls nothing well', () => {
    const items = inboxItems(rows, blind);
    expect(outline(items)).toEqual([
      'needs-you 4: 3 2 7 1',
      'acknowledged 3: 10 5 4',
      'muted 1: 6',
      'resolved 3: 9 8 11',
    ]);
    const titles = items.flatMap((item) => (item.kind === 'section' ? [item.title] : []));
    expect(titles.every((title) => title.startsWith('Was '))).toBe(true);
  });

  it('counts who needs somebody', () => {
    expect(countOpen(rows, false)).toEqual({ needsYou: 3, open: 8 });
    expect(countOpen(rows, true)).toEqual({ needsYou: 4, open: 8 });
  });

  it('shows every incident exactly once, whatever there is', () => {
    const anyRow = fc.record({
      level: fc.constantFrom('critical' as const, 'warning' as const, 'info' as const),
      state: fc.constantFrom(...alertStates),
      taken: fc.boolean(),
      ended: fc.boolean(),
      startsAtMs: fc.integer({ min: 0, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 30 }), fc.boolean(), (drafts, isBlind) => {
        const all = drafts.map((draft, id) =>
          incidentRow({
            id: id + 1,
            severity: { level: draft.level, word: draft.level },
            // A source that resolves an incident ends it.
            state: draft.state,
            resolvedAtMs: draft.ended || draft.state === 'resolved' ? 9 : null,
            acknowledged: draft.taken ? taken : null,
            startsAtMs: draft.startsAtMs,
          }),
        );
        const shown = rowsOf(inboxItems(all, isBlind ? blind : live)).map((row) => row.id);
        expect(shown.toSorted((a, b) => a - b)).toEqual(all.map((row) => row.id));
      }),
    );
  });
});
