import { writeSync } from 'node:fs';
import { openStore } from '#core/store/store.ts';
import { openedIncident, timelineRecord } from '#support/journal-records.ts';

/**
 * A process that writes until it is killed: incidents from a number on, several at a time, and says the
 * number of each on standard output once the store has acknowledged it.
 * Arguments: the data folder, the first number.
 */
const writersAtOnce = 4;
const [dataDirectory = '', first = '1'] = process.argv.slice(2);
const opened = await openStore({
  dataDirectory,
  safeMode: false,
  onNotice: (notice) => writeSync(2, `${notice.message}\n`),
  nowMs: Date.now,
});
if (!opened.ok) throw new Error(opened.failure.message);
const store = opened.value;
let next = Number(first);

async function write(): Promise<never> {
  for (;;) {
    const id = next++;
    // The last change of a list says that the whole of it is there.
    const last = { kind: 'timeline', record: timelineRecord({ incidentId: id, kind: 'closed' }) } as const;
    const committed = await store.commit([...openedIncident(id), last]);
    if (!committed.ok) throw new Error(committed.failure.message);
    writeSync(1, `${id}\n`);
    await keepEvidence(id);
  }
}

/** The cache is written under the same kills; what it loses is no loss, but it must stay usable. */
async function keepEvidence(id: number): Promise<void> {
  const timesMs = Float64Array.from({ length: 50 }, (_, index) => id * 1_000_000 + index * 15_000);
  const series = [{ labels: { id: String(id % 7) }, timesMs, values: timesMs.map(Math.sin) }];
  const [fromMs = 0] = timesMs;
  const window = { fromMs, toMs: timesMs.at(-1) ?? 0, fetchedAtMs: Date.now(), incidentId: id };
  await store.putSamples({ source: 'prometheus', selector: 'up', ...window, series });
}

await Promise.all(Array.from({ length: writersAtOnce }, write));
