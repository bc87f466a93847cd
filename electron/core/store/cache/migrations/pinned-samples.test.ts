import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { Cleanup } from '#support/cleanup.ts';
import { DamagedContent, inMemory, openDatabase, type SqliteDatabase } from '../../database.ts';
import { migrate } from '../../migrate.ts';
import { cacheMigrations } from '../migrations.ts';
import { readSelection } from '../samples/selection-reader.ts';

const cleanup = new Cleanup();
const fromMs = 1_795_230_000_000;
const toFourth = cacheMigrations.slice(0, 4);

afterEach(() => cleanup.run());

/** A cache of version 3 with one pinned selection of one series. */
function version3(): SqliteDatabase {
  const database = openDatabase(inMemory);
  cleanup.add(() => database.close());
  return database.exec(readFileSync(new URL('../../golden/cache-3.sql', import.meta.url), 'utf8'));
}

function kept(database: SqliteDatabase, selector: string): unknown {
  const read = readSelection(database, 'prometheus', selector, fromMs - 1e9, fromMs + 1e9);
  if (!read.ok) throw new Error(read.failure);
  const { series, covered } = read.value;
  return [
    series.map(({ timesMs }) => timesMs.length),
    covered.map((window) => [window.fromMs - fromMs, window.toMs - fromMs]),
  ];
}

test('what two wordings of one selector held becomes one, and what nobody held goes', () => {
  const database = version3();
  database.exec(`
    INSERT INTO selection VALUES (2, 'prometheus', '{job="api", __name__="up"}'), (3, 'prometheus', 'up');
    INSERT INTO coverage VALUES (2, ${fromMs - 60_000}, ${fromMs + 30_000}, 1), (3, 0, ${fromMs}, 1);
    INSERT INTO coverage VALUES (2, 0, ${fromMs - 86_400_000}, 1);
    INSERT INTO pin VALUES (2, 2, ${fromMs - 60_000}, ${fromMs + 30_000});
    INSERT INTO series VALUES (2, 2, '[["__name__","up"],["instance","10.0.0.1:80"],["job","api"]]'),
      (3, 3, '[["__name__","up"],["job","other"]]');
    INSERT INTO chunk SELECT id + 1, 2, block_start_ms, 2, samples, data FROM chunk WHERE id = 1;
    INSERT INTO chunk SELECT id + 2, 3, block_start_ms, 3, samples, data FROM chunk WHERE id = 1`);
  migrate(database, toFourth);
  expect(kept(database, 'up{job="api"}')).toEqual([[4], [[-60_000, 60_000]]]);
  expect(kept(database, 'up')).toEqual([[], []]);
  expect(database.prepare('SELECT count(*) FROM sample_series').pluck().get()).toBe(1);
  expect(database.prepare('SELECT incident_id, from_ms, to_ms FROM pin').raw().all()).toEqual([
    [2, fromMs - 60_000, fromMs + 60_000],
  ]);
});

test('a chunk that is damaged is said, and nothing is moved', () => {
  const database = version3();
  database.exec(`UPDATE chunk SET data = x'0102'`);
  expect(() => migrate(database, toFourth)).toThrow(DamagedContent);
  expect(database.pragma('user_version', { simple: true })).toBe(3);
});
