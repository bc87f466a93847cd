import type { Conditions } from './conditions.ts';
import { scaled, sum, wave } from './flow.ts';
import { counter, gauge, shakingGauge, type Reading } from './target.ts';

/** What the security, business and pipeline services tell beside their process: the product's own figures. */
export function securityReadings(seed: number, conditions: Conditions): readonly Reading[] {
  const failed = conditions.signal('security.failedLogins', '');
  const threats = conditions.signal('security.highThreats', '');
  const failures = (reason: string, perSecond: number, share: number): Reading =>
    counter(
      'opssight_login_failures_total',
      { reason },
      sum(wave(seed, `logins ${reason}`, perSecond, 0.6), scaled(failed, share)),
    );
  const event = (type: string, level: string, perSecond: number, share: number): Reading =>
    counter(
      'opssight_security_events_total',
      { event_type: type, threat_level: level },
      sum(wave(seed, `events ${type}`, perSecond, 0.5), scaled(threats, share)),
    );
  return [
    failures('bad_password', 0.007, 0.8),
    failures('unknown_user', 0.002, 0.2),
    event('rate_limited', 'low', 0.02, 2),
    event('token_reuse', 'medium', 0.004, 1),
    event('credential_stuffing', 'high', 0, 1),
    gauge('security_blocked_ips_count', {}, (atMs) => Math.round(17 + 180 * threats.levelAt(atMs))),
  ];
}

export function businessReadings(seed: number, conditions: Conditions): readonly Reading[] {
  const lost = conditions.signal('business.lostUsers', '');
  const active = sum(wave(seed, 'active users', 1_380, 0.06), scaled(lost, -1));
  const usage = (feature: string, perSecond: number): Reading =>
    counter('opssight_feature_usage', { feature }, wave(seed, `feature ${feature}`, perSecond, 0.4));
  return [
    gauge('opssight_daily_active_users', {}, (atMs) => Math.round(active.levelAt(atMs))),
    gauge('business_active_users', { time_window: '1h' }, (atMs) => Math.round(active.levelAt(atMs) * 0.31)),
    gauge('business_active_users', { time_window: '1d' }, (atMs) => Math.round(active.levelAt(atMs))),
    usage('incident_timeline', 2.4),
    usage('saved_views', 0.62),
    usage('runbook_export', 0.07),
  ];
}

export function pipelineReadings(seed: number, conditions: Conditions): readonly Reading[] {
  const queued = conditions.signal('pipeline.queue', '');
  const failing = conditions.signal('pipeline.failures', '');
  const stuck = conditions.signal('pipeline.busyRunners', '');
  const runners = 8;
  const busy = sum(wave(seed, 'runners', 2.4, 0.5), stuck);
  const queue = (priority: string, share: number): Reading => {
    const jobs = scaled(sum(wave(seed, `queue ${priority}`, 12, 0.7), queued), share);
    return gauge('business_pipeline_queue_size', { priority }, (atMs) => Math.round(jobs.levelAt(atMs)));
  };
  const executions = (type: string, status: string, perSecond: number, share: number): Reading =>
    counter(
      'business_pipeline_executions_total',
      { pipeline_type: type, status, environment: 'production' },
      sum(wave(seed, `executions ${type} ${status}`, perSecond, 0.5), scaled(failing, share)),
    );
  const busyAt = (atMs: number): number => Math.min(runners, Math.round(busy.levelAt(atMs)));
  return [
    queue('normal', 0.8),
    queue('high', 0.2),
    shakingGauge(
      'business_pipeline_oldest_job_seconds',
      {},
      sum(wave(seed, 'oldest job', 14, 0.4), scaled(queued, 1.3)),
      0.02,
    ),
    executions('build', 'success', 0.11, 0),
    executions('build', 'failed', 0.002, 0.7),
    executions('deploy', 'success', 0.02, 0),
    executions('deploy', 'failed', 0.0005, 0.3),
    gauge('business_pipeline_runners', { state: 'busy' }, busyAt),
    gauge('business_pipeline_runners', { state: 'idle' }, (atMs) => runners - busyAt(atMs)),
  ];
}
