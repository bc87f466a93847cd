/**
 * The SQL of traces, as constants with bound parameters. An empty source, service or operation is any; an id
 * is looked for in both of its spellings.
 */

export const findTrace = `
  SELECT id, trace_id AS keptId, spans FROM trace
  WHERE source = @source AND trace_id IN (@traceId, @otherId) ORDER BY spans DESC LIMIT 1`;
export const putTrace = `
  INSERT INTO trace (source, trace_id, start_ns, duration_ns, spans, fetched_at_ms, summary, checksum, data)
  VALUES (@source, @traceId, @startNs, @durationNs, @spans, @fetchedAtMs, @summary, @checksum, @data)
  ON CONFLICT (source, trace_id) DO UPDATE SET start_ns = excluded.start_ns,
    duration_ns = excluded.duration_ns, spans = excluded.spans, fetched_at_ms = excluded.fetched_at_ms,
    summary = excluded.summary, checksum = excluded.checksum, data = excluded.data
  RETURNING id`;
export const clearOperations = `DELETE FROM trace_operation WHERE trace_row = @row`;
export const addOperation = `
  INSERT INTO trace_operation (trace_row, service, operation) VALUES (@row, @service, @operation)
  ON CONFLICT DO NOTHING`;
export const putTracePin = `
  INSERT INTO trace_pin (trace_row, incident_id) VALUES (@row, @incidentId) ON CONFLICT DO NOTHING`;

export const traceById = `
  SELECT source, fetched_at_ms AS fetchedAtMs, checksum, data FROM trace
  WHERE trace_id IN (@traceId, @otherId) AND (@source = '' OR source = @source) ORDER BY spans DESC, source LIMIT 1`;
export const traceByRow = `SELECT checksum, data FROM trace WHERE id = @row`;

/** After the cursor, newest first. A trace takes at least as long as each of its spans. */
export const summariesNewestFirst = `
  SELECT id, CAST(start_ns AS TEXT) AS startNs, summary, fetched_at_ms AS fetchedAtMs FROM trace
  WHERE start_ns BETWEEN @earliestNs AND @toNs
    AND (start_ns >= @fromNs OR start_ns + duration_ns >= @fromNs)
    AND (start_ns < @cursorNs OR (start_ns = @cursorNs AND id < @cursorRow))
    AND duration_ns >= @minDurationNs
    AND (@source = '' OR source = @source)
    AND ((@service = '' AND @operation = '') OR EXISTS (
      SELECT 1 FROM trace_operation WHERE trace_row = trace.id AND (@service = '' OR service = @service)
        AND (@operation = '' OR operation = @operation)))
  ORDER BY start_ns DESC, id DESC LIMIT @limit`;
export const summariesOfIncident = `
  SELECT id, CAST(start_ns AS TEXT) AS startNs, summary, fetched_at_ms AS fetchedAtMs
  FROM trace_pin JOIN trace ON trace.id = trace_pin.trace_row
  WHERE trace_pin.incident_id = @incidentId ORDER BY start_ns DESC, id DESC LIMIT @limit`;
export const servicesOfSource = `
  SELECT DISTINCT service FROM trace_operation JOIN trace ON trace.id = trace_row
  WHERE @source = '' OR source = @source ORDER BY service`;
export const operationsOfService = `
  SELECT DISTINCT operation FROM trace_operation JOIN trace ON trace.id = trace_row
  WHERE service = @service AND (@source = '' OR source = @source) ORDER BY operation`;

export const oldestTrace = `
  SELECT CAST(start_ns AS TEXT) AS startNs FROM trace
  WHERE NOT EXISTS (SELECT 1 FROM trace_pin WHERE trace_pin.trace_row = trace.id)
  ORDER BY start_ns LIMIT 1`;
export const removeOldestTraces = `
  DELETE FROM trace WHERE id IN (
    SELECT id FROM trace AS old WHERE start_ns < @beforeNs
      AND NOT EXISTS (SELECT 1 FROM trace_pin WHERE trace_pin.trace_row = old.id)
    ORDER BY start_ns LIMIT @limit)`;
export const removeLaterTracePins = `DELETE FROM trace_pin WHERE incident_id > @lastIncidentId`;
