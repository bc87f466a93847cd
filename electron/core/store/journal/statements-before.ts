/** The SQL that reads a journal of an earlier version, where it cannot be upgraded. */

/** Of before version 3. */
export const pendingNotificationsBefore3 = `
  SELECT id, incident_id AS incidentId, title, body, severity, intended_at_ms AS intendedAtMs, outcome,
  outcome_at_ms AS outcomeAtMs, opened_at_ms AS openedAtMs, intended_at_ms AS askedAtMs,
  NULL AS summaryId, NULL AS snoozedUntilMs
  FROM notification WHERE outcome IS NULL ORDER BY intended_at_ms, id`;

export const newestNotificationsBefore3 = `
  SELECT id, incident_id AS incidentId, title, body, severity, intended_at_ms AS intendedAtMs, outcome,
  outcome_at_ms AS outcomeAtMs, opened_at_ms AS openedAtMs, intended_at_ms AS askedAtMs,
  NULL AS summaryId, NULL AS snoozedUntilMs
  FROM notification ORDER BY intended_at_ms DESC, id DESC LIMIT @limit`;

/** Of before version 4. */
export const openOrResolvedSinceBefore4 = `
  SELECT id, group_key AS groupKey, title, service, opened_at_ms AS openedAtMs, resolved_at_ms AS resolvedAtMs,
  acknowledged_by AS acknowledgedBy, acknowledged_at_ms AS acknowledgedAtMs, '{}' AS verdicts,
  NULL AS mergedInto, revision
  FROM incident WHERE resolved_at_ms IS NULL OR resolved_at_ms >= @resolvedSinceMs ORDER BY id`;
export const incidentByIdBefore4 = `
  SELECT id, group_key AS groupKey, title, service, opened_at_ms AS openedAtMs, resolved_at_ms AS resolvedAtMs,
  acknowledged_by AS acknowledgedBy, acknowledged_at_ms AS acknowledgedAtMs, '{}' AS verdicts,
  NULL AS mergedInto, revision
  FROM incident WHERE id = @id`;
export const newestIncidentsBefore4 = `
  SELECT id, group_key AS groupKey, title, service, opened_at_ms AS openedAtMs, resolved_at_ms AS resolvedAtMs,
  acknowledged_by AS acknowledgedBy, acknowledged_at_ms AS acknowledgedAtMs, '{}' AS verdicts,
  NULL AS mergedInto, revision
  FROM incident ORDER BY id DESC LIMIT @limit`;

export const alertsOfOpenOrResolvedSinceBefore4 = `
  SELECT incident_id AS incidentId, NULL AS homeIncidentId, fingerprint, labels, annotations, generator_url AS generatorUrl,
  starts_at_ms AS startsAtMs, first_seen_at_ms AS firstSeenAtMs, ended_at_ms AS endedAtMs, state,
  silenced_by AS silencedBy, inhibited_by AS inhibitedBy, witnesses
  FROM alert WHERE incident_id IN (
    SELECT id FROM incident WHERE resolved_at_ms IS NULL OR resolved_at_ms >= @resolvedSinceMs)
  ORDER BY incident_id, fingerprint`;
export const alertsOfIncidentBefore4 = `
  SELECT incident_id AS incidentId, NULL AS homeIncidentId, fingerprint, labels, annotations, generator_url AS generatorUrl,
  starts_at_ms AS startsAtMs, first_seen_at_ms AS firstSeenAtMs, ended_at_ms AS endedAtMs, state,
  silenced_by AS silencedBy, inhibited_by AS inhibitedBy, witnesses
  FROM alert WHERE incident_id = @incidentId ORDER BY fingerprint`;

export const newestTimelineBefore4 = `
  SELECT id, at_ms AS atMs, kind, text, detail, by, NULL AS "of" FROM timeline WHERE incident_id = @incidentId
  ORDER BY at_ms DESC, id DESC LIMIT @limit`;

export const countTimelineBefore4 = `SELECT count(*) FROM timeline WHERE incident_id = @incidentId`;
