import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Chart } from '#shared/model/series.ts';
import { dayMs, hourMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { openedIncident } from '#support/journal-records.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import { backupFolder, journalFile } from './files.ts';
import { listBackups } from './journal/backups.ts';
import { StoreService } from './store-service.ts';

const nowMs = Date.UTC(2026, 10, 21, 3, 12);
const maintenance = { maxCacheBytes: 2 ** 40 };
let cleanup: Cleanup;
let directory: string;

beforeEach(() => {
  cleanup = new Cleanup();
  directory = temporaryFolder(cleanup);
});

afterEach(() => cleanup.run());

function open(atMs = nowMs): StoreService {
  const opened = StoreService.open({ dataDirectory: directory, safeMode: false, goesOnAs: null }, atMs);
  if (!opened.ok) throw new Error(opened.failure.message);
  return opened.value;
}

test('idle work backs the journal up daily, once there is something in it', () => {
  const service = open();
  service.handlers.maintain(maintenance, nowMs);
  expect(listBackups(directory)).toEqual([]);
  service.commitAll([openedIncident(1)]);
  for (const hours of [0, 1, 23, 24, 25]) service.handlers.maintain(maintenance, nowMs + hours * hourMs);
  expect(listBackups(directory).map(({ atMs }) => atMs)).toEqual([nowMs + dayMs, nowMs]);
  expect(service.takeNotices()).toEqual([]);
  service.close();
});

test('a backup that fails is told, tried again hourly, and stops nothing', () => {
  const service = open();
  service.commitAll([openedIncident(1)]);
  writeFileSync(join(directory, backupFolder), 'a file is in the way');
  for (const minutes of [0, 1, 59]) {
    expect(service.handlers.maintain(maintenance, nowMs + minutes * 60_000).ok).toBe(true);
  }
  expect(service.takeNotices()).toMatchObject([{ id: 'journal-backup-failed', severity: 'warning' }]);
  rmSync(join(directory, backupFolder));
  service.handlers.maintain(maintenance, nowMs + hourMs);
  expect(listBackups(directory)).toHaveLength(1);
  expect(service.commitAll([openedIncident(2)])[0]?.ok).toBe(true);
  service.close();
});

test('evidence of incidents that a restored journal does not have is not shown for those that take their numbers', () => {
  const chart: Chart = {
    origin: { kind: 'live', source: 'p', atMs: nowMs },
    expression: 'up == 0',
    drawn: 'up',
    threshold: null,
    fromMs: 0,
    toMs: 1,
    stepMs: 1,
    series: [],
    seriesTotal: 0,
  };
  const service = open();
  service.commitAll([openedIncident(1)]);
  service.handlers.maintain(maintenance, nowMs);
  service.commitAll([openedIncident(2)]);
  for (const incidentId of [1, 2]) service.handlers.putDrawing({ incidentId, chart }, nowMs);
  service.close();
  writeFileSync(join(directory, journalFile), 'noise');
  const restored = open(nowMs + hourMs);
  expect(restored.takeNotices()).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('restored') },
  ]);
  const drawing = (incidentId: number): unknown => restored.handlers.drawing({ incidentId }, nowMs);
  expect([drawing(1), drawing(2)]).toEqual([
    { ok: true, value: chart },
    { ok: true, value: null },
  ]);
  restored.close();
});
