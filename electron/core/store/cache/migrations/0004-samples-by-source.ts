import type { Migration } from '../../migrate.ts';
import { movePinnedSamples } from './pinned-samples.ts';

/**
 * Raw samples by source instead of by selection: a series has its labels once, and its samples lie in parts
 * with those of its neighbours. Evidence of incidents is moved over; all else can be fetched again.
 */
export const migration0004: Migration = {
  version: 4,
  statements: [
    `CREATE TABLE sample_source (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE
    ) STRICT`,
    `CREATE TABLE sample_series (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      source_id INTEGER NOT NULL REFERENCES sample_source (id),
      digest INTEGER NOT NULL,
      metric_digest INTEGER NOT NULL,
      until_block_ms INTEGER NOT NULL,
      is_held INTEGER NOT NULL DEFAULT 0,
      labels TEXT NOT NULL
    ) STRICT`,
    `CREATE INDEX sample_series_by_digest ON sample_series (source_id, digest)`,
    `CREATE INDEX sample_series_by_metric ON sample_series (source_id, metric_digest)`,
    `CREATE TABLE sample_part (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      source_id INTEGER NOT NULL REFERENCES sample_source (id),
      block_start_ms INTEGER NOT NULL,
      bucket INTEGER NOT NULL,
      level INTEGER NOT NULL,
      is_pared INTEGER NOT NULL,
      from_ms INTEGER NOT NULL,
      to_ms INTEGER NOT NULL,
      samples INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      data BLOB NOT NULL
    ) STRICT`,
    `CREATE INDEX sample_part_by_block ON sample_part (source_id, block_start_ms, bucket, level, from_ms, to_ms)`,
    `CREATE INDEX sample_part_by_age ON sample_part (is_pared, block_start_ms, source_id)`,
    `CREATE TABLE native_histogram (
      series_id INTEGER NOT NULL,
      time_ms INTEGER NOT NULL,
      source_id INTEGER NOT NULL,
      block_start_ms INTEGER NOT NULL,
      is_pared INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      message BLOB NOT NULL,
      PRIMARY KEY (series_id, time_ms)
    ) STRICT, WITHOUT ROWID`,
    `CREATE INDEX native_histogram_by_age ON native_histogram (is_pared, block_start_ms, source_id)`,
    `CREATE TABLE sample_band (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      source_id INTEGER NOT NULL REFERENCES sample_source (id),
      tier_ms INTEGER NOT NULL,
      from_ms INTEGER NOT NULL,
      bucket INTEGER NOT NULL,
      checksum INTEGER NOT NULL,
      least BLOB NOT NULL,
      mean BLOB NOT NULL,
      most BLOB NOT NULL,
      count BLOB NOT NULL,
      UNIQUE (source_id, tier_ms, bucket, from_ms)
    ) STRICT`,
    `CREATE INDEX sample_band_by_age ON sample_band (tier_ms, from_ms)`,
    movePinnedSamples,
    `DROP TABLE chunk`,
    `DROP TABLE series`,
    `PRAGMA user_version = 4`,
  ],
};
