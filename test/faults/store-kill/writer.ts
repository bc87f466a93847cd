import { writeSync } from 'node:fs';
import { openStore } from '#core/store/store.ts';
import { openedIncident, timelineRecord } from '#support/journal-records.ts';

/**
 * A process that writes until it is killed: incidents from a number on, several at a time, and says the
 * number of each on standard output once the store has acknowledged it, and `lines` with the number once it
 * has acknowledged the log lines that the incident holds.
 * Arguments: the data folder, the first number.
 */
const writersAtOnce = 4;
const linesOfIncident = 20;
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

/** The cache is written under the same kills: it must stay usable, and keep what it acknowledged. */
async function keepEvidence(id: number): Promise<void> {
  const timesMs = Float64Array.from({ length: 50 }, (_, index) => id * 1_000_000 + index * 15_000);
  const series = [{ labels: { __name__: 'up', id: String(id % 7) }, timesMs, values: timesMs.map(Math.sin) }];
  const [fromMs = 0] = timesMs;
  const window = { fromMs, toMs: timesMs.at(-1) ?? 0, fetchedAtMs: Date.now(), incidentId: id };
  await store.putSamples({ source: 'prometheus', selector: 'up', ...window, series });
  const lines = Array.from({ length: linesOfIncident }, (_none, index) => ({
    timeNs: String(BigInt(id) * 1_000_000_000n + BigInt(index)),
    text: `incident ${id} line ${index}`,
    level: 'error' as const,
    metadata: {},
  }));
  const scope = { source: 'loki', selector: '{app="api"}', filters: '' };
  const streams = [{ labels: { app: 'api', pod: String(id % 5) }, lines }];
  const logs = { scope, fetchedAtMs: Date.now(), incidentId: id, coverage: null, streams };
  const kept = await store.putLogs(logs);
  if (!kept.ok) throw new Error(kept.failure.message);
  writeSync(1, `lines ${id}\n`);
}

await Promise.all(Array.from({ length: writersAtOnce }, write));
