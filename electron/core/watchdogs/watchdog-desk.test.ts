import { expect, test } from 'vitest';
import type { AlertSnapshot, ReportedAlert } from '#core/sources/source-settings.ts';
import { defaultPolicy } from '#shared/notify/model.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { unaskedHealth, type MissingWatchdog, type SourceState } from '#shared/model/source.ts';
import type { LabelMatcher } from '#shared/routing/matchers/label-matcher.ts';
import { minuteMs, secondMs } from '#shared/time.ts';
import { missingNotification } from './missing-notification.ts';
import { WatchdogDesk } from './watchdog-desk.ts';

const startMs = Date.parse('2026-11-21T03:00:00Z');
const dog: LabelMatcher = { name: 'alertname', operator: '=', value: 'Watchdog' };

function alert(alertname: string): ReportedAlert {
  return {
    fingerprint: alertname,
    labels: { alertname },
    annotations: {},
    startsAtMs: startMs,
    generatorUrl: '',
    state: 'firing',
    silencedBy: [],
    inhibitedBy: [],
  };
}

class World {
  nowMs = startMs;
  readonly told: ReadonlyMap<string, MissingWatchdog>[] = [];
  readonly configured = new Map([['am', [dog]]]);
  readonly desk = new WatchdogDesk({
    configured: () => this.configured,
    rulesSource: () => 'prom',
    nowMs: () => this.nowMs,
    onMissing: (missing) => this.told.push(missing),
  });

  /** A poll, a quarter of a minute after the one before it. */
  poll(
    names: readonly string[],
    source = 'am',
  ): { readonly left: readonly string[]; readonly sawEnds: boolean } {
    this.nowMs += 15 * secondMs;
    const snapshot: AlertSnapshot = {
      source,
      atMs: this.nowMs,
      serverStartedAtMs: 1,
      alerts: names.map(alert),
    };
    const polled = this.desk.polled(snapshot);
    return {
      left: polled.snapshot.alerts.map(({ fingerprint }) => fingerprint),
      sawEnds: polled.sawEnds,
    };
  }

  health(state: SourceState, name = 'am'): void {
    this.desk.healthChanged({
      ...unaskedHealth({ name, kind: 'alertmanager', url: '', tellsAlerts: true }),
      state,
    });
  }
}

test('what always fires makes no incident; what else there is stays', () => {
  const world = new World();
  expect(world.poll(['Watchdog', 'Down'])).toEqual({ left: ['Down'], sawEnds: true });
  expect(world.poll(['Watchdog', 'Down'], 'other')).toEqual({ left: ['Watchdog', 'Down'], sawEnds: true });
  expect(world.told).toEqual([]);
});

test('with the third answer without it the source is blind, since it was seen last; once it is back it is not', () => {
  const world = new World();
  world.poll(['Watchdog']);
  const seenAtMs = world.nowMs;
  world.poll([]);
  world.poll([]);
  expect(world.told).toEqual([]);
  world.poll([]);
  world.poll([]);
  expect(world.told).toEqual([new Map([['am', { sinceMs: seenAtMs, matchers: 'alertname="Watchdog"' }]])]);
  world.poll(['Watchdog']);
  expect(world.told.slice(1)).toEqual([new Map()]);
});

test('one that was never there is missed, too', () => {
  const world = new World();
  for (let polls = 0; polls < 3; polls++) world.poll(['Down']);
  expect(world.told.at(-1)?.get('am')).toMatchObject({ sinceMs: startMs + 15 * secondMs });
});

test('that an alert is gone says nothing from the first answer without it to the first with it', () => {
  const world = new World();
  const saw = [['Watchdog'], [], ['Watchdog'], ['Watchdog']].map((names) => world.poll(names).sawEnds);
  expect(saw).toEqual([true, false, false, true]);
});

test.each(['stale', 'starting'] as const)('a source that is %s begins anew', (state) => {
  const world = new World();
  for (let polls = 0; polls < 3; polls++) world.poll([]);
  world.health(state);
  expect(world.told.at(-1)?.size).toBe(0);
  world.poll([]);
  world.poll([]);
  expect(world.told.at(-1)?.size).toBe(0);
});

test('one that the configuration no longer names is missed no more', () => {
  const world = new World();
  for (let polls = 0; polls < 3; polls++) world.poll([]);
  world.configured.clear();
  world.health('fresh', 'other');
  expect(world.told.at(-1)?.size).toBe(0);
  expect(world.poll(['Watchdog']).left).toEqual(['Watchdog']);
});

test('that of a Prometheus is looked for among the local rules that are asked of it, with more patience', () => {
  const world = new World();
  world.configured.set('prom', [dog]);
  expect(world.poll(['Watchdog', 'Slow'], localRulesSource).left).toEqual(['Slow']);
  const seenAtMs = world.nowMs;
  while (world.nowMs < seenAtMs + 2 * minuteMs - 15 * secondMs) world.poll(['Slow'], localRulesSource);
  expect(world.told).toEqual([]);
  world.poll(['Slow'], localRulesSource);
  expect(world.told.at(-1)?.get('prom')).toMatchObject({ sinceMs: seenAtMs });
});

test('its notification says which source, which alert and since when, in plain text', () => {
  const said = missingNotification(
    'am\u202E',
    { sinceMs: startMs, matchers: 'alertname="Watchdog"' },
    defaultPolicy,
  );
  expect(said).toMatchObject({ incidentId: null, sound: 'alarm', urgency: 'critical' });
  expect(said.title).toBe('Blind: am has lost its watchdog');
  expect(said.body).toContain('alertname="Watchdog" has been missing since');
});

test('that of a Prometheus that tells its own alerts is looked for there, whatever its local rules raise', () => {
  const world = new World();
  world.configured.set('prom', [dog]);
  const health = unaskedHealth({ name: 'prom', kind: 'prometheus', url: '', tellsAlerts: true });
  world.desk.healthChanged({ ...health, state: 'fresh' });
  expect(world.poll(['Watchdog', 'Down'], 'prom')).toEqual({ left: ['Down'], sawEnds: true });
  const seenAtMs = world.nowMs;
  expect(world.poll(['Slow'], localRulesSource)).toEqual({ left: ['Slow'], sawEnds: true });
  expect(world.poll(['Watchdog', 'Slow'], localRulesSource)).toEqual({ left: ['Slow'], sawEnds: true });
  // After a start its rules have to be evaluated first.
  while (world.nowMs < seenAtMs + 2 * minuteMs - 15 * secondMs) world.poll([], 'prom');
  expect(world.told).toEqual([]);
  world.poll([], 'prom');
  expect(world.told.at(-1)?.get('prom')).toMatchObject({ sinceMs: seenAtMs });
});
