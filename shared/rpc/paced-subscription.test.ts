import { describe, expect, it } from 'vitest';
import { foldRows } from './fold.ts';
import type { ServerFrame } from './frames.ts';
import { Pace } from './paced-subscription.ts';

interface Row {
  readonly key: string;
  readonly n: number;
}

type ValueFrame = Extract<ServerFrame, { frame: 'snapshot' | 'patch' }>;

function paced() {
  const pace = new Pace();
  const sent: ValueFrame[] = [];
  const follow = (id: number, first: boolean) =>
    pace.add({
      id,
      first,
      current: () => [`everything of ${id}`],
      gathered: foldRows<Row>((row) => row.key).gather(),
      send: (frame) => void sent.push(frame as ValueFrame),
    });
  const changes = (count: number, n = 0) => ({
    upsert: Array.from({ length: count }, (_, index) => ({ key: `k${index}`, n })),
    remove: [],
  });
  return { pace, sent, follow, changes };
}

const rowsIn = (frame: ValueFrame): number => (frame.value as { upsert: Row[] }).upsert.length;

describe('PacedSubscription', () => {
  it('sends at once while the window keeps up, then one patch for all that came meanwhile', () => {
    const { sent, follow, changes } = paced();
    const rows = follow(1, false);
    rows.resync();
    for (let n = 0; n < 100; n++) rows.push(changes(3, n));
    expect(sent.map(({ frame, sequence }) => `${frame} ${sequence}`)).toEqual([
      'snapshot 0',
      'patch 1',
      'patch 2',
      'patch 3',
    ]);
    rows.seen(1);
    expect(sent).toHaveLength(5);
    expect(sent[4]?.value).toEqual(changes(3, 99));
  });

  it('cuts a long patch into several', () => {
    const { sent, follow, changes } = paced();
    const rows = follow(1, false);
    rows.push(changes(1_100));
    expect(sent.map(rowsIn)).toEqual([250, 250, 250, 250]);
    rows.seen(3);
    expect(sent.slice(4).map(rowsIn)).toEqual([100]);
  });

  it('tells what others refer to first, whichever changed first', () => {
    const { sent, follow, changes } = paced();
    const late = follow(1, false);
    const early = follow(2, true);
    for (let n = 0; n < 4; n++) late.push(changes(1, n));
    late.push(changes(1, 4));
    early.push(changes(1, 4));
    expect(sent).toHaveLength(4);
    late.seen(3);
    expect(sent.slice(4).map(({ id }) => id)).toEqual([2, 1]);
  });

  it('forgets what was gathered when it sends everything, and answers many requests with two snapshots', () => {
    const { sent, follow, changes } = paced();
    const rows = follow(1, false);
    rows.resync();
    for (let n = 0; n < 10; n++) rows.push(changes(1, n));
    for (let n = 0; n < 10; n++) rows.resync();
    expect(sent.filter(({ frame }) => frame === 'snapshot')).toHaveLength(1);
    rows.seen(3);
    expect(sent.map(({ frame }) => frame).slice(4)).toEqual(['snapshot']);
    rows.seen(4);
    expect(sent).toHaveLength(5);
  });

  it('does not wait for a subscription that has ended', () => {
    const { pace, sent, follow, changes } = paced();
    const silent = follow(1, false);
    const other = follow(2, false);
    for (let n = 0; n < 4; n++) silent.push(changes(1, n));
    other.push(changes(1));
    expect(sent.filter(({ id }) => id === 2)).toHaveLength(0);
    pace.remove(silent);
    expect(sent.filter(({ id }) => id === 2)).toHaveLength(1);
  });
});
