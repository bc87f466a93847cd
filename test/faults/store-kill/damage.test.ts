import { cpSync, mkdirSync, openSync, closeSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Series } from '#shared/model/series.ts';
import { dayMs } from '#shared/time.ts';
import { backUp } from '#core/store/journal/backups.ts';
import { backupFolder, cacheFile, journalFile, stampOf } from '#core/store/files.ts';
import { openDatabase } from '#core/store/database.ts';
import { StoreService } from '#core/store/store-service.ts';
import { Cleanup } from '#support/cleanup.ts';
import { openedIncident } from '#support/journal-records.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';

/**
 * R2 and R3: files damaged in every way that disks, people and half-done copies find. The console always
 * starts, tells what it lost, can write, and has what it wrote the next time.
 */
const cases = process.env['OPSSIGHT_FULL'] === '1' ? 500 : 40;
const nowMs = Date.UTC(2026, 10, 21, 3, 12);
const incidents = 40;
const backedUp = 20;
const backup = join(backupFolder, `journal-${stampOf(nowMs - dayMs)}.db`);
const pageBytes = 4_096;

const everything = new Cleanup();
let template: string;

/** Two files of a killed console each: the database and the log that was not folded in yet. */
beforeAll(() => {
  const live = temporaryFolder(everything);
  template = temporaryFolder(everything);
  const service = opened(live);
  for (let id = 1; id <= incidents; id++) {
    expect(service.commitAll([openedIncident(id)])[0]?.ok).toBe(true);
    if (id === backedUp) backUpBeside(live);
    const series: Series[] = [
      {
        labels: { __name__: 'up', id: String(id) },
        timesMs: Float64Array.of(id * 1_000),
        values: Float64Array.of(id),
      },
    ];
    const samples = { source: 'p', selector: 'up', fromMs: id * 1_000, toMs: id * 1_000 + 500, series };
    const put = service.handlers.putSamples({ ...samples, fetchedAtMs: nowMs, incidentId: id }, nowMs);
    expect(put.ok).toBe(true);
    if (id === incidents / 2) service.handlers.maintain({ maxCacheBytes: 2 ** 40 }, nowMs - dayMs);
  }
  cpSync(live, template, { recursive: true });
  service.close();
});

afterAll(() => everything.run());

function backUpBeside(directory: string): void {
  const database = openDatabase(join(directory, journalFile));
  expect(backUp(database, directory, nowMs - dayMs).ok).toBe(true);
  database.close();
}

function opened(directory: string): StoreService {
  const service = StoreService.open({ dataDirectory: directory, safeMode: false, goesOnAs: null }, nowMs);
  if (!service.ok) throw new Error(service.failure.message);
  return service.value;
}

/** Small, seeded and good enough to choose places with: the same case is the same damage. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const files = [
  journalFile,
  journalFile,
  `${journalFile}-wal`,
  `${journalFile}-shm`,
  backup,
  cacheFile,
  `${cacheFile}-wal`,
];
type Random = (limit: number) => number;
type Damage = (path: string, random: Random) => void;

function overwrite(path: string, offset: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

const damages: Readonly<Record<string, Damage>> = {
  'a byte changed': (path, random) =>
    overwrite(path, random(statSync(path).size), Uint8Array.of(random(256))),
  'a page of noise': (path, random) => {
    const page = random(Math.ceil(statSync(path).size / pageBytes));
    overwrite(
      path,
      page * pageBytes,
      Uint8Array.from({ length: pageBytes }, () => random(256)),
    );
  },
  'a page of zeros': (path, random) => {
    const page = random(Math.ceil(statSync(path).size / pageBytes));
    overwrite(path, page * pageBytes, new Uint8Array(pageBytes));
  },
  'cut short': (path, random) => truncateSync(path, random(statSync(path).size)),
  'zeros from some place on': (path, random) => {
    const { size } = statSync(path);
    truncateSync(path, random(size));
    truncateSync(path, size);
  },
  missing: (path) => rmSync(path),
  'a folder in its place': (path) => (rmSync(path), mkdirSync(path)),
};

const table = Array.from({ length: cases }, (_, seed) => {
  const random = randomOf(seed);
  const names = Object.keys(damages);
  const what = names[seed % names.length] ?? '';
  const chosen = [files[random(files.length)] ?? ''];
  // Every fourth time the way back is damaged too.
  if (seed % 4 === 3) chosen.push(backup);
  return [seed, what, [...new Set(chosen)].join(' and '), [...new Set(chosen)]] as const;
});

test.each(table)('case %i: %s in %s', (seed, what, _names, damaged) => {
  const directory = temporaryFolder(everything);
  cpSync(template, directory, { recursive: true });
  for (const file of damaged) damages[what]?.(join(directory, file), randomOf(seed + 7));

  const service = opened(directory);
  const notices = service.takeNotices();
  const loaded = service.handlers.load({ resolvedSinceMs: 0 }, nowMs);
  if (!loaded.ok) throw new Error(loaded.failure.message);
  notices.push(...service.takeNotices());
  const ids = loaded.value.incidents.map(({ id }) => id);
  const onlyLog = damaged.every((file) => file.endsWith('-wal') || file === backup);
  // A log that is cut ends earlier, as after a power cut: what is left is what was there at some moment.
  if (onlyLog) expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => index + 1));
  else if (ids.length < incidents) expect(notices).not.toEqual([]);
  service.handlers.samples({ source: 'p', selector: 'up', fromMs: 0, toMs: 10 ** 6 }, nowMs);

  const next = loaded.value.lastIncidentId + 1;
  const evidence = {
    source: 'p',
    selector: 'up',
    fromMs: 0,
    toMs: 5,
    fetchedAtMs: nowMs,
    incidentId: next,
    series: [],
  };
  expect(service.handlers.putSamples(evidence, nowMs).ok).toBe(true);
  const { mode } = service;
  const [committed] = service.commitAll([openedIncident(next)]);
  service.close();
  // What SQLite cannot write at all is shown, and said to be read only.
  if (mode === 'read-only') expect(committed).toMatchObject({ ok: false, failure: { code: 'read-only' } });
  else expect(committed).toEqual({ ok: true, value: undefined });
  if (mode === 'kept') expect(idsAfterRestart(directory)).toEqual([...ids, next]);
  else expect(notices).toContainEqual(expect.objectContaining({ severity: 'error' }));
});

function idsAfterRestart(directory: string): number[] {
  const service = opened(directory);
  const loaded = service.handlers.load({ resolvedSinceMs: 0 }, nowMs);
  service.close();
  return loaded.ok ? loaded.value.incidents.map(({ id }) => id) : [];
}
