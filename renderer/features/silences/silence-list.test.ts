import { describe, expect, it } from 'vitest';
import { alertFacts, incidentRow } from '#support/models.ts';
import { outboxEntry, silence } from '#support/silence-models.ts';
import { comingBack, hiddenBy } from './coming-back.ts';
import { actionsOf, standingOf, subjectOfEntry } from './outbox-words.ts';
import { chosenSilences, listItems, rowsOf, rowUnderCursor } from './silence-list.ts';

const silences = [
  silence({ id: 'late', endsAtMs: 9_000 }),
  silence({ id: 'soon', endsAtMs: 5_000, comment: 'Planned drain of runner-5' }),
  silence({ id: 'next', state: 'pending', startsAtMs: 7_000 }),
  silence({ id: 'over', state: 'expired', endsAtMs: 400 }),
  silence({ id: 'just', state: 'expired', endsAtMs: 900, createdBy: 'm.lindqvist' }),
];

function shown(filter = '', blind = false): readonly string[] {
  const items = listItems({ silences, outbox: [], filter, blind });
  return items.map((item) => (item.kind === 'heading' ? item.title : item.key));
}

describe('the list of silences', () => {
  it('is in the order in which they ask for somebody', () => {
    const a = 'alertmanager-a';
    expect(shown()).toEqual([
      'Active',
      `${a}/soon`,
      `${a}/late`,
      'Pending',
      `${a}/next`,
      'Expired',
      `${a}/just`,
      `${a}/over`,
    ]);
  });

  it('speaks of the past while nothing is seen', () => {
    expect(shown('', true)).toContain('Active when last seen');
  });

  it('is filtered by words in any field', () => {
    expect(shown('RUNNER-5 drain')).toEqual(['Active', 'alertmanager-a/soon']);
    expect(shown('lindqvist')).toEqual(['Expired', 'alertmanager-a/just']);
    expect(shown('service="backend" nothing')).toEqual([]);
  });

  it('begins with what waits, that which needs somebody first', () => {
    const outbox = [
      outboxEntry({ id: 'held' }),
      outboxEntry({ id: 'done', state: 'done' }),
      outboxEntry({ id: 'gone', state: 'withdrawn' }),
      outboxEntry({ id: 'waiting', state: 'waiting' }),
      outboxEntry({ id: 'conflict', state: 'conflict' }),
    ];
    const rows = rowsOf(listItems({ silences, outbox, filter: 'no such', blind: false }));
    expect(rows.map(({ key }) => key)).toEqual(['outbox conflict', 'outbox waiting', 'outbox held']);
    expect(rowUnderCursor(rows, 'outbox held')?.key).toBe('outbox held');
    expect(rowUnderCursor(rows, 'left')?.key).toBe('outbox conflict');
  });

  it('commands act on the marked ones, else on the one under the cursor', () => {
    const rows = rowsOf(listItems({ silences, outbox: [], filter: '', blind: false }));
    const ids = (marked: readonly string[]) =>
      chosenSilences(silences, new Set(marked), rows[0]).map(({ id }) => id);
    expect(ids([])).toEqual(['soon']);
    expect(ids(['alertmanager-a/late', 'alertmanager-a/next'])).toEqual(['late', 'next']);
    expect(ids(['alertmanager-a/gone'])).toEqual(['soon']);
  });
});

describe('an entry of the outbox', () => {
  it('says how it stands and why', () => {
    const target = { source: 'am-b', state: 'waiting', detail: 'nothing listens there', atMs: 1 } as const;
    expect(standingOf(outboxEntry(), 3_000)).toBe('goes out in 8s');
    expect(standingOf(outboxEntry({ state: 'waiting', targets: [target] }), 3_000)).toBe(
      'waits for am-b: nothing listens there',
    );
    const failed = [{ ...target, state: 'failed' as const, detail: 'silence invalid' }];
    expect(standingOf(outboxEntry({ state: 'failed', targets: failed }), 3_000)).toBe(
      'refused: am-b: silence invalid',
    );
    expect(standingOf(outboxEntry({ state: 'conflict', conflict: 'ends at 03:00 now' }), 0)).toContain(
      'ends at 03:00',
    );
    const lost = { state: 'conflict', isDisplaced: true, conflict: 'prod is http://b now.' } as const;
    expect(standingOf(outboxEntry(lost), 0)).toBe('lost its server. prod is http://b now.');
  });

  it('offers what can be done', () => {
    expect(actionsOf(outboxEntry())).toEqual(['withdraw']);
    expect(actionsOf(outboxEntry({ state: 'conflict' }))).toContain('settle');
    expect(actionsOf(outboxEntry({ state: 'sending' }))).toEqual([]);
  });

  it('knows the silence that it is about', () => {
    const expire = outboxEntry({ request: { kind: 'expire', id: 'late', seenUpdatedAtMs: 1 } });
    expect(subjectOfEntry(expire, silences)?.id).toBe('late');
    expect(subjectOfEntry({ ...expire, cluster: 'other' }, silences)).toBeUndefined();
  });
});

describe('what would come back', () => {
  const row = incidentRow();
  const alerts = [
    {
      incidentId: 1,
      alerts: [
        alertFacts(row, { fingerprint: 'one', silencedBy: ['a'] }),
        alertFacts(row, { fingerprint: 'two', silencedBy: ['a', 'b'] }),
        alertFacts(row, { fingerprint: 'inhibited', silencedBy: ['a'], inhibitedBy: ['x'] }),
        alertFacts(row, { fingerprint: 'muted', silencedBy: ['a'], mutedBy: ['nights'] }),
        alertFacts(row, { fingerprint: 'over', silencedBy: ['a'], ended: true }),
        alertFacts(row, { fingerprint: 'firing' }),
      ],
    },
  ];

  it('is told from what is hidden otherwise, too', () => {
    const hidden = hiddenBy(new Set(['a']), alerts).map(({ fingerprint }) => fingerprint);
    expect(hidden).toEqual(['one', 'two', 'inhibited', 'muted']);
  });

  it.each([
    [['a'], ['one']],
    [
      ['a', 'b'],
      ['one', 'two'],
    ],
    [['b'], []],
  ])('without %j', (ids, expected) => {
    const back = comingBack(
      ids.map((id) => ({ id })),
      alerts,
    );
    expect(back.map(({ fingerprint }) => fingerprint)).toEqual(expected);
  });
});
