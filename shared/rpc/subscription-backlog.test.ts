import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServerFrame } from './frames.ts';
import { SubscriptionBacklog } from './subscription-backlog.ts';

/** A counter as the topic: a patch is its new value. */
function counting() {
  let value = 0;
  const sent: ServerFrame[] = [];
  const backlog = new SubscriptionBacklog(
    1,
    () => value,
    (frame) => void sent.push(frame),
  );
  return {
    backlog,
    sent,
    current: () => value,
    change: () => backlog.push(++value),
  };
}

type ValueFrame = Extract<ServerFrame, { frame: 'snapshot' | 'patch' }>;

describe('SubscriptionBacklog', () => {
  it('sends a snapshot, then patches whose sequence rises by one', () => {
    const { backlog, sent, change } = counting();
    backlog.resync();
    change();
    change();
    expect(sent).toEqual([
      { frame: 'snapshot', id: 1, sequence: 0, value: 0 },
      { frame: 'patch', id: 1, sequence: 1, value: 1 },
      { frame: 'patch', id: 1, sequence: 2, value: 2 },
    ]);
  });

  it('stops at 32 unseen and goes on with one snapshot once all of them are seen', () => {
    const { backlog, sent, change } = counting();
    backlog.resync();
    for (let index = 0; index < 1_000; index++) change();
    expect(sent).toHaveLength(32);
    backlog.seen(30);
    expect(sent).toHaveLength(32);
    backlog.seen(31);
    expect(sent.slice(32)).toEqual([{ frame: 'snapshot', id: 1, sequence: 32, value: 1_000 }]);
  });

  it('answers many requests to resync with at most two snapshots', () => {
    const { backlog, sent } = counting();
    for (let index = 0; index < 1_000; index++) backlog.resync();
    expect(sent).toHaveLength(1);
    backlog.seen(0);
    expect(sent).toHaveLength(2);
  });

  it('says once of each frame that it was seen', () => {
    const { backlog, change } = counting();
    backlog.resync();
    change();
    expect([0, 0, 1, 1, 0, 999].map((sequence) => backlog.seen(sequence))).toEqual([
      true,
      false,
      true,
      false,
      false,
      false,
    ]);
  });

  it('keeps a bounded number unseen and ends on the newest value, however window and core take turns', () => {
    const turn = fc.oneof(
      { weight: 4, arbitrary: fc.constant('change' as const) },
      { weight: 2, arbitrary: fc.constant('read' as const) },
      { weight: 1, arbitrary: fc.constant('resync' as const) },
    );
    fc.assert(
      fc.property(fc.array(turn, { maxLength: 400 }), (turns) => {
        const { backlog, sent, current, change } = counting();
        let read = 0;
        let shown: number | undefined;
        let sequence: number | undefined;
        const readOne = (): void => {
          const frame = sent[read++] as ValueFrame;
          // What a window does: take a snapshot as it is, a patch only where it is the next one.
          expect(frame.frame === 'snapshot' || frame.sequence === (sequence ?? NaN) + 1).toBe(true);
          shown = frame.value as number;
          sequence = frame.sequence;
          backlog.seen(frame.sequence);
        };
        backlog.resync();
        for (const next of turns) {
          if (next === 'change') change();
          else if (next === 'resync') backlog.resync();
          else if (read < sent.length) readOne();
          // 32 patches, and the snapshot that a resync may put after them.
          expect(sent.length - read).toBeLessThanOrEqual(33);
        }
        while (read < sent.length) readOne();
        expect(shown).toBe(current());
      }),
    );
  });
});
