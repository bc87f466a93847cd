import { expect, test } from 'vitest';
import { systemClock } from '#core/clock/clock.ts';
import { noVerdicts } from '#core/store/records.ts';
import { success } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { alertRecord, incidentRecord } from '#support/journal-records.ts';
import { AcknowledgementKeeper } from './acknowledgement-keeper.ts';
import type { TendingOptions } from './tending-options.ts';

const ids = Array.from({ length: 400 }, (_, index) => index + 1);
const incidents = ids.map((id) =>
  incidentRecord({
    id,
    acknowledgedBy: 'anna',
    acknowledgedAtMs: 1,
    verdicts: { ...noVerdicts, holdsSilence: true },
  }),
);
const alerts = ids.flatMap((id) =>
  Array.from({ length: 10 }, (_, index) =>
    alertRecord({
      incidentId: id,
      fingerprint: `${id}-${index}`,
      labels: { alertname: `A${id}`, instance: `host-${index}` },
    }),
  ),
);

test('hundreds of acknowledgements in a storm are looked after without keeping anything waiting', async () => {
  const drafts: unknown[] = [];
  const options = {
    silences: {
      rows: () => [],
      meansSinceMs: () => 0,
      clusters: () => [{ name: 'alertmanager-a', sources: ['alertmanager-a'] }],
      onOutcome: () => () => undefined,
      outbox: {
        put: async (request: unknown) => success(drafts.push(request)),
        unsettled: () => [],
      },
      tended: { all: () => [] },
    },
    book: {
      incidents: () => incidents,
      incident: (id: number) => incidents[id - 1],
      openAlerts: () => alerts,
    },
    clock: systemClock,
    clockSkewMs: () => null,
    operator: () => 'anna',
    times: () => ({ acknowledgementMs: 15 * minuteMs, reminderLeadMs: minuteMs }),
  } as unknown as TendingOptions;
  let turns = 0;
  let turning = setImmediate(function turn() {
    turns += 1;
    turning = setImmediate(turn);
  });
  await new AcknowledgementKeeper(options).look();
  clearImmediate(turning);
  expect(drafts).toHaveLength(ids.length);
  expect(turns).toBeGreaterThan(1);
});
