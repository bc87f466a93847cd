import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { RuleStateRecord } from '#core/store/records.ts';
import { failed, success } from '#shared/result.ts';
import { Cleanup } from '#support/cleanup.ts';
import { eventually } from '#support/eventually.ts';
import { temporaryFolder } from '#support/temporary-folder.ts';
import type { LocalAlerts } from './local-alerts.ts';
import { noSurroundings } from './query-service.ts';
import { RuleEngine } from './rule-engine.ts';

/** A world of its own: a folder, a journal, a Prometheus that answers by time, and a clock. */
class World {
  readonly cleanup = new Cleanup();
  readonly folder = temporaryFolder(this.cleanup);
  readonly records = new Map<string, RuleStateRecord>();
  readonly told: LocalAlerts[] = [];
  readonly doubted: LocalAlerts[] = [];
  readonly asked: number[] = [];
  nowMs = 1_800_000_000_000;
  presentFromMs = 0;
  presentUntilMs = Number.POSITIVE_INFINITY;
  answers = true;
  /** An expression that is not answered. */
  failing = '';
  engine = this.newEngine();
  #timers = new Set<{ atMs: number; callback: () => void }>();

  newEngine(): RuleEngine {
    const engine = new RuleEngine({
      queries: {
        surroundings: () => noSurroundings,
        instant: async (expression, atMs) => {
          this.asked.push(atMs);
          if (!this.answers || expression === this.failing) return failed({ message: 'no answer' });
          const present = atMs >= this.presentFromMs && atMs < this.presentUntilMs;
          return success(present ? [{ labels: { __name__: 'm', a: 'b' }, value: 1 }] : []);
        },
      },
      restore: [...this.records.values()],
      commit: async (changes) => {
        for (const change of changes) {
          if (change.kind === 'rule-group') this.records.set(change.record.group, change.record);
          if (change.kind === 'rule-groups-removed')
            change.groups.forEach((group) => this.records.delete(group));
        }
        return success(undefined);
      },
      onAlerts: (alerts) => this.told.push(alerts),
      onDoubt: (alerts) => this.doubted.push(alerts),
      onChanged: () => undefined,
      clock: {
        nowMs: () => this.nowMs,
        after: (delayMs, callback) => {
          const timer = { atMs: this.nowMs + delayMs, callback };
          this.#timers.add(timer);
          return () => this.#timers.delete(timer);
        },
      },
    });
    engine.configure({ folder: this.folder, prometheusUrl: 'http://p:9090/', sourceName: 'p' });
    return engine;
  }

  write(rule: object): void {
    const rules = [{ alert: 'A', expr: 'm > 0', ...rule }];
    writeFileSync(
      join(this.folder, 'a.yml'),
      JSON.stringify({ groups: [{ name: 'g', interval: '1s', rules }] }),
    );
  }

  async start(): Promise<void> {
    this.engine = this.newEngine();
    this.engine.start();
    await this.engine.reload();
  }

  async pass(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((left, right) => left.atMs - right.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      this.#timers.delete(next);
      this.nowMs = Math.max(this.nowMs, next.atMs);
      next.callback();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.nowMs = untilMs;
  }

  get state(): string | undefined {
    return this.engine.view().groups[0]?.rules[0]?.state;
  }
}

function newWorld(): World {
  const world = new World();
  onTestFinished(async () => {
    await world.engine.stop();
    await world.cleanup.run();
  });
  return world;
}

test('a pending alert keeps its progress over a stop, slots in between are asked late', async () => {
  const world = newWorld();
  world.write({ for: '10s' });
  await world.start();
  await world.pass(5_000);
  expect(world.state).toBe('pending');
  const activeAtMs = world.engine.view().groups[0]?.rules[0]?.alerts[0]?.activeAtMs;
  await world.engine.stop();
  world.nowMs += 4_000;
  const askedBefore = world.asked.length;
  await world.start();
  await world.pass(1_000);
  expect(world.asked.slice(askedBefore).length).toBeGreaterThanOrEqual(4);
  expect(world.state).toBe('pending');
  await world.pass(3_000);
  const alert = world.engine.view().groups[0]?.rules[0]?.alerts[0];
  expect(alert).toMatchObject({ state: 'firing', activeAtMs, firedAtMs: (activeAtMs ?? 0) + 10_000 });
  expect(world.told.at(-1)?.alerts).toMatchObject([
    { labels: { alertname: 'A', a: 'b' }, generatorUrl: 'http://p:9090/graph?g0.expr=m%20%3E%200&g0.tab=1' },
  ]);
  const steps = world.asked.slice(1).map((atMs, index) => atMs - (world.asked[index] ?? 0));
  expect(new Set(steps)).toEqual(new Set([1_000]));
});

test('a gap in what was missed starts `for` again', async () => {
  const world = newWorld();
  world.write({ for: '10s' });
  await world.start();
  await world.pass(5_000);
  await world.engine.stop();
  world.presentFromMs = world.nowMs + 2_500;
  world.nowMs += 4_000;
  await world.start();
  await world.pass(8_000);
  expect(world.state).toBe('pending');
});

test('without an answer nothing changes and nothing is told', async () => {
  const world = newWorld();
  world.write({});
  await world.start();
  await world.pass(2_000);
  expect(world.state).toBe('firing');
  const told = world.told.length;
  world.answers = false;
  await world.pass(5_000);
  expect(world.told.length).toBe(told);
  expect(world.engine.view().groups[0]?.rules[0]).toMatchObject({
    state: 'firing',
    health: 'error',
    lastError: 'no answer',
  });
});

test('a broken file leaves its rules running, a changed one carries them over, a removed rule ends them', async () => {
  const world = newWorld();
  world.write({});
  await world.start();
  await world.pass(2_000);
  writeFileSync(join(world.folder, 'a.yml'), 'groups: 5');
  await world.engine.reload();
  expect(world.state).toBe('firing');
  expect(world.engine.view().problems).toMatchObject([{ file: 'a.yml', line: 1, severity: 'error' }]);
  world.write({ annotations: { summary: 'new' } });
  await world.engine.reload();
  expect(world.state).toBe('firing');
  writeFileSync(join(world.folder, 'a.yml'), 'groups: []');
  await world.engine.reload();
  expect(world.told.at(-1)?.alerts).toEqual([]);
  expect(world.records.size).toBe(0);
});

test('a damaged state starts from scratch and says so', async () => {
  const world = newWorld();
  world.write({ for: '10s' });
  world.records.set('a.yml;g', {
    group: 'a.yml;g',
    lastSlotAtMs: world.nowMs - 20_000,
    state: '{"version":1}',
  });
  await world.start();
  await world.pass(2_000);
  expect(world.state).toBe('pending');
  expect(world.engine.view().problems).toMatchObject([{ severity: 'warning' }]);
});

test('an end that nobody saw is told after a kill, too, and once', async () => {
  const world = newWorld();
  world.write({});
  await world.start();
  await world.pass(2_000);
  const fingerprint = world.told.at(-1)?.alerts[0]?.fingerprint ?? '';
  // Another server, which never knew of it.
  world.engine.configure({ folder: world.folder, prometheusUrl: 'http://other:9090/', sourceName: 'p' });
  world.presentUntilMs = world.nowMs;
  await world.pass(1_500);
  expect(world.told.at(-1)).toMatchObject({ alerts: [], unknownEnds: [fingerprint] });
  const asKilled = [...world.records];
  await world.engine.stop();
  world.records.clear();
  for (const [key, record] of asKilled) world.records.set(key, record);
  world.told.length = 0;
  await world.start();
  await world.pass(2_500);
  expect(world.told.map(({ unknownEnds }) => unknownEnds)).toEqual([[fingerprint], [], []]);
  await world.engine.stop();
  expect([...world.records.values()][0]?.state).toContain('"unknownEnds":[]');
});

test('two rules with alerts of the same labels are one alert, from the first on and certain while one is', async () => {
  const world = newWorld();
  const rules = [
    { alert: 'A', expr: 'm > 0', annotations: { summary: 'first' } },
    { alert: 'A', expr: 'm > 1', for: '3s', annotations: { summary: 'second' } },
  ];
  writeFileSync(
    join(world.folder, 'a.yml'),
    JSON.stringify({ groups: [{ name: 'g', interval: '1s', rules }] }),
  );
  await world.start();
  await world.pass(6_000);
  const firedAtMs = world.told.at(-1)?.alerts[0]?.startsAtMs ?? 0;
  expect(world.told.at(-1)?.alerts).toMatchObject([{ annotations: { summary: 'first' } }]);
  world.failing = 'm > 0';
  await world.pass(2_000);
  expect(world.told.at(-1)?.alerts).toMatchObject([
    { annotations: { summary: 'second' }, startsAtMs: firedAtMs, doubt: undefined },
  ]);
  expect(world.doubted).toEqual([]);
});

test('a changed folder is noticed', async () => {
  const world = newWorld();
  await world.start();
  expect(world.engine.view().groups).toEqual([]);
  world.write({});
  await eventually('the new file is read', async () =>
    world.engine.view().groups.length === 1 ? true : undefined,
  );
});
