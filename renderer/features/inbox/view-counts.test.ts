import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alertFacts, incidentRow } from '#support/models.ts';
import { asItComes } from '../../stores/arrangement.ts';
import { InboxLedger } from './inbox-ledger.ts';
import { ViewCounts, type ViewCount } from './view-counts.ts';

const nothing = { alerts: [], signs: [], pending: [], arrangement: asItComes, isBlind: false, nowMs: 0 };
const view = (filter: string) => ({ name: filter, filter, notifies: false });

describe('what saved views count', () => {
  it('is what is open and matches, apart from what may', () => {
    const rows = [
      incidentRow({ id: 1 }),
      incidentRow({ id: 2, resolvedAtMs: 5 }),
      incidentRow({ id: 3, service: 'other' }),
    ];
    const alerts = rows.map((row) => ({
      incidentId: row.id,
      alerts: [alertFacts(row, { mutedBy: row.id === 1 ? ['night'] : null })],
    }));
    const ledger = new InboxLedger();
    ledger.update({ ...nothing, incidents: rows, alerts });
    const views = ['other', '@muted=night', 'a=~b', '@nothing'].map(view);
    expect(new ViewCounts().update(ledger, views, null, 0)).toEqual([
      { kind: 'counted', matching: 1, unknown: 0 },
      { kind: 'counted', matching: 1, unknown: 1 },
      { kind: 'waiting' },
      { kind: 'wrong', message: 'There is no @nothing.' },
    ]);
  });

  it('is, after any changes, what it would be counted anew', () => {
    const step = fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      service: fc.constantFrom('a', 'b'),
      ended: fc.boolean(),
      gone: fc.boolean(),
      startsAtMs: fc.constantFrom(0, 100_000),
    });
    const views = ['a', '@age<1m', '@muted=x'].map(view);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const rows = new Map<number, ReturnType<typeof incidentRow>>();
        const ledger = new InboxLedger();
        const counts = new ViewCounts();
        let kept: readonly ViewCount[] = [];
        for (const [index, { id, service, ended, gone, startsAtMs }] of steps.entries()) {
          if (gone) rows.delete(id);
          else
            rows.set(
              id,
              incidentRow({
                id,
                title: '',
                summary: '',
                service,
                labels: {},
                startsAtMs,
                resolvedAtMs: ended ? 1 : null,
              }),
            );
          const incidents = [...rows.values()];
          const alerts = incidents.map((row) => ({ incidentId: row.id, alerts: [alertFacts(row)] }));
          ledger.update({ ...nothing, incidents, alerts });
          kept = counts.update(ledger, views, null, index * 20_000);
        }
        const anew = new ViewCounts().update(ledger, views, null, (steps.length - 1) * 20_000);
        if (steps.length > 0) expect(kept).toEqual(anew);
      }),
    );
  });
});
