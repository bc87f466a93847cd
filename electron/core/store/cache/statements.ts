/** The SQL of what the cache keeps beside samples, log lines and traces, as constants with bound parameters. */

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

/** A time of writing that nobody told is 0 in the table. */
export const findRunbook = `
  SELECT id FROM runbook WHERE digest = @digest AND title = @title AND path = @path
    AND written_at_ms = coalesce(@writtenAtMs, 0) AND markdown = @markdown`;
export const addRunbook = `
  INSERT INTO runbook (digest, title, path, written_at_ms, markdown)
  VALUES (@digest, @title, @path, coalesce(@writtenAtMs, 0), @markdown) RETURNING id`;
export const putRunbookPin = `
  INSERT INTO runbook_pin (incident_id, runbook_id, read_at_ms) VALUES (@incidentId, @runbookId, @readAtMs)
  ON CONFLICT (incident_id) DO UPDATE SET runbook_id = excluded.runbook_id, read_at_ms = excluded.read_at_ms`;
export const runbookOfIncident = `
  SELECT digest, title, path, nullif(written_at_ms, 0) AS writtenAtMs, markdown, read_at_ms AS readAtMs
  FROM runbook_pin JOIN runbook ON runbook.id = runbook_pin.runbook_id WHERE incident_id = @incidentId`;
export const removeUnpinnedRunbooks = `
  DELETE FROM runbook WHERE NOT EXISTS (
    SELECT 1 FROM runbook_pin WHERE runbook_pin.runbook_id = runbook.id)`;
/** Of whichever incident it was read for last. */
export const runbookByPath = `
  SELECT digest, title, path, nullif(written_at_ms, 0) AS writtenAtMs, markdown, read_at_ms AS readAtMs
  FROM runbook JOIN runbook_pin ON runbook.id = runbook_pin.runbook_id WHERE path = @path
  ORDER BY read_at_ms DESC LIMIT 1`;
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
