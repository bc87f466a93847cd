/** The SQL of the cache, as constants with bound parameters. Blocks are 7,200,000 ms long: see samples.ts. */

export const findSelection = `SELECT id FROM selection WHERE source = @source AND selector = @selector`;
export const addSelection = `
  INSERT INTO selection (source, selector) VALUES (@source, @selector) RETURNING id`;

export const findSeries = `SELECT id FROM series WHERE selection_id = @selectionId AND labels = @labels`;
export const addSeries = `
  INSERT INTO series (selection_id, labels) VALUES (@selectionId, @labels) RETURNING id`;

/** Also those that only touch: they are joined with a new one. */
export const coverageAround = `
  SELECT from_ms AS fromMs, to_ms AS toMs, fetched_at_ms AS fetchedAtMs FROM coverage
  WHERE selection_id = @selectionId AND from_ms <= @toMs + 1 AND to_ms >= @fromMs - 1 ORDER BY from_ms`;
export const removeCoverage = `
  DELETE FROM coverage WHERE selection_id = @selectionId AND from_ms = @fromMs`;
export const addCoverage = `
  INSERT INTO coverage (selection_id, from_ms, to_ms, fetched_at_ms)
  VALUES (@selectionId, @fromMs, @toMs, @fetchedAtMs)`;

export const putPin = `
  INSERT INTO pin (selection_id, incident_id, from_ms, to_ms)
  VALUES (@selectionId, @incidentId, @fromMs, @toMs)
  ON CONFLICT (selection_id, incident_id) DO UPDATE SET from_ms = min(from_ms, excluded.from_ms),
    to_ms = max(to_ms, excluded.to_ms)`;

export const findChunk = `
  SELECT data FROM chunk WHERE selection_id = @selectionId AND block_start_ms = @blockStartMs
    AND series_id = @seriesId`;
export const putChunk = `
  INSERT INTO chunk (selection_id, block_start_ms, series_id, samples, data)
  VALUES (@selectionId, @blockStartMs, @seriesId, @samples, @data)
  ON CONFLICT (selection_id, block_start_ms, series_id)
  DO UPDATE SET samples = excluded.samples, data = excluded.data`;

export const countSamples = `
  SELECT coalesce(sum(samples), 0) FROM chunk
  WHERE selection_id = @selectionId AND block_start_ms BETWEEN @firstBlockMs AND @lastBlockMs`;
export const chunksBetween = `
  SELECT chunk.series_id AS seriesId, series.labels, chunk.data FROM chunk
  JOIN series ON series.id = chunk.series_id
  WHERE chunk.selection_id = @selectionId AND chunk.block_start_ms BETWEEN @firstBlockMs AND @lastBlockMs
  ORDER BY chunk.block_start_ms, chunk.series_id`;

export const oldestUnpinned = `
  SELECT selection_id AS selectionId, block_start_ms AS blockStartMs FROM chunk WHERE NOT EXISTS (
    SELECT 1 FROM pin WHERE pin.selection_id = chunk.selection_id
      AND pin.from_ms < chunk.block_start_ms + 7200000 AND pin.to_ms >= chunk.block_start_ms)
  ORDER BY block_start_ms, selection_id LIMIT 1`;
export const removeBlock = `
  DELETE FROM chunk WHERE selection_id = @selectionId AND block_start_ms = @blockStartMs`;
/** Windows without samples are in no block; they age like the rest. */
export const removeOldCoverage = `
  DELETE FROM coverage WHERE to_ms < @beforeMs AND NOT EXISTS (
    SELECT 1 FROM pin WHERE pin.selection_id = coverage.selection_id
      AND pin.from_ms <= coverage.to_ms AND pin.to_ms >= coverage.from_ms)`;
export const removeEmptySeries = `
  DELETE FROM series WHERE NOT EXISTS (SELECT 1 FROM chunk WHERE chunk.series_id = series.id)`;
export const removeEmptySelections = `
  DELETE FROM selection
  WHERE NOT EXISTS (SELECT 1 FROM coverage WHERE coverage.selection_id = selection.id)
    AND NOT EXISTS (SELECT 1 FROM pin WHERE pin.selection_id = selection.id)`;

export const putDrawing = `
  INSERT INTO drawing (incident_id, checksum, chart) VALUES (@incidentId, @checksum, @chart)
  ON CONFLICT (incident_id) DO UPDATE SET checksum = excluded.checksum, chart = excluded.chart`;
export const findDrawing = `SELECT checksum, chart FROM drawing WHERE incident_id = @incidentId`;

export const putText = `
  INSERT INTO keepsake (name, text) VALUES (@name, @text)
  ON CONFLICT (name) DO UPDATE SET text = excluded.text`;
export const findText = `SELECT text FROM keepsake WHERE name = @name`;

export const putPanelChart = `
  INSERT INTO panel_chart (key, kept_at_ms, checksum, chart) VALUES (@key, @nowMs, @checksum, @chart)
  ON CONFLICT (key) DO UPDATE SET kept_at_ms = excluded.kept_at_ms, checksum = excluded.checksum,
    chart = excluded.chart`;
export const findPanelChart = `SELECT checksum, chart FROM panel_chart WHERE key = @key`;
export const removeOldPanelCharts = `
  DELETE FROM panel_chart WHERE key IN (
    SELECT key FROM panel_chart ORDER BY kept_at_ms DESC LIMIT -1 OFFSET @maxCharts)`;

export const clearHealth = `DELETE FROM health`;
export const addHealth = `INSERT INTO health (name, health) VALUES (@name, @health)`;
export const allHealth = `SELECT health FROM health ORDER BY name`;

export const removeLaterDrawings = `DELETE FROM drawing WHERE incident_id > @lastIncidentId`;
export const removeLaterPins = `DELETE FROM pin WHERE incident_id > @lastIncidentId`;

export const allCoverage = `
  SELECT selection.id AS selectionId, source, selector, from_ms AS fromMs, to_ms AS toMs,
    fetched_at_ms AS fetchedAtMs, (
      SELECT count(*) FROM coverage AS other WHERE other.selection_id = selection.id) AS windows
  FROM selection JOIN coverage ON coverage.selection_id = selection.id ORDER BY source, selector, from_ms`;
export const selectionSize = `
  SELECT coalesce(sum(samples), 0) AS samples, coalesce(sum(length(data)), 0) AS bytes,
    count(DISTINCT series_id) AS series
  FROM chunk WHERE selection_id = @selectionId AND block_start_ms BETWEEN @firstBlockMs AND @lastBlockMs`;

export const findRunbook = `
  SELECT id FROM runbook WHERE digest = @digest AND title = @title AND path = @path
    AND written_at_ms = @writtenAtMs AND markdown = @markdown`;
export const addRunbook = `
  INSERT INTO runbook (digest, title, path, written_at_ms, markdown)
  VALUES (@digest, @title, @path, @writtenAtMs, @markdown) RETURNING id`;
export const putRunbookPin = `
  INSERT INTO runbook_pin (incident_id, runbook_id, read_at_ms) VALUES (@incidentId, @runbookId, @readAtMs)
  ON CONFLICT (incident_id) DO UPDATE SET runbook_id = excluded.runbook_id, read_at_ms = excluded.read_at_ms`;
export const runbookOfIncident = `
  SELECT digest, title, path, written_at_ms AS writtenAtMs, markdown, read_at_ms AS readAtMs
  FROM runbook_pin JOIN runbook ON runbook.id = runbook_pin.runbook_id WHERE incident_id = @incidentId`;
export const removeUnpinnedRunbooks = `
  DELETE FROM runbook WHERE NOT EXISTS (
    SELECT 1 FROM runbook_pin WHERE runbook_pin.runbook_id = runbook.id)`;
/** Their incidents lose them too. */
export const removeOldRunbooks = `
  DELETE FROM runbook WHERE id IN (
    SELECT runbook_id FROM runbook_pin GROUP BY runbook_id ORDER BY max(read_at_ms) DESC
    LIMIT -1 OFFSET @maxRunbooks)`;
export const removeLaterRunbookPins = `DELETE FROM runbook_pin WHERE incident_id > @lastIncidentId`;

export const putCapture = `
  INSERT INTO capture (incident_id, kind, captured_at_ms) VALUES (@incidentId, @kind, @capturedAtMs)
  ON CONFLICT (incident_id, kind) DO UPDATE SET captured_at_ms = excluded.captured_at_ms`;
export const capturesOf = `
  SELECT incident_id AS incidentId, kind FROM capture
  WHERE incident_id IN (SELECT value FROM json_each(@incidentIds))`;
export const removeOldCaptures = `DELETE FROM capture WHERE incident_id < @beforeId`;
export const removeLaterCaptures = `DELETE FROM capture WHERE incident_id > @lastIncidentId`;

/** By source. Bytes are those of the texts; times leave as text, since no number of JavaScript holds them. */
export const sizeOfLogs = `
  SELECT source, count(DISTINCT stream_id) AS streams, count(*) AS lines,
    CAST(min(time_ns) AS TEXT) AS fromNs, CAST(max(time_ns) AS TEXT) AS toNs,
    sum(octet_length(text) + coalesce(octet_length(metadata), 0)) AS bytes
  FROM log_line JOIN log_stream ON log_stream.id = log_line.stream_id GROUP BY source ORDER BY source`;
export const sizeOfTraces = `
  SELECT source, count(*) AS traces, sum(spans) AS spans, CAST(min(start_ns) AS TEXT) AS fromNs,
    CAST(max(start_ns) AS TEXT) AS toNs, sum(octet_length(data)) AS bytes
  FROM trace GROUP BY source ORDER BY source`;
export const sizeOfRunbooks = `
  SELECT path, title, written_at_ms AS writtenAtMs, max(read_at_ms) AS readAtMs,
    octet_length(markdown) AS bytes, count(*) AS incidents
  FROM runbook JOIN runbook_pin ON runbook_pin.runbook_id = runbook.id GROUP BY runbook.id
  ORDER BY path, written_at_ms`;
export const pinnedLines = `
  SELECT incident_id AS incidentId, count(*) AS count, sum(octet_length(text)) AS bytes,
    CAST(min(time_ns) AS TEXT) AS fromNs, CAST(max(time_ns) AS TEXT) AS toNs
  FROM log_pin JOIN log_line ON log_line.id = log_pin.line_id GROUP BY incident_id`;
export const pinnedTraces = `
  SELECT incident_id AS incidentId, count(*) AS count, sum(octet_length(data)) AS bytes,
    CAST(min(start_ns) AS TEXT) AS fromNs, CAST(max(start_ns) AS TEXT) AS toNs
  FROM trace_pin JOIN trace ON trace.id = trace_pin.trace_row GROUP BY incident_id`;
export const pinnedRunbooks = `
  SELECT incident_id AS incidentId, path FROM runbook_pin JOIN runbook ON runbook.id = runbook_id`;
export const allCaptures = `
  SELECT incident_id AS incidentId, kind, captured_at_ms AS capturedAtMs FROM capture`;
