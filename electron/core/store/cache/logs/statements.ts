/**
 * The SQL of log lines, as constants with bound parameters. Times leave as text, since no number of
 * JavaScript holds them. `@streams` is a list of ids as JSON, or null for all; `@needle` is a text that
 * each line must contain, or empty.
 */

export const putStream = `
  INSERT INTO log_stream (source, labels, fetched_at_ms, lines) VALUES (@source, @labels, @fetchedAtMs, 0)
  ON CONFLICT (source, labels) DO UPDATE SET fetched_at_ms = max(fetched_at_ms, excluded.fetched_at_ms)
  RETURNING id`;
export const countIntoStream = `UPDATE log_stream SET lines = lines + @lines WHERE id = @streamId`;
export const streamsOfSource = `
  SELECT id, labels, fetched_at_ms AS fetchedAtMs FROM log_stream WHERE source = @source ORDER BY id`;
export const countStreams = `SELECT count(*) FROM log_stream`;

export const findLine = `
  SELECT id FROM log_line
  WHERE time_ns = @timeNs AND stream_id = @streamId AND digest = @digest AND text = @text`;
export const addLine = `
  INSERT INTO log_line (stream_id, time_ns, digest, level, text, metadata)
  VALUES (@streamId, @timeNs, @digest, @level, @text, @metadata) RETURNING id`;
export const addLineText = `INSERT INTO log_text (rowid, text) VALUES (@id, @text)`;
export const putLogPin = `
  INSERT INTO log_pin (line_id, incident_id) VALUES (@lineId, @incidentId) ON CONFLICT DO NOTHING`;
export const putLogEvidence = `
  INSERT INTO log_evidence (incident_id, source, selector, filters, from_ns, to_ns, fetched_at_ms)
  VALUES (@incidentId, @source, @selector, @filters, @fromNs, @toNs, @fetchedAtMs)
  ON CONFLICT (incident_id) DO UPDATE SET source = excluded.source, selector = excluded.selector,
    filters = excluded.filters, from_ns = excluded.from_ns, to_ns = excluded.to_ns,
    fetched_at_ms = excluded.fetched_at_ms`;

export const putScope = `
  INSERT INTO log_scope (source, selector, filters) VALUES (@source, @selector, @filters)
  ON CONFLICT (source, selector, filters) DO UPDATE SET source = excluded.source RETURNING id`;
/** Also those that only touch: they are joined with a new one. */
export const logCoverageAround = `
  SELECT CAST(from_ns AS TEXT) AS fromNs, CAST(to_ns AS TEXT) AS toNs, fetched_at_ms AS fetchedAtMs
  FROM log_coverage WHERE scope_id = @scopeId AND from_ns <= @toNs AND to_ns >= @fromNs`;
export const removeLogCoverage = `
  DELETE FROM log_coverage WHERE scope_id = @scopeId AND from_ns <= @toNs AND to_ns >= @fromNs`;
export const addLogCoverage = `
  INSERT INTO log_coverage (scope_id, from_ns, to_ns, fetched_at_ms)
  VALUES (@scopeId, @fromNs, @toNs, @fetchedAtMs)`;
export const coverageOfQuestion = `
  SELECT CAST(from_ns AS TEXT) AS fromNs, CAST(to_ns AS TEXT) AS toNs, fetched_at_ms AS fetchedAtMs
  FROM log_coverage JOIN log_scope ON log_scope.id = log_coverage.scope_id
  WHERE source = @source AND selector = @selector AND filters IN (@filters, '')
    AND from_ns < @toNs AND to_ns > @fromNs`;

/** At most so many: beyond that a text is too common for its trigrams to be of use. */
export const countCandidates = `
  SELECT count(*) FROM (SELECT rowid FROM log_text WHERE log_text MATCH @terms LIMIT @limit)`;

export const lineAtFromNewest = `
  SELECT CAST(time_ns AS TEXT) AS timeNs FROM log_line WHERE time_ns >= @fromNs AND time_ns < @toNs
  ORDER BY time_ns DESC LIMIT 1 OFFSET @rows`;
export const lineAtFromOldest = `
  SELECT CAST(time_ns AS TEXT) AS timeNs FROM log_line WHERE time_ns >= @fromNs AND time_ns < @toNs
  ORDER BY time_ns LIMIT 1 OFFSET @rows`;

export const linesNewestFirst = `
  SELECT id, stream_id AS streamId, CAST(time_ns AS TEXT) AS timeNs, digest, level, text, metadata
  FROM log_line INDEXED BY log_line_by_time
  WHERE time_ns >= @fromNs AND time_ns < @toNs
    AND (@streams IS NULL OR stream_id IN (SELECT value FROM json_each(@streams)))
    AND (@needle = '' OR instr(text, @needle) > 0)
  ORDER BY time_ns DESC, id DESC`;
export const linesOldestFirst = `
  SELECT id, stream_id AS streamId, CAST(time_ns AS TEXT) AS timeNs, digest, level, text, metadata
  FROM log_line INDEXED BY log_line_by_time
  WHERE time_ns >= @fromNs AND time_ns < @toNs
    AND (@streams IS NULL OR stream_id IN (SELECT value FROM json_each(@streams)))
    AND (@needle = '' OR instr(text, @needle) > 0)
  ORDER BY time_ns, id`;
export const candidatesNewestFirst = `
  SELECT log_line.id, stream_id AS streamId, CAST(time_ns AS TEXT) AS timeNs, digest, level, log_line.text,
    metadata
  FROM log_text CROSS JOIN log_line ON log_line.id = log_text.rowid
  WHERE log_text MATCH @terms AND time_ns >= @fromNs AND time_ns < @toNs
    AND (@streams IS NULL OR stream_id IN (SELECT value FROM json_each(@streams)))
    AND (@needle = '' OR instr(log_line.text, @needle) > 0)
  ORDER BY time_ns DESC, log_line.id DESC`;
export const candidatesOldestFirst = `
  SELECT log_line.id, stream_id AS streamId, CAST(time_ns AS TEXT) AS timeNs, digest, level, log_line.text,
    metadata
  FROM log_text CROSS JOIN log_line ON log_line.id = log_text.rowid
  WHERE log_text MATCH @terms AND time_ns >= @fromNs AND time_ns < @toNs
    AND (@streams IS NULL OR stream_id IN (SELECT value FROM json_each(@streams)))
    AND (@needle = '' OR instr(log_line.text, @needle) > 0)
  ORDER BY time_ns, log_line.id`;

export const countLines = `
  SELECT (time_ns - @originNs) / @stepNs AS step, level, count(*) AS lines
  FROM log_line INDEXED BY log_line_by_time
  WHERE time_ns >= @fromNs AND time_ns < @toNs
    AND (@streams IS NULL OR stream_id IN (SELECT value FROM json_each(@streams)))
    AND (@needle = '' OR instr(text, @needle) > 0)
  GROUP BY step, level`;
export const countCandidateLines = `
  SELECT (time_ns - @originNs) / @stepNs AS step, level, count(*) AS lines
  FROM log_text CROSS JOIN log_line ON log_line.id = log_text.rowid
  WHERE log_text MATCH @terms AND time_ns >= @fromNs AND time_ns < @toNs
    AND (@streams IS NULL OR stream_id IN (SELECT value FROM json_each(@streams)))
    AND (@needle = '' OR instr(log_line.text, @needle) > 0)
  GROUP BY step, level`;

export const logEvidence = `
  SELECT source, selector, filters, CAST(from_ns AS TEXT) AS fromNs, CAST(to_ns AS TEXT) AS toNs,
    fetched_at_ms AS fetchedAtMs
  FROM log_evidence WHERE incident_id = @incidentId`;
export const linesOfIncident = `
  SELECT log_line.id, stream_id AS streamId, CAST(time_ns AS TEXT) AS timeNs, digest, level, text, metadata,
    labels
  FROM log_pin JOIN log_line ON log_line.id = log_pin.line_id
    JOIN log_stream ON log_stream.id = log_line.stream_id
  WHERE log_pin.incident_id = @incidentId ORDER BY time_ns DESC, log_line.id DESC LIMIT @limit`;

export const oldestLine = `
  SELECT CAST(time_ns AS TEXT) AS timeNs FROM log_line
  WHERE NOT EXISTS (SELECT 1 FROM log_pin WHERE log_pin.line_id = log_line.id)
  ORDER BY time_ns LIMIT 1`;
export const oldestLines = `
  SELECT id, stream_id AS streamId, CAST(time_ns AS TEXT) AS timeNs FROM log_line
  WHERE time_ns < @beforeNs AND NOT EXISTS (SELECT 1 FROM log_pin WHERE log_pin.line_id = log_line.id)
  ORDER BY time_ns LIMIT @limit`;
export const removeLine = `DELETE FROM log_line WHERE id = @id`;
export const removeLineText = `DELETE FROM log_text WHERE rowid = @id`;
/** Gives back the room of removed lines, some pages at a time. */
export const mergeLineText = `INSERT INTO log_text (log_text, rank) VALUES ('merge', @pages)`;
export const totalChanges = `SELECT total_changes()`;
export const endLogCoverage = `DELETE FROM log_coverage WHERE to_ns <= @beforeNs`;
export const cutLogCoverage = `UPDATE log_coverage SET from_ns = @beforeNs WHERE from_ns < @beforeNs`;
export const removeEmptyScopes = `
  DELETE FROM log_scope
  WHERE NOT EXISTS (SELECT 1 FROM log_coverage WHERE log_coverage.scope_id = log_scope.id)`;
export const removeEmptyStreams = `DELETE FROM log_stream WHERE lines <= 0`;

export const removeLaterLogPins = `DELETE FROM log_pin WHERE incident_id > @lastIncidentId`;
export const removeLaterLogEvidence = `DELETE FROM log_evidence WHERE incident_id > @lastIncidentId`;
