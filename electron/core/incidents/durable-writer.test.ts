import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { commandFailure } from '#shared/failure.ts';
import { failed, success } from '#shared/result.ts';
import type { JournalChange } from '#core/store/records.ts';
import { DurableWriter } from './durable-writer.ts';

/** A journal on a disk that can be full. */
class Disk {
  full = false;
  readonly written: JournalChange[] = [];

  async commit(changes: readonly JournalChange[]) {
    if (changes.some((change) => change.kind === 'timeline' && change.record.text === 'poison')) {
      return failed(commandFailure('invalid-input', 'it is no text', 'Report it.'));
    }
    if (this.full) return failed(commandFailure('unavailable', 'the disk is full', 'Make room.'));
    this.written.push(...changes);
    return success(undefined);
  }
}

function watch(lastSuccessAtMs: number): JournalChange {
  return { kind: 'watch', record: { source: 'a', lastSuccessAtMs, serverStartedAtMs: 1 } };
}

function note(text: string): JournalChange {
  return { kind: 'timeline', record: { incidentId: 1, atMs: 1, kind: 'note', text, detail: '', by: '' } };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('what a source told while the disk was full is written once there is room: each entry once, records newest', async () => {
  const disk = new Disk();
  const trouble: (string | null)[] = [];
  const writer = new DurableWriter({
    journal: disk,
    onTrouble: (failure) => trouble.push(failure?.message ?? null),
    onRefused: () => undefined,
  });
  disk.full = true;
  await writer.commitOrKeep([note('one'), watch(1)]);
  await writer.commitOrKeep([note('two'), watch(2)]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(disk.written).toEqual([]);
  disk.full = false;
  await vi.advanceTimersByTimeAsync(2_000);
  expect(disk.written).toEqual([note('one'), note('two'), watch(2)]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(disk.written).toHaveLength(3);
  expect(trouble).toEqual(['the disk is full', 'the disk is full', null]);
});

test('what a person asked for fails while the disk is full, and is not done later behind their back', async () => {
  const disk = new Disk();
  const writer = new DurableWriter({ journal: disk, onTrouble: () => undefined, onRefused: () => undefined });
  disk.full = true;
  const answer = await writer.commit([note('asked')]);
  expect(answer).toMatchObject({ ok: false, failure: { code: 'unavailable' } });
  disk.full = false;
  await writer.commitOrKeep([watch(3)]);
  expect(disk.written).toEqual([watch(3)]);
});

test('what waits is written before what comes after it', async () => {
  const disk = new Disk();
  const writer = new DurableWriter({ journal: disk, onTrouble: () => undefined, onRefused: () => undefined });
  disk.full = true;
  await writer.commitOrKeep([note('first')]);
  disk.full = false;
  expect(await writer.commit([note('second')])).toEqual(success(undefined));
  expect(disk.written).toEqual([note('first'), note('second')]);
});

test('a change that the journal never takes holds up nothing else, while the disk is full or not', async () => {
  const disk = new Disk();
  const refused: JournalChange[] = [];
  const writer = new DurableWriter({
    journal: disk,
    onTrouble: () => undefined,
    onRefused: (_failure, change) => refused.push(change),
  });
  await writer.commitOrKeep([note('before'), note('poison'), watch(1)]);
  expect(disk.written).toEqual([note('before'), watch(1)]);
  disk.full = true;
  await writer.commitOrKeep([note('kept')]);
  await writer.commitOrKeep([note('poison')]);
  disk.full = false;
  expect(await writer.commit([note('asked')])).toEqual(success(undefined));
  expect(disk.written.slice(2)).toEqual([note('kept'), note('asked')]);
  expect(refused).toEqual([note('poison'), note('poison')]);
});
