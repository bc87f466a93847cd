import { expect, test } from 'vitest';
import { systemClock } from '#core/clock/clock.ts';
import { noVerdicts } from '#core/store/records.ts';
import { success } from '#shared/result.ts';
import { minuteMs } from '#shared/time.ts';
import { alertRecord, incidentRecord } from '#support/journal-records.ts';
import { outboxEntry } from '#support/silence-models.ts';
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

interface Kept {
  readonly put: (request: unknown) => Promise<unknown>;
  readonly unsettled: () => readonly unknown[];
  readonly records: () => readonly unknown[];
}

function keeperOf(count: number, { put, unsettled, records }: Kept): AcknowledgementKeeper {
  const options = {
    silences: {
      rows: () => [],
      meansSinceMs: () => 0,
      heardAtMs: () => Date.now(),
      clusters: () => [{ name: 'alertmanager-a', sources: ['alertmanager-a'] }],
      onOutcome: () => () => undefined,
      outbox: { put, unsettled },
      tended: { all: records },
    },
    book: {
      incidents: () => incidents.slice(0, count),
      incident: (id: number) => incidents[id - 1],
      openAlerts: () => alerts.slice(0, count * 10),
    },
    clock: systemClock,
    clockSkewMs: () => null,
    operator: () => 'anna',
    times: () => ({ acknowledgementMs: 15 * minuteMs, reminderLeadMs: minuteMs }),
  };
  return new AcknowledgementKeeper(options as unknown as TendingOptions);
}

test('hundreds of acknowledgements in a storm are looked after without keeping anything waiting', async () => {
  const drafts: unknown[] = [];
  const put = async (request: unknown): Promise<unknown> => success(drafts.push(request));
  const keeper = keeperOf(ids.length, { put, unsettled: () => [], records: () => [] });
  let turns = 0;
  let turning = setImmediate(function turn() {
    turns += 1;
    turning = setImmediate(turn);
  });
  await keeper.look();
  clearImmediate(turning);
  expect(drafts).toHaveLength(ids.length);
  expect(turns).toBeGreaterThan(1);
});

test('a silence that is made while another is written down is not made twice', async () => {
  const care = { care: 'acknowledgement', incidentId: 2, endsAfterQuietMs: null };
  const made = { id: 'two', cluster: 'alertmanager-a', createdAtMs: Date.now(), ...care };
  let isMade = false;
  const asked: number[] = [];
  const keeper = keeperOf(2, {
    put: async (request) => {
      asked.push(isMade ? 2 : 1);
      // The disk takes long for the first one's, and the server has the second's meanwhile.
      await new Promise((resolve) => setImmediate(resolve));
      isMade = true;
      return success(request);
    },
    unsettled: () => (isMade ? [] : [{ shown: outboxEntry({ state: 'sending' }), care, isTakenBack: false }]),
    records: () => (isMade ? [made] : []),
  });
  await keeper.look();
  expect(asked).toEqual([1]);
});
