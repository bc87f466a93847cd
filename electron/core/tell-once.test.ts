import { expect, test } from 'vitest';
import { pinnedNote } from '#core/evidence/notes.ts';
import { IncidentBook } from '#core/incidents/incident-book.ts';
import { StoreError } from '#core/store/store.ts';
import { commandFailure } from '#shared/failure.ts';
import type { TimelineEntry } from '#shared/model/incident.ts';
import { emptyJournal } from '#support/journal-records.ts';
import { tellingOnce } from './tell-once.ts';

/** Timelines behind a disk that takes a moment for each question and each entry. */
function world() {
  const timeline: TimelineEntry[] = [];
  const broken = new Set<number>();
  const disk = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
  const tell = tellingOnce(
    {
      timeline: async (id) => {
        const known = [...timeline];
        await disk();
        if (broken.has(id)) throw new StoreError(commandFailure('unavailable', 'it cannot be read', ''));
        return known;
      },
    },
    {
      record: async (change) => {
        const draft = new IncidentBook(emptyJournal).draft();
        change(draft);
        await disk();
        for (const change of draft.changes())
          if (change.kind === 'timeline') timeline.push({ ...change.record, id: 1, of: null });
      },
    },
  );
  const quiet = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn++) await disk();
  };
  return { tell, timeline, broken, quiet };
}

test('two looks that end together are one note', async () => {
  const { tell, timeline, quiet } = world();
  tell(1, pinnedNote({ lines: 5, traces: 2 }));
  tell(1, pinnedNote({ lines: 6, traces: 2 }));
  await quiet();
  expect(timeline.map(({ detail }) => detail)).toEqual(['5 lines, 2 traces with errors']);
});

test('a timeline that cannot be read keeps no other from being told of', async () => {
  const { tell, timeline, broken, quiet } = world();
  broken.add(1);
  tell(1, pinnedNote({ lines: 5, traces: 2 }));
  tell(2, pinnedNote({ lines: 6, traces: 0 }));
  await quiet();
  expect(timeline.map(({ text }) => text)).toEqual(['Log lines pinned']);
});
