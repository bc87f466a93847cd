import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { isSound, openDatabase } from '#core/store/database.ts';
import { cacheFile, journalFile } from '#core/store/files.ts';
import { inspectFolder, type Inspection } from '#core/store/inspection.ts';
import { openStore, type Store } from '#core/store/store.ts';
import type { JournalState } from '#core/store/records.ts';
import type { Notice } from '#shared/model/console.ts';
import { Cleanup } from '#support/cleanup.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/** R1: SIGKILL at a random moment under write load; what was acknowledged is there, and nothing by half. */
const kills = process.env['OPSSIGHT_FULL'] === '1' ? 200 : 8;
const killsOfOneFolder = 4;
const longestRunMs = 250;
/** As the writer writes them. */
const linesOfIncident = 20;
const writer = fileURLToPath(new URL('writer.ts', import.meta.url));
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

interface Acknowledged {
  readonly incidents: readonly number[];
  /** Incidents whose log lines were. */
  readonly lines: readonly number[];
}

/** @returns the numbers that the writer said were acknowledged. */
async function writeUntilKilled(directory: string, first: number, runMs: number): Promise<Acknowledged> {
  const child = spawn(process.execPath, [writer, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  cleanup.add(() => child.kill('SIGKILL'));
  let said = '';
  let complained = '';
  const ended = new Promise<string>((resolve) =>
    child.once('close', (code, signal) => resolve(String(signal ?? code))),
  );
  const began = new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (complained += chunk.toString()));
  await Promise.race([began, ended]);
  await pause(runMs);
  child.kill('SIGKILL');
  expect([await ended, complained]).toEqual(['SIGKILL', '']);
  const words = said
    .slice(0, said.lastIndexOf('\n') + 1)
    .trim()
    .split('\n');
  const isOfLines = (word: string): boolean => word.startsWith('lines ');
  return {
    incidents: words.filter((word) => !isOfLines(word)).map(Number),
    lines: words.filter(isOfLines).map((word) => Number(word.slice('lines '.length))),
  };
}

/** The numbers of the incidents that are there; fails where one is there by half. */
function wholeIncidents({ incidents, problems }: Inspection): Set<number> {
  expect(problems).toEqual([]);
  for (const { record, alerts, timeline } of incidents) {
    const kinds = timeline.entries.map(({ kind }) => kind);
    expect([record.id, alerts.length, kinds]).toEqual([record.id, 1, ['opened', 'closed']]);
  }
  return new Set(incidents.map(({ record }) => record.id));
}

/** Which incidents hold log lines; fails where one holds some of them. */
function incidentsWithLines({ evidence }: Inspection): Set<number> {
  const holding = evidence.pinned.filter(({ lines }) => lines !== null);
  for (const { incidentId, lines } of holding)
    expect([incidentId, lines?.count]).toEqual([incidentId, linesOfIncident]);
  return new Set(holding.map(({ incidentId }) => incidentId));
}

/** The index of texts has the line too, and the incident the whole of its own. */
async function expectSearchable(store: Store, id: number): Promise<void> {
  const text = `incident ${id} line 7`;
  const found = await store.logs({
    scope: { source: 'loki', selector: '{}', filters: '' },
    matchers: [],
    filters: [{ operator: '|=', values: [text] }],
    fromNs: '0',
    toNs: '9000000000000000000',
    limit: 10,
    direction: 'forward',
  });
  expect(found.lines.map((line) => line.text)).toEqual([text]);
  expect((await store.incidentLogs(id))?.lines).toHaveLength(linesOfIncident);
}

function isFileSound(path: string): boolean {
  const database = openDatabase(path, { readonly: true });
  try {
    return isSound(database);
  } finally {
    database.close();
  }
}

async function loadedByNextOwner(directory: string, someWithLines: readonly number[]): Promise<JournalState> {
  const notices: Notice[] = [];
  const opened = await openStore({
    dataDirectory: directory,
    safeMode: false,
    onNotice: (notice) => notices.push(notice),
    nowMs: Date.now,
  });
  if (!opened.ok) throw new Error(opened.failure.message);
  const state = await opened.value.load(0);
  for (const id of someWithLines) await expectSearchable(opened.value, id);
  await opened.value.close();
  expect(notices).toEqual([]);
  return state;
}

/** Several kills of one folder, each owner going on where the killed one left it. */
async function killRepeatedly(times: number): Promise<number> {
  const directory = temporaryFolder(cleanup);
  const acknowledged = new Set<number>();
  const acknowledgedLines = new Set<number>();
  let last = 0;
  for (let kill = 0; kill < times; kill++) {
    const { incidents, lines } = await writeUntilKilled(directory, last + 1, Math.random() * longestRunMs);
    for (const id of incidents) acknowledged.add(id);
    for (const id of lines) acknowledgedLines.add(id);
    // First as a reader finds it, log and all; then as the next owner does.
    const found = inspectFolder(directory, 1_000_000);
    if (!found.ok) throw new Error(found.failure.message);
    const there = wholeIncidents(found.value);
    expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
    const withLines = incidentsWithLines(found.value);
    expect([...acknowledgedLines].filter((id) => !withLines.has(id))).toEqual([]);
    const state = await loadedByNextOwner(directory, lines.slice(-2));
    expect(new Set(state.incidents.map(({ id }) => id))).toEqual(there);
    last = state.lastIncidentId;
    expect([journalFile, cacheFile].map((file) => isFileSound(join(directory, file)))).toEqual([true, true]);
  }
  expect(acknowledgedLines.size).toBeGreaterThan(0);
  return acknowledged.size;
}

test(`${kills} kills lose nothing that was acknowledged`, { timeout: 30_000 + kills * 3_000 }, async () => {
  for (let done = 0; done < kills; done += killsOfOneFolder) {
    expect(await killRepeatedly(killsOfOneFolder)).toBeGreaterThan(killsOfOneFolder);
  }
});
