/** The SQL of raw samples, as constants with bound parameters. Blocks are 7,200,000 ms long: see blocks.ts. */

export const findSource = `SELECT id FROM sample_source WHERE name = @name`;
export const addSource = `INSERT INTO sample_source (name) VALUES (@name) RETURNING id`;

export const findSeries = `
  SELECT id, until_block_ms AS untilBlockMs FROM sample_series
  WHERE source_id = @sourceId AND digest = @digest AND labels = @labels`;
export const addSeries = `
  INSERT INTO sample_series (source_id, digest, metric_digest, until_block_ms, labels)
  VALUES (@sourceId, @digest, @metricDigest, @untilBlockMs, @labels) RETURNING id`;
export const extendSeries = `UPDATE sample_series SET until_block_ms = @untilBlockMs WHERE id = @id`;
export const seriesAfter = `
  SELECT id, digest, labels FROM sample_series WHERE source_id = @sourceId AND id > @afterId ORDER BY id`;
/** Nearly in the order of label sets, which spares whoever sorts them most comparisons. */
export const seriesOfMetric = `
  SELECT id, digest, labels FROM sample_series WHERE source_id = @sourceId AND metric_digest = @metricDigest
  ORDER BY labels`;
export const seriesBounds = `
  SELECT count(*) AS count, coalesce(max(id), 0) AS lastId FROM sample_series WHERE source_id = @sourceId`;

export const addPart = `
  INSERT INTO sample_part (
    source_id, block_start_ms, bucket, level, is_pared, from_ms, to_ms, samples, checksum, data)
  VALUES (@sourceId, @blockStartMs, @bucket, @level, @isPared, @fromMs, @toMs, @samples, @checksum, @data)`;
export const allParts = `
  SELECT id, bucket, from_ms AS fromMs, to_ms AS toMs FROM sample_part
  WHERE source_id = @sourceId ORDER BY block_start_ms, id`;
export const partData = `SELECT checksum, data FROM sample_part WHERE id = @id`;
export const partsOfBucket = `
  SELECT id, level, is_pared AS isPared, from_ms AS fromMs, to_ms AS toMs FROM sample_part
  WHERE source_id = @sourceId AND block_start_ms = @blockStartMs AND bucket = @bucket ORDER BY id`;
/** With more than one part in a block that is past, or many of one level in one that grows. */
export const crowdedBuckets = `
  SELECT source_id AS sourceId, block_start_ms AS blockStartMs, bucket FROM sample_part
  GROUP BY source_id, block_start_ms, bucket, iif(block_start_ms < @settledBeforeMs, 0, level)
  HAVING count(*) >= iif(block_start_ms < @settledBeforeMs, 2, @partsTogether) AND sum(samples) <= @mostSamples
  ORDER BY block_start_ms LIMIT @limit`;
export const removePart = `DELETE FROM sample_part WHERE id = @id`;

/** Of a block parts go before native histograms, which are dropped together. */
export const oldestUnpared = `
  SELECT source_id AS sourceId, name AS source, block_start_ms AS blockStartMs, bucket FROM (
    SELECT * FROM (SELECT source_id, block_start_ms, bucket FROM sample_part WHERE is_pared = 0
      ORDER BY block_start_ms, source_id LIMIT 1)
    UNION ALL SELECT * FROM (SELECT source_id, block_start_ms, NULL FROM native_histogram WHERE is_pared = 0
      ORDER BY block_start_ms, source_id LIMIT 1))
  JOIN sample_source ON sample_source.id = source_id
  ORDER BY block_start_ms, source_id, bucket IS NULL LIMIT 1`;
/** Those that incidents hold stay with their parts. */
export const holdSeries = `UPDATE sample_series SET is_held = 1 WHERE id = @id AND is_held = 0`;
/** The oldest of what is not held: older series have nothing left. */
export const oldestOfSource = `
  SELECT min(
    (SELECT coalesce(min(block_start_ms), 9e15) FROM sample_part WHERE source_id = @sourceId AND is_pared = 0),
    (SELECT coalesce(min(block_start_ms), 9e15) FROM native_histogram
      WHERE source_id = @sourceId AND is_pared = 0),
    (SELECT coalesce(min(from_ms), 9e15) FROM sample_band WHERE source_id = @sourceId))`;
export const removeUnusedSeries = `
  DELETE FROM sample_series WHERE source_id = @sourceId AND is_held = 0 AND until_block_ms < @oldestMs`;
export const seriesBetween = `
  SELECT id, labels FROM sample_series WHERE id BETWEEN @firstId AND @lastId AND source_id = @sourceId`;

export const addHistogram = `
  INSERT INTO native_histogram (series_id, time_ms, source_id, block_start_ms, is_pared, checksum, message)
  VALUES (@seriesId, @timeMs, @sourceId, @blockStartMs, 0, @checksum, @message)
  ON CONFLICT (series_id, time_ms)
  DO UPDATE SET is_pared = 0, checksum = excluded.checksum, message = excluded.message`;
export const histogramTimes = `
  SELECT series_id AS seriesId, time_ms AS timeMs FROM native_histogram
  WHERE source_id = @sourceId ORDER BY series_id, time_ms`;
export const removeHistogramsOfBlock = `
  DELETE FROM native_histogram WHERE source_id = @sourceId AND block_start_ms = @blockStartMs`;
export const removeUnheldHistograms = `
  DELETE FROM native_histogram WHERE source_id = @sourceId AND block_start_ms = @blockStartMs
    AND series_id NOT IN (SELECT id FROM sample_series WHERE is_held = 1)`;
export const pareHistograms = `
  UPDATE native_histogram SET is_pared = 1 WHERE source_id = @sourceId AND block_start_ms = @blockStartMs`;
export const unpareHistograms = `UPDATE native_histogram SET is_pared = 0 WHERE is_pared = 1`;
export const histogramsOfSeries = `
  SELECT time_ms AS timeMs, checksum, message FROM native_histogram
  WHERE series_id = @seriesId AND time_ms BETWEEN @fromMs AND @toMs ORDER BY time_ms`;

export const findSelection = `SELECT id FROM selection WHERE source = @source AND selector = @selector`;
export const addSelection = `
  INSERT INTO selection (source, selector) VALUES (@source, @selector) RETURNING id`;
export const selectionsOfSource = `SELECT id, selector FROM selection WHERE source = @source`;

/** Also those that only touch: they are joined with a new one. */
export const coverageAround = `
  SELECT from_ms AS fromMs, to_ms AS toMs, fetched_at_ms AS fetchedAtMs FROM coverage
  WHERE selection_id = @selectionId AND from_ms <= @toMs + 1 AND to_ms >= @fromMs - 1 ORDER BY from_ms`;
export const removeCoverage = `
  DELETE FROM coverage WHERE selection_id = @selectionId AND from_ms = @fromMs`;
export const addCoverage = `
  INSERT INTO coverage (selection_id, from_ms, to_ms, fetched_at_ms)
  VALUES (@selectionId, @fromMs, @toMs, @fetchedAtMs)`;
export const allCoverage = `
  SELECT selection.id AS selectionId, source, selector, from_ms AS fromMs, to_ms AS toMs,
    fetched_at_ms AS fetchedAtMs
  FROM selection JOIN coverage ON coverage.selection_id = selection.id ORDER BY source, selector, from_ms`;

export const putPin = `
  INSERT INTO pin (selection_id, incident_id, from_ms, to_ms)
  VALUES (@selectionId, @incidentId, @fromMs, @toMs)
  ON CONFLICT (selection_id, incident_id) DO UPDATE SET from_ms = min(from_ms, excluded.from_ms),
    to_ms = max(to_ms, excluded.to_ms)`;
export const removeLaterPins = `DELETE FROM pin WHERE incident_id > @lastIncidentId`;
/** Without their pins, parts that were pared for them are dropped like all others. */
export const unpareAll = `UPDATE sample_part SET is_pared = 0 WHERE is_pared = 1`;
export const holdNoSeries = `UPDATE sample_series SET is_held = 0 WHERE is_held = 1`;
/** Windows without samples are in no block; they age like the rest. */
export const removeOldCoverage = `
  DELETE FROM coverage WHERE to_ms < @beforeMs AND NOT EXISTS (
    SELECT 1 FROM pin WHERE pin.selection_id = coverage.selection_id
      AND pin.from_ms <= coverage.to_ms AND pin.to_ms >= coverage.from_ms)`;
export const removeEmptySelections = `
  DELETE FROM selection
  WHERE NOT EXISTS (SELECT 1 FROM coverage WHERE coverage.selection_id = selection.id)
    AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.selection_id = selection.id)`;
/** What a sample takes on average in some blocks. */
export const bytesPerSample = `
  SELECT coalesce(1.0 * sum(octet_length(data)) / sum(samples), 0) FROM sample_part
  JOIN sample_source ON sample_source.id = source_id
  WHERE name = @source AND block_start_ms BETWEEN @firstBlockMs AND @lastBlockMs`;
/** Of selections that an incident holds in a block. */
export const pinnedSelections = `
  SELECT DISTINCT selection.id, selector FROM selection JOIN pin ON pin.selection_id = selection.id
  WHERE source = @source AND pin.from_ms < @blockStartMs + 7200000 AND pin.to_ms >= @blockStartMs`;

/** Past, and not summarised since it was last written. */
export const blockWithoutBands = `
  SELECT source_id AS sourceId, bucket, block_start_ms AS fromMs FROM sample_part
  WHERE is_pared = 0 AND block_start_ms < @beforeMs AND NOT EXISTS (
    SELECT 1 FROM sample_band WHERE sample_band.source_id = sample_part.source_id AND tier_ms = 300000
      AND sample_band.bucket = sample_part.bucket AND sample_band.from_ms = block_start_ms)
  ORDER BY block_start_ms LIMIT 1`;
/** Days are of 86,400,000 ms; one is past once it began so long before. */
export const dayWithoutHours = `
  SELECT source_id AS sourceId, bucket, from_ms - from_ms % 86400000 AS fromMs FROM sample_band AS fine
  WHERE tier_ms = 300000 AND from_ms - from_ms % 86400000 < @beforeMs AND NOT EXISTS (
    SELECT 1 FROM sample_band AS hours WHERE hours.source_id = fine.source_id AND hours.tier_ms = 3600000
      AND hours.bucket = fine.bucket AND hours.from_ms = fine.from_ms - fine.from_ms % 86400000)
  LIMIT 1`;
export const addBand = `
  INSERT INTO sample_band (source_id, tier_ms, from_ms, bucket, checksum, least, mean, most, count)
  VALUES (@sourceId, @tierMs, @fromMs, @bucket, @checksum, @least, @mean, @most, @count)`;
export const bandsBetween = `
  SELECT from_ms AS fromMs, checksum, least, mean, most, count FROM sample_band
  WHERE source_id = @sourceId AND tier_ms = @tierMs AND bucket = @bucket AND from_ms BETWEEN @fromMs AND @toMs
  ORDER BY from_ms`;
/** What was written into a block or a day since must be summarised anew. */
export const removeBandsOfBlock = `
  DELETE FROM sample_band WHERE source_id = @sourceId AND bucket = @bucket AND (
    (tier_ms = 300000 AND from_ms = @blockStartMs)
    OR (tier_ms = 3600000 AND from_ms = @blockStartMs - @blockStartMs % 86400000))`;
export const removeOldBands = `
  DELETE FROM sample_band WHERE id IN (
    SELECT id FROM sample_band WHERE tier_ms = @tierMs AND from_ms < @beforeMs ORDER BY from_ms LIMIT @limit)`;
export const oldestBand = `
  SELECT min(from_ms + iif(tier_ms = 3600000, 86400000, 0)) AS ageMs FROM (
    SELECT * FROM (SELECT tier_ms, from_ms FROM sample_band WHERE tier_ms = 300000 ORDER BY from_ms LIMIT 1)
    UNION ALL
    SELECT * FROM (SELECT tier_ms, from_ms FROM sample_band WHERE tier_ms = 3600000 ORDER BY from_ms LIMIT 1))`;
export const removeOldestBands = `
  DELETE FROM sample_band WHERE id IN (
    SELECT id FROM sample_band ORDER BY from_ms + iif(tier_ms = 3600000, 86400000, 0) LIMIT @limit)`;

export const partsAfter = `SELECT id FROM sample_part WHERE id > @afterId ORDER BY id LIMIT @limit`;
export const lastScrubbed = `
  SELECT coalesce((SELECT CAST(text AS REAL) FROM keepsake WHERE name = 'samples-scrubbed-at-ms'), 0)`;
export const putScrubbed = `
  INSERT INTO keepsake (name, text) VALUES ('samples-scrubbed-at-ms', @text)
  ON CONFLICT (name) DO UPDATE SET text = excluded.text`;
