import type { HttpResponse } from '../http-server.ts';
import { evaluationIntervalMs, type RuleManager, type RuleStatus } from '../rules/rule-manager.ts';
import type { ActiveAlert } from '../rules/alert-state.ts';
import { goExponent } from '../rules/template.ts';
import type { ScrapedTarget } from '../scraper.ts';
import { formatTime, succeed, fail } from './envelope.ts';

/** What the server is at: rules, alerts and targets. */

export function answerRules(rules: RuleManager, parameters: URLSearchParams): HttpResponse {
  const type = (parameters.get('type') ?? '').toLowerCase();
  if (!['', 'alert', 'record'].includes(type)) {
    return fail({
      kind: 'bad-data',
      message: `invalid parameter "type": not supported value ${JSON.stringify(type)}`,
    });
  }
  const wanted = (name: string, value: string): boolean => {
    const values = parameters.getAll(name);
    return values.length === 0 || values.includes(value);
  };
  const withAlerts = parameters.get('exclude_alerts') !== 'true';
  const groups = rules.groups
    .filter(({ group }) => wanted('rule_group[]', group.name) && wanted('file[]', group.file))
    .map(({ group, rules: running }) => {
      const statuses = running.map((rule) => rules.statusOf(rule));
      const listed = statuses
        .filter(({ rule }) => type === '' || (type === 'alert') === (rule.kind === 'alerting'))
        .filter(({ rule }) => wanted('rule_name[]', rule.name));
      return {
        name: group.name,
        file: group.file,
        rules: listed.map((status) => ruleData(status, withAlerts)),
        interval: evaluationIntervalMs / 1_000,
        limit: 0,
        evaluationTime: statuses.reduce((seconds, status) => seconds + status.evaluationSeconds, 0),
        lastEvaluation: formatTime(Math.max(0, ...statuses.map((status) => status.lastEvaluationAtMs))),
      };
    })
    .filter((group) => group.rules.length > 0);
  return succeed({ groups });
}

export function answerAlerts(rules: RuleManager): HttpResponse {
  const alerts = rules.groups.flatMap(({ rules: running }) =>
    running.flatMap((rule) => rules.statusOf(rule).active.map(alertData)),
  );
  return succeed({ alerts });
}

function ruleData(status: RuleStatus, withAlerts: boolean): unknown {
  const { rule } = status;
  const common = {
    name: rule.name,
    query: rule.query,
    labels: rule.labels,
    health: status.health,
    ...(status.lastError === '' ? {} : { lastError: status.lastError }),
    evaluationTime: status.evaluationSeconds,
    lastEvaluation: formatTime(status.lastEvaluationAtMs),
  };
  if (rule.kind === 'recording') return { ...common, type: 'recording' };
  return {
    state: stateOf(status),
    ...common,
    duration: rule.forMs / 1_000,
    keepFiringFor: 0,
    annotations: Object.fromEntries(rule.annotations.map(({ name, text }) => [name, text])),
    alerts: withAlerts ? status.active.map(alertData) : [],
    type: 'alerting',
  };
}

function stateOf({ active }: RuleStatus): 'firing' | 'pending' | 'inactive' {
  if (active.some((alert) => alert.state === 'firing')) return 'firing';
  return active.length > 0 ? 'pending' : 'inactive';
}

function alertData({ labels, annotations, state, activeAtMs, value }: ActiveAlert): unknown {
  return {
    labels,
    annotations,
    state,
    activeAt: formatTime(activeAtMs),
    value: goExponent(value.toExponential()),
  };
}

export function answerTargets(targets: readonly ScrapedTarget[], parameters: URLSearchParams): HttpResponse {
  const state = parameters.get('state') ?? '';
  const pool = parameters.get('scrapePool') ?? '';
  const active = targets.filter(({ target }) => pool === '' || target.job === pool).map(targetData);
  const dropped = { droppedTargets: [], droppedTargetCounts: {} };
  if (state === 'dropped') return succeed({ activeTargets: [], ...dropped });
  return succeed({ activeTargets: active, ...dropped });
}

function targetData({ target, lastScrapeAtMs, up }: ScrapedTarget): unknown {
  const scrapeUrl = `http://${target.instance}${target.metricsPath}`;
  const host = target.instance.replace(/:\d+$/, '');
  return {
    discoveredLabels: {
      __address__: target.instance,
      __metrics_path__: target.metricsPath,
      __scheme__: 'http',
      __scrape_interval__: `${target.intervalMs / 1_000}s`,
      __scrape_timeout__: '10s',
      job: target.job,
    },
    labels: target.labels,
    scrapePool: target.job,
    scrapeUrl,
    globalUrl: scrapeUrl,
    lastError: up ? '' : `Get "${scrapeUrl}": dial tcp: lookup ${host}: i/o timeout`,
    lastScrape: formatTime(lastScrapeAtMs),
    lastScrapeDuration: up ? 0.0124 : 10,
    health: up ? 'up' : 'down',
    scrapeInterval: `${target.intervalMs / 1_000}s`,
    scrapeTimeout: '10s',
  };
}
