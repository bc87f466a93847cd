import { beforeAll, describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time.ts';
import type { AlertView } from './alertmanager/alert-book.ts';
import { createFleet, readResources, type Fleet, type FleetResources } from './fleet.ts';
import { queryInstant, queryRange } from '#shared/promql/engine.ts';

const start = Date.UTC(2026, 10, 21, 5);
let resources: FleetResources;

beforeAll(async () => {
  resources = await readResources(new URL('../../resources/demo/', import.meta.url));
});

function fleetOf(seed: number): Fleet {
  const prometheusUrl = (): string => 'http://127.0.0.1:9';
  const fleet = createFleet({ resources, seed, speed: 1, epochAtMs: 0, startAtMs: start, prometheusUrl });
  fleet.advanceTo(start);
  return fleet;
}

const loud = ({ silencedBy, inhibitedBy }: AlertView): boolean =>
  silencedBy.length + inhibitedBy.length === 0;
const incidents = (alerts: readonly AlertView[]): number =>
  new Set(alerts.map(({ alert }) => `${alert.labels['alertname']} ${alert.labels['service']}`)).size;

describe('demo fleet', () => {
  test('every rule can be evaluated, and every alert has fired within two hours', () => {
    const fleet = fleetOf(1);
    fleet.advanceTo(start + hourMs / 2);
    const statuses = fleet.rules.groups.flatMap(({ rules }) =>
      rules.map((rule) => fleet.rules.statusOf(rule)),
    );
    expect(statuses.map(({ health }) => health)).toEqual(statuses.map(() => 'ok'));
    const fired = new Set(
      fleet.store
        .select([{ name: '__name__', operator: '=', value: 'ALERTS' }], -Infinity, Infinity)
        .filter(({ labels }) => labels.get('alertstate') === 'firing')
        .map(({ labels }) => labels.get('alertname')),
    );
    const alerting = statuses.filter(({ rule }) => rule.kind === 'alerting').map(({ rule }) => rule.name);
    expect([...fired].sort()).toEqual([...new Set(alerting)].sort());
  });

  test('has a usable inbox at nearly any moment', () => {
    const fleet = fleetOf(2);
    const moments = Array.from({ length: 90 }, (_, index) => {
      const now = start + (index + 1) * minuteMs;
      fleet.advanceTo(now);
      const alerts = fleet.alerts.list(now);
      const heard = alerts.filter(loud);
      return {
        alerts: heard.length,
        incidents: incidents(heard),
        critical: heard.some(({ alert }) => alert.labels['severity'] === 'critical'),
        silenced: alerts.some(({ silencedBy }) => silencedBy.length > 0),
      };
    });
    const share = (test: (moment: (typeof moments)[number]) => boolean): number =>
      moments.filter(test).length / moments.length;
    expect(share(({ alerts }) => alerts >= 3 && alerts <= 9)).toBeGreaterThan(0.8);
    expect(share(({ incidents }) => incidents >= 2 && incidents <= 7)).toBeGreaterThan(0.9);
    expect(share(({ critical }) => critical)).toBeGreaterThan(0.7);
    expect(share(({ silenced }) => silenced)).toBeGreaterThan(0.8);
  });

  test('alerts come and go: within twenty minutes some begin and some end', () => {
    const fleet = fleetOf(3);
    const at = (now: number): Set<string> => {
      fleet.advanceTo(now);
      return new Set(fleet.alerts.list(now).map(({ alert }) => alert.fingerprint));
    };
    const before = at(start + minuteMs);
    const after = at(start + 20 * minuteMs);
    expect([...after].filter((one) => !before.has(one)).length).toBeGreaterThan(0);
    expect([...before].filter((one) => !after.has(one)).length).toBeGreaterThan(0);
  });

  test('has the same samples and alerts as a fleet that came up earlier', () => {
    const early = fleetOf(4);
    for (let now = start; now <= start + hourMs; now += minuteMs) early.advanceTo(now);
    const prometheusUrl = (): string => 'http://127.0.0.1:9';
    const startAtMs = start + hourMs;
    const late = createFleet({ resources, seed: 4, speed: 1, epochAtMs: 0, startAtMs, prometheusUrl });
    late.advanceTo(startAtMs);
    const query = 'sum by (service) (rate(opssight_requests_total[2m]))';
    const steps = { startMs: startAtMs - hourMs, endMs: startAtMs, stepMs: minuteMs };
    expect(queryRange(late.store, query, steps)).toEqual(queryRange(early.store, query, steps));
    // Starts before the history of the one that came up later are not known to it.
    const startsOf = (fleet: Fleet): unknown =>
      fleet.alerts
        .list(startAtMs)
        .map(({ alert }) => [alert.labels, Math.max(alert.startsAtMs, startAtMs - hourMs / 2)]);
    expect(startsOf(late)).toEqual(startsOf(early));
  });

  test('an alert carries cluster, service, severity, a summary with a number and a runbook', () => {
    const fleet = fleetOf(1);
    for (const { alert } of fleet.alerts.list(start)) {
      expect(alert.labels).toMatchObject({ cluster: 'demo' });
      expect(['critical', 'warning', 'info']).toContain(alert.labels['severity']);
      expect(alert.labels['service']).toMatch(/^[a-z]+$/);
      expect(alert.annotations['summary']).toMatch(/\d/);
      expect(alert.annotations['runbook_url']).toMatch(/^https:\/\/runbooks\.opssight\.example\//);
      const expression = new URL(alert.generatorUrl).searchParams.get('g0.expr') ?? '';
      expect(queryInstant(fleet.store, expression, start).ok).toBe(true);
    }
  });

  test('keeps three hours of samples and no more than a quarter over, also when it slept for a week', () => {
    const fleet = fleetOf(1);
    fleet.advanceTo(start + 168 * hourMs);
    fleet.advanceTo(start + 170 * hourMs);
    expect(fleet.alerts.list(start + 170 * hourMs).length).toBeGreaterThan(1);
    for (const series of fleet.store.select([], -Infinity, Infinity)) {
      expect(series.timesMs.length).toBeLessThanOrEqual(1_352);
    }
    const [up] = fleet.store.select([{ name: '__name__', operator: '=', value: 'up' }], -Infinity, Infinity);
    expect(up?.timesMs[0]).toBeLessThanOrEqual(start + 167 * hourMs);
  });
});
