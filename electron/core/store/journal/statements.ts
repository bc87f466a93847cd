/** The SQL of the journal, as constants with bound parameters; `journal.ts` runs it. */

export const putIncident = `
  INSERT INTO incident (id, group_key, title, service, opened_at_ms, resolved_at_ms, acknowledged_by,
    acknowledged_at_ms, verdicts, merged_into, revision)
  VALUES (@id, @groupKey, @title, @service, @openedAtMs, @resolvedAtMs, @acknowledgedBy,
    @acknowledgedAtMs, @verdicts, @mergedInto, @revision)
  ON CONFLICT (id) DO UPDATE SET group_key = excluded.group_key, title = excluded.title,
    service = excluded.service, opened_at_ms = excluded.opened_at_ms,
    resolved_at_ms = excluded.resolved_at_ms, acknowledged_by = excluded.acknowledged_by,
    acknowledged_at_ms = excluded.acknowledged_at_ms, verdicts = excluded.verdicts,
    merged_into = excluded.merged_into, revision = excluded.revision`;

export const putAlert = `
  INSERT INTO alert (incident_id, fingerprint, labels, annotations, generator_url, starts_at_ms,
    first_seen_at_ms, ended_at_ms, state, silenced_by, inhibited_by, witnesses, home_incident_id)
  VALUES (@incidentId, @fingerprint, @labels, @annotations, @generatorUrl, @startsAtMs,
    @firstSeenAtMs, @endedAtMs, @state, @silencedBy, @inhibitedBy, @witnesses, @homeIncidentId)
  ON CONFLICT (incident_id, fingerprint) DO UPDATE SET labels = excluded.labels,
    annotations = excluded.annotations, generator_url = excluded.generator_url,
    starts_at_ms = excluded.starts_at_ms, first_seen_at_ms = excluded.first_seen_at_ms,
    ended_at_ms = excluded.ended_at_ms, state = excluded.state, silenced_by = excluded.silenced_by,
    inhibited_by = excluded.inhibited_by, witnesses = excluded.witnesses,
    home_incident_id = excluded.home_incident_id`;
export const removeAlert = `DELETE FROM alert WHERE incident_id = @incidentId AND fingerprint = @fingerprint`;

export const addTimeline = `
  INSERT INTO timeline (incident_id, at_ms, kind, text, detail, by)
  VALUES (@incidentId, @atMs, @kind, @text, @detail, @by)`;

export const putWatch = `
  INSERT INTO watch (source, last_success_at_ms, server_started_at_ms)
  VALUES (@source, @lastSuccessAtMs, @serverStartedAtMs)
  ON CONFLICT (source) DO UPDATE SET last_success_at_ms = excluded.last_success_at_ms,
    server_started_at_ms = excluded.server_started_at_ms`;

export const putNotification = `
  INSERT INTO notification (id, incident_id, title, body, severity, intended_at_ms, outcome,
    outcome_at_ms, opened_at_ms, asked_at_ms, summary_id, snoozed_until_ms)
  VALUES (@id, @incidentId, @title, @body, @severity, @intendedAtMs, @outcome, @outcomeAtMs, @openedAtMs,
    @askedAtMs, @summaryId, @snoozedUntilMs)
  ON CONFLICT (id) DO UPDATE SET incident_id = excluded.incident_id, title = excluded.title,
    body = excluded.body, severity = excluded.severity, intended_at_ms = excluded.intended_at_ms,
    outcome = excluded.outcome, outcome_at_ms = excluded.outcome_at_ms,
    opened_at_ms = excluded.opened_at_ms, asked_at_ms = excluded.asked_at_ms,
    summary_id = excluded.summary_id, snoozed_until_ms = excluded.snoozed_until_ms`;

export const putSetting = `
  INSERT INTO setting (key, value) VALUES (@key, @value)
  ON CONFLICT (key) DO UPDATE SET value = excluded.value`;
export const removeSetting = `DELETE FROM setting WHERE key = @key`;
export const settingByKey = `SELECT value FROM setting WHERE key = @key`;

export const putRuleGroup = `
  INSERT INTO rule_group (key, last_slot_at_ms, state) VALUES (@group, @lastSlotAtMs, @state)
  ON CONFLICT (key) DO UPDATE SET last_slot_at_ms = excluded.last_slot_at_ms, state = excluded.state`;
export const removeRuleGroup = `DELETE FROM rule_group WHERE key = @group`;
export const allRuleGroups = `
  SELECT key AS "group", last_slot_at_ms AS lastSlotAtMs, state FROM rule_group ORDER BY key`;

export const addAudit = `
  INSERT INTO audit (at_ms, by, action, target, outcome, detail)
  VALUES (@atMs, @by, @action, @target, @outcome, @detail)`;

/** A notice told again is not put away any more. */
export const putNotice = `
  INSERT INTO notice (id, severity, message, next_step, at_ms)
  VALUES (@id, @severity, @message, @nextStep, @atMs)
  ON CONFLICT (id) DO UPDATE SET severity = excluded.severity, message = excluded.message,
    next_step = excluded.next_step, at_ms = excluded.at_ms, dismissed_at_ms = NULL`;

export const dismissNotice = `UPDATE notice SET dismissed_at_ms = @atMs WHERE id = @id`;

export const lastIncidentId = `SELECT coalesce(max(id), 0) FROM incident`;

export const openOrResolvedSince = `
  SELECT id, group_key AS groupKey, title, service, opened_at_ms AS openedAtMs, resolved_at_ms AS resolvedAtMs,
  acknowledged_by AS acknowledgedBy, acknowledged_at_ms AS acknowledgedAtMs, verdicts,
  merged_into AS mergedInto, revision
  FROM incident WHERE resolved_at_ms IS NULL OR resolved_at_ms >= @resolvedSinceMs ORDER BY id`;
export const incidentById = `
  SELECT id, group_key AS groupKey, title, service, opened_at_ms AS openedAtMs, resolved_at_ms AS resolvedAtMs,
  acknowledged_by AS acknowledgedBy, acknowledged_at_ms AS acknowledgedAtMs, verdicts,
  merged_into AS mergedInto, revision
  FROM incident WHERE id = @id`;
export const newestIncidents = `
  SELECT id, group_key AS groupKey, title, service, opened_at_ms AS openedAtMs, resolved_at_ms AS resolvedAtMs,
  acknowledged_by AS acknowledgedBy, acknowledged_at_ms AS acknowledgedAtMs, verdicts,
  merged_into AS mergedInto, revision
  FROM incident ORDER BY id DESC LIMIT @limit`;
export const countIncidents = `SELECT count(*) FROM incident`;

export const alertsOfOpenOrResolvedSince = `
  SELECT incident_id AS incidentId, home_incident_id AS homeIncidentId, fingerprint, labels, annotations, generator_url AS generatorUrl,
  starts_at_ms AS startsAtMs, first_seen_at_ms AS firstSeenAtMs, ended_at_ms AS endedAtMs, state,
  silenced_by AS silencedBy, inhibited_by AS inhibitedBy, witnesses
  FROM alert WHERE incident_id IN (
    SELECT id FROM incident WHERE resolved_at_ms IS NULL OR resolved_at_ms >= @resolvedSinceMs)
  ORDER BY incident_id, fingerprint`;
/** Those that it has, and those of its own that another has since they were merged. */
export const alertsOfIncident = `
  SELECT incident_id AS incidentId, home_incident_id AS homeIncidentId, fingerprint, labels, annotations, generator_url AS generatorUrl,
  starts_at_ms AS startsAtMs, first_seen_at_ms AS firstSeenAtMs, ended_at_ms AS endedAtMs, state,
  silenced_by AS silencedBy, inhibited_by AS inhibitedBy, witnesses
  FROM alert WHERE incident_id = @incidentId OR home_incident_id = @incidentId ORDER BY fingerprint`;

/** Its own, and those of every incident that was merged into it (`of`). */
export const newestTimeline = `
  WITH RECURSIVE family (id) AS (
    SELECT @incidentId UNION SELECT incident.id FROM incident JOIN family ON incident.merged_into = family.id)
  SELECT id, at_ms AS atMs, kind, text, detail, by, nullif(incident_id, @incidentId) AS "of"
  FROM timeline WHERE incident_id IN (SELECT id FROM family) ORDER BY at_ms DESC, id DESC LIMIT @limit`;
export const countTimeline = `
  WITH RECURSIVE family (id) AS (
    SELECT @incidentId UNION SELECT incident.id FROM incident JOIN family ON incident.merged_into = family.id)
  SELECT count(*) FROM timeline WHERE incident_id IN (SELECT id FROM family)`;

export const allWatches = `
  SELECT source, last_success_at_ms AS lastSuccessAtMs, server_started_at_ms AS serverStartedAtMs
  FROM watch ORDER BY source`;

export const pendingNotifications = `
  SELECT id, incident_id AS incidentId, title, body, severity, intended_at_ms AS intendedAtMs, outcome,
  outcome_at_ms AS outcomeAtMs, opened_at_ms AS openedAtMs, asked_at_ms AS askedAtMs,
  summary_id AS summaryId, snoozed_until_ms AS snoozedUntilMs
  FROM notification WHERE outcome IS NULL ORDER BY intended_at_ms, id`;
export const newestNotifications = `
  SELECT id, incident_id AS incidentId, title, body, severity, intended_at_ms AS intendedAtMs, outcome,
  outcome_at_ms AS outcomeAtMs, opened_at_ms AS openedAtMs, asked_at_ms AS askedAtMs,
  summary_id AS summaryId, snoozed_until_ms AS snoozedUntilMs
  FROM notification ORDER BY intended_at_ms DESC, id DESC LIMIT @limit`;
export const openNotices = `
  SELECT id, severity, message, next_step AS nextStep, at_ms AS atMs FROM notice
  WHERE dismissed_at_ms IS NULL ORDER BY at_ms, id`;
