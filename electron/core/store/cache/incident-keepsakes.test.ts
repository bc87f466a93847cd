import { afterEach, expect, test } from 'vitest';
import type { Runbook } from '#shared/model/runbook.ts';
import { Cleanup } from '#support/cleanup.ts';
import { DamagedContent, inMemory, openDatabase } from '../database.ts';
import { migrate } from '../migrate.ts';
import { StatementCache } from '../statement-cache.ts';
import { IncidentKeepsakes } from './incident-keepsakes.ts';
import { cacheMigrations } from './migrations.ts';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

function opened() {
  const database = openDatabase(inMemory);
  cleanup.add(() => database.close());
  migrate(database, cacheMigrations);
  return { database, incidents: new IncidentKeepsakes(database, new StatementCache(database)) };
}

function runbook(readAtMs: number, over: Partial<Runbook> = {}): Runbook {
  return { title: 'Disk', markdown: '# Disk', path: 'disk.md', writtenAtMs: 1, readAtMs, ...over };
}

test('one text is kept once for many incidents, each with when it was read for it', () => {
  const { database, incidents } = opened();
  incidents.putRunbook(1, runbook(10));
  incidents.putRunbook(2, runbook(20));
  incidents.putRunbook(2, runbook(30));
  expect([incidents.runbook(1), incidents.runbook(2), incidents.runbook(3)]).toEqual([
    runbook(10),
    runbook(30),
    null,
  ]);
  expect(database.prepare('SELECT count(*) AS texts FROM runbook').get()).toEqual({ texts: 1 });
});

test('a text that was changed takes the place of the old one, which goes once nobody has it', () => {
  const { database, incidents } = opened();
  incidents.putRunbook(1, runbook(10));
  incidents.putRunbook(1, runbook(20, { markdown: '# Disk, again' }));
  expect(incidents.runbook(1)?.markdown).toBe('# Disk, again');
  expect(database.prepare('SELECT count(*) AS texts FROM runbook').get()).toEqual({ texts: 1 });
});

test('of many different texts the 200 read last are kept, and one too large is none', () => {
  const { incidents } = opened();
  for (let id = 1; id <= 201; id++) incidents.putRunbook(id, runbook(id, { markdown: `# ${id}` }));
  expect(incidents.runbook(1)).toBeNull();
  expect(incidents.runbook(2)?.markdown).toBe('# 2');
  expect(incidents.putRunbook(300, runbook(300, { markdown: 'x'.repeat(2 ** 20 + 1) })).ok).toBe(false);
  expect(incidents.runbook(300)).toBeNull();
});

test('what is not what was written is damage', () => {
  const { database, incidents } = opened();
  incidents.putRunbook(1, runbook(10));
  database.exec(`UPDATE runbook SET markdown = 'rm -rf'`);
  expect(() => incidents.runbook(1)).toThrow(DamagedContent);
});

test('what was captured is known by incident and kind, and not of a journal that was lost', () => {
  const { incidents } = opened();
  incidents.putCapture(1, 'logs', 5);
  incidents.putCapture(2, 'logs', 5);
  incidents.putCapture(2, 'traces', 5);
  incidents.putRunbook(2, runbook(1));
  const ofLogs = { incidentId: 2, kind: 'logs' };
  expect(incidents.captures([2, 3])).toEqual([ofLogs, { incidentId: 2, kind: 'traces' }]);
  incidents.forgetIncidentsAfter(1);
  expect(incidents.captures([1, 2])).toEqual([{ incidentId: 1, kind: 'logs' }]);
  expect(incidents.runbook(2)).toBeNull();
  incidents.putCapture(30_000, 'logs', 5);
  expect(incidents.captures([1])).toEqual([]);
});
