import { expect, test } from 'vitest';
import type { TendedSilenceRecord } from '#core/store/records.ts';
import { success } from '#shared/result.ts';
import { outboxEntry, silence, silenceDraft } from '#support/silence-models.ts';
import type { Entry } from '../outbox-entry.ts';
import { TendedSilences } from '../tended-silences.ts';
import { SelfEndingKeeper } from './self-ending-keeper.ts';
import type { TendingOptions } from './tending-options.ts';

/** A person takes a silence into their own hands while the disk still has what was known of it before. */

const cluster = 'alertmanager-a';

function selfEnding(id: string): TendedSilenceRecord {
  const times = { endsAfterQuietMs: 60_000, quietSinceMs: null, createdAtMs: 1_000, endedAtMs: null };
  return { id, cluster, care: 'self-ending', incidentId: null, ...times };
}

/** An edit of it is done: from here on it ends where it was to end. */
function takenOver(id: string): Entry {
  const request = { kind: 'edit', id, seenUpdatedAtMs: 1_000, draft: silenceDraft() } as const;
  return {
    shown: outboxEntry({ request, state: 'done', silenceId: id }),
    sent: null,
    isTakenBack: false,
    conflictWithMs: null,
    madeUpdatedAtMs: 2_000,
    settledAtMs: 2_000,
    incidentIds: [],
    care: null,
    meant: [],
    isRedirected: false,
  };
}

function world() {
  const disk = Promise.withResolvers<void>();
  const tended = new TendedSilences(async () => {
    await disk.promise;
    return success(undefined);
  });
  tended.restore([selfEnding('one'), selfEnding('two')]);
  const options = {
    silences: {
      tended,
      rows: () => [silence({ id: 'one' }), silence({ id: 'two' })],
      clusters: () => [{ name: cluster, sources: [cluster] }],
      meansSinceMs: () => 0,
      outbox: { unsettled: () => [] },
    },
    book: { openAlerts: () => [], watch: () => undefined },
    clock: { nowMs: () => 10_000 },
    isFresh: () => true,
    takeBack: () => undefined,
  };
  const looked = new SelfEndingKeeper(options as unknown as TendingOptions).look();
  return { tended, disk, looked };
}

test.each(['one', 'two'])('silence %s is theirs, whichever is being written down just then', async (id) => {
  const { tended, disk, looked } = world();
  tended.follow(takenOver(id), 2_000);
  disk.resolve();
  await looked;
  expect(tended.find(id)).toBeUndefined();
  expect(tended.all()).toHaveLength(1);
});
