import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { DurableWriter } from '#core/incidents/durable-writer.ts';
import { NoticeBoard } from '#core/notices.ts';
import { inspectFolder } from '#core/store/inspection.ts';
import { openStore } from '#core/store/store.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { openedIncident } from '#support/journal-records.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * The storage thread dies under a console that goes on: what sources told is durable in the end, each entry
 * once, what a person asked for failed by name, and the notice says what happened and that it is over.
 */
const cleanup = new Cleanup();
const deaths = process.env['OPSSIGHT_FULL'] === '1' ? 3 : 2;

afterEach(async () => {
  vi.restoreAllMocks();
  await cleanup.run();
});

/** The next call reaches a thread that is ending. */
function killOnNextCall(): void {
  vi.spyOn(Worker.prototype, 'postMessage').mockImplementationOnce(function (this: Worker) {
    void this.terminate();
  });
}

test(`what is told over ${deaths} deaths of the storage thread is in the journal once`, async () => {
  const dataDirectory = temporaryFolder(cleanup);
  const board = new NoticeBoard([], () => undefined);
  const opened = await openStore({
    dataDirectory,
    safeMode: false,
    onNotice: (notice) => board.raise(notice),
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const store = opened.value;
  cleanup.add(() => store.close());
  const trouble: (string | null)[] = [];
  const writer = new DurableWriter({
    journal: store,
    onTrouble: (failure) => trouble.push(failure?.message ?? null),
    onRefused: (failure) => trouble.push(`refused: ${failure.message}`),
  });
  cleanup.add(() => writer.stop());

  for (let death = 1; death <= deaths; death++) {
    await writer.commitOrKeep(openedIncident(death * 10));
    killOnNextCall();
    await writer.commitOrKeep(openedIncident(death * 10 + 1));
    expect(board.list().at(-1)).toMatchObject({
      severity: 'error',
      message: expect.stringContaining('It is being started again'),
    });
    expect(await writer.commit(openedIncident(death * 10 + 2))).toMatchObject({
      failure: { code: 'unavailable' },
    });
    await writer.commitOrKeep(openedIncident(death * 10 + 3));
    await eventually('what waited is written', () => (trouble.at(-1) === null ? true : undefined));
    expect(board.list().at(-1)).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(/exited with code 1\) and was started again \d+\.\d s later/),
    });
  }
  expect(board.list()).toHaveLength(deaths);
  writer.stop();
  await store.close();

  const kept = inspectFolder(dataDirectory, 100);
  if (!kept.ok) throw new Error(kept.failure.message);
  const ids = Array.from({ length: deaths }, (_, index) => (index + 1) * 10).flatMap((ten) => [
    ten,
    ten + 1,
    ten + 3,
  ]);
  expect(kept.value.incidents.map(({ record }) => record.id).sort((one, other) => one - other)).toEqual(ids);
  for (const { timeline } of kept.value.incidents) expect(timeline.entries).toHaveLength(1);
  expect(kept.value.notices).toEqual(board.list());
  expect(trouble.filter((message) => message?.startsWith('refused') === true)).toEqual([]);
});
