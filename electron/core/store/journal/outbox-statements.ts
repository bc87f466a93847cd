/** The SQL of the outbox and of the silences that are looked after. */

export const putOutbox = `
  INSERT INTO outbox (id, created_at_ms, settled_at_ms, entry)
  VALUES (@id, @createdAtMs, @settledAtMs, @entry)
  ON CONFLICT (id) DO UPDATE SET created_at_ms = excluded.created_at_ms,
    settled_at_ms = excluded.settled_at_ms, entry = excluded.entry`;
export const removeOutbox = `DELETE FROM outbox WHERE id = @id`;
export const allOutbox = `
  SELECT id, created_at_ms AS createdAtMs, settled_at_ms AS settledAtMs, entry
  FROM outbox ORDER BY created_at_ms, id`;

export const putTendedSilence = `
  INSERT INTO tended_silence (id, cluster, care, incident_id, quiet_since_ms, ends_after_quiet_ms,
    created_at_ms, ended_at_ms)
  VALUES (@id, @cluster, @care, @incidentId, @quietSinceMs, @endsAfterQuietMs, @createdAtMs, @endedAtMs)
  ON CONFLICT (id) DO UPDATE SET cluster = excluded.cluster, care = excluded.care,
    incident_id = excluded.incident_id, quiet_since_ms = excluded.quiet_since_ms,
    ends_after_quiet_ms = excluded.ends_after_quiet_ms, created_at_ms = excluded.created_at_ms,
    ended_at_ms = excluded.ended_at_ms`;
export const openTendedSilences = `
  SELECT id, cluster, care, incident_id AS incidentId, quiet_since_ms AS quietSinceMs,
  ends_after_quiet_ms AS endsAfterQuietMs, created_at_ms AS createdAtMs, ended_at_ms AS endedAtMs
  FROM tended_silence WHERE ended_at_ms IS NULL ORDER BY created_at_ms, id`;
