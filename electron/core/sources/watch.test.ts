import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fingerprintOf } from '#shared/model/labels.ts';
import type { SourceHealth } from '#shared/model/source.ts';
import { alertOnWire, healthyAnswer } from '#support/healthy-answers.ts';
import { Cleanup } from '#support/cleanup.ts';
import { answers, healthy, hangsBeforeAnswer, type Fault } from '#support/faults.ts';
import { startFaultyServer, type FaultyServer } from '#support/faulty-server.ts';
import { sourceSettings } from '#support/source-settings.ts';
import type { AlertSnapshot } from './source-settings.ts';
import type { Clock } from '#core/clock/clock.ts';
import { SourceWatch } from './watch.ts';

/** Time that stands still until the test moves it; the network stays real. */
class HandClock implements Clock {
  wallMs = Date.parse('2026-11-21T03:12:00Z');
  runningMs = 0;
  /** How much time passes with each look at the clock. */
  lookMs = 0;
  /** How much too soon timers come. */
  earlyMs = 0;
  #timers: { readonly atMs: number; readonly callback: () => void }[] = [];

  nowMs(): number {
    return this.wallMs;
  }

  monotonicMs(): number {
    this.#move(this.lookMs);
    return this.runningMs;
  }

  random(): number {
    return 0.5;
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { atMs: this.runningMs + Math.max(0, delayMs - this.earlyMs), callback };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((other) => other !== timer));
  }

  get pending(): number {
    return this.#timers.length;
  }

  advance(ms: number): void {
    const untilMs = this.runningMs + ms;
    for (;;) {
      const [next] = this.#timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.#timers = this.#timers.filter((timer) => timer !== next);
      this.#move(Math.max(0, next.atMs - this.runningMs));
      next.callback();
    }
    this.#move(Math.max(0, untilMs - this.runningMs));
  }

  /** The machine sleeps: only the wall clock goes on. */
  sleep(ms: number): void {
    this.wallMs += ms;
  }

  #move(ms: number): void {
    this.runningMs += ms;
    this.wallMs += ms;
  }
}

const each = new Cleanup();
let clock: HandClock;
let server: FaultyServer;
let healths: SourceHealth[];
let snapshots: AlertSnapshot[];
let order: string[];

beforeEach(async () => {
  clock = new HandClock();
  healths = [];
  snapshots = [];
  order = [];
  server = await startFaultyServer({ kind: 'alertmanager' }, each);
});
afterEach(() => each.run());

function watching(
  kind: 'alertmanager' | 'prometheus' = 'alertmanager',
  url = server.url,
  onSlept?: () => void,
  tellsAlerts = kind === 'alertmanager',
): SourceWatch {
  const watch = new SourceWatch({
    settings: sourceSettings({ kind, url, pollMs: 10_000, timeoutMs: 5_000, tellsAlerts }),
    clock,
    ...(onSlept === undefined ? {} : { onSlept }),
    onHealth: (health) => {
      healths.push(health);
      order.push(health.state);
    },
    onAlerts: (snapshot) => {
      snapshots.push(snapshot);
      order.push('alerts');
    },
  });
  each.add(() => watch.stop());
  return watch;
}

const last = (): SourceHealth => healths.at(-1)!;

/** Until the watch has told of one more ended poll. */
async function nextPoll(act: () => void): Promise<SourceHealth> {
  const before = last()?.lastAttemptAtMs ?? null;
  const failures = last()?.consecutiveFailures ?? 0;
  act();
  await vi.waitFor(
    () => expect([last().lastAttemptAtMs, last().consecutiveFailures]).not.toEqual([before, failures]),
    { interval: 2, timeout: 5_000 },
  );
  return last();
}

const serves =
  (alerts: unknown[], uptime = '2026-11-20T08:00:00Z'): Fault =>
  (request, response, kind) => {
    const path = request.url ?? '';
    const status = { ...(healthyAnswer(kind, '/api/v2/status') as object), uptime };
    const json = path === '/api/v2/alerts' ? alerts : status;
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(json));
  };

test('the first good poll tells the alerts, then the health that comes of it', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  expect(order).toEqual(['starting', 'alerts', 'fresh']);
  expect(last()).toMatchObject({
    state: 'fresh',
    version: '0.33.0',
    lastSuccessAtMs: clock.wallMs,
    nextAttemptAtMs: clock.wallMs + 10_000,
    consecutiveFailures: 0,
    failure: null,
    staleSinceMs: null,
  });
  expect(last().clockSkewMs).toBeTypeOf('number');
  expect(snapshots[0]).toMatchObject({
    source: 'under-test',
    atMs: clock.wallMs,
    serverStartedAtMs: Date.parse('2026-11-20T08:00:00Z'),
    alerts: [{ fingerprint: '0123456789abcdef', state: 'firing' }],
  });
});

test('failures make it late, then stale by time; success makes it fresh at once', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  const freshAtMs = clock.wallMs;
  server.fault = answers(500, {}, 'boom');
  const failed = await nextPoll(() => clock.advance(10_000));
  expect(failed).toMatchObject({ state: 'late', consecutiveFailures: 1, failure: { code: 'server-error' } });
  expect(failed.lastSuccessAtMs).toBe(freshAtMs);
  expect(failed.nextAttemptAtMs).toBe(clock.wallMs + 1_000);
  await nextPoll(() => clock.advance(1_000));
  expect(last()).toMatchObject({
    state: 'late',
    consecutiveFailures: 2,
    nextAttemptAtMs: clock.wallMs + 2_000,
  });
  server.fault = hangsBeforeAnswer;
  clock.advance(2_000);
  clock.advance(6_999);
  expect(last().state).toBe('late');
  clock.advance(1);
  expect(last()).toMatchObject({ state: 'stale', staleSinceMs: freshAtMs + 20_000 });
});

test('a server that hangs is found out by time alone', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  server.fault = hangsBeforeAnswer;
  clock.advance(14_999);
  expect(last().state).toBe('fresh');
  clock.advance(1);
  expect(last()).toMatchObject({ state: 'late', failure: null });
  clock.advance(10_000);
  expect(last()).toMatchObject({ state: 'stale', failure: null });
});

test.each([0.1, 0.4, 0.7, 1])(
  'a change is told in time by timers that come %d ms too soon',
  async (earlyMs) => {
    const watch = watching();
    await nextPoll(() => watch.start());
    Object.assign(clock, { earlyMs, lookMs: 0.25 });
    server.fault = hangsBeforeAnswer;
    clock.advance(15_010);
    expect(last().state).toBe('late');
    clock.advance(10_010);
    expect(last().state).toBe('stale');
  },
);

test('a source that never answered is stale after two failures', async () => {
  server.fault = answers(401, {}, 'no');
  const watch = watching();
  await nextPoll(() => watch.start());
  expect(last()).toMatchObject({ state: 'late', failure: { code: 'unauthorised' } });
  await nextPoll(() => clock.advance(1_000));
  expect(last()).toMatchObject({ state: 'stale', staleSinceMs: clock.wallMs, lastSuccessAtMs: null });
});

test('Retry-After is honoured, and polling now goes past it', async () => {
  server.fault = answers(429, { 'retry-after': '60' }, 'later');
  const watch = watching();
  await nextPoll(() => watch.start());
  expect(last().nextAttemptAtMs).toBe(clock.wallMs + 60_000);
  clock.advance(59_000);
  expect(server.requests).toHaveLength(1);
  server.fault = healthy;
  expect(await nextPoll(() => watch.pollNow())).toMatchObject({
    state: 'fresh',
    failure: null,
    staleSinceMs: null,
  });
});

test('polls never overlap', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  server.requests.length = 0;
  server.fault = hangsBeforeAnswer;
  clock.advance(10_000);
  for (let count = 0; count < 5; count++) watch.pollNow();
  clock.advance(60_000);
  await vi.waitFor(() => expect(server.requests).toHaveLength(1));
});

test('a restart between the two questions of a poll is no resolution', async () => {
  const watch = watching();
  const reported = [alertOnWire({ alertname: 'A' })];
  server.fault = serves(reported);
  await nextPoll(() => watch.start());
  const before = last().serverStartedAtMs;
  const forgotten = serves([], '2026-11-21T03:12:05Z');
  // Whatever is asked first is answered by the old process, everything after it by the new one.
  server.fault = (request, response, kind) => {
    server.fault = forgotten;
    serves(reported)(request, response, kind);
  };
  await nextPoll(() => clock.advance(10_000));
  await nextPoll(() => clock.advance(10_000));
  const empty = snapshots.filter(({ alerts }) => alerts.length === 0);
  expect(empty).not.toEqual([]);
  expect(empty.map(({ serverStartedAtMs }) => serverStartedAtMs)).not.toContain(before);
});

test('a machine that slept shows its data as old at once and asks anew', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  server.requests.length = 0;
  clock.sleep(8 * 3_600_000);
  clock.advance(5_000);
  expect(last().state).toBe('stale');
  clock.advance(2_500);
  await vi.waitFor(() => expect(last().state).toBe('fresh'));
  expect(server.requests.length).toBeGreaterThan(0);
});

test('what hung while the machine slept is given up and asked anew', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  server.fault = hangsBeforeAnswer;
  clock.advance(10_000);
  await vi.waitFor(() => expect(server.requests).toHaveLength(3));
  server.fault = healthy;
  clock.sleep(3_600_000);
  clock.advance(7_500);
  await vi.waitFor(() =>
    expect(last()).toMatchObject({ state: 'fresh', failure: null, consecutiveFailures: 0 }),
  );
});

test('it goes on over new connections, not at once, and what hung is given up', async () => {
  let slept = 0;
  const watch: SourceWatch = watching('alertmanager', server.url, () => {
    slept++;
    watch.resume();
  });
  await nextPoll(() => watch.start());
  server.fault = hangsBeforeAnswer;
  clock.advance(10_000);
  await vi.waitFor(() => expect(server.requests).toHaveLength(3));
  server.fault = healthy;
  clock.sleep(3_600_000);
  clock.advance(5_000);
  expect(slept).toBe(1);
  expect(last().state).toBe('stale');
  expect(server.requests).toHaveLength(3);
  // Half of the window of five seconds, by the clock's chance.
  clock.advance(2_499);
  expect(server.requests).toHaveLength(3);
  clock.advance(1);
  await vi.waitFor(() => expect(last()).toMatchObject({ state: 'fresh', consecutiveFailures: 0 }));
  expect(snapshots).toHaveLength(2);
});

test('an answer that was on its way while the machine slept says nothing of now', async () => {
  // Who listens may hold this waking for the one before and do nothing: the watch goes on all the same.
  const watch = watching('alertmanager', server.url, () => undefined);
  server.fault = serves([alertOnWire({ alertname: 'A' })]);
  await nextPoll(() => watch.start());
  let answer: () => void = () => undefined;
  server.fault = (request, response, kind) => {
    answer = () => serves([])(request, response, kind);
  };
  clock.advance(10_000);
  await vi.waitFor(() => expect(server.requests).toHaveLength(3));
  clock.sleep(30_000);
  server.fault = serves([]);
  answer();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(snapshots).toHaveLength(1);
  clock.advance(2_500);
  await vi.waitFor(() => expect(snapshots).toHaveLength(2));
});

test('a stopped watch tells nothing more and leaves no timer', async () => {
  const watch = watching();
  await nextPoll(() => watch.start());
  server.fault = hangsBeforeAnswer;
  clock.advance(10_000);
  watch.stop();
  const told = order.length;
  expect(clock.pending).toBe(0);
  await vi.waitFor(async () => expect(await server.openConnections()).toBe(0));
  clock.advance(60_000);
  watch.pollNow();
  expect(order).toHaveLength(told);
  expect(clock.pending).toBe(0);
});

test('a Prometheus is polled for its health, one without a runtime endpoint too', async () => {
  const prometheus = await startFaultyServer({ kind: 'prometheus' }, each);
  const watch = watching('prometheus', prometheus.url);
  await nextPoll(() => watch.start());
  expect(last()).toMatchObject({
    state: 'fresh',
    version: '3.5.0',
    serverStartedAtMs: Date.parse('2026-11-20T08:00:00Z'),
  });
  prometheus.fault = (request, response, kind) =>
    (request.url?.endsWith('runtimeinfo') === true ? answers(404, {}, 'no') : healthy)(
      request,
      response,
      kind,
    );
  await nextPoll(() => clock.advance(10_000));
  expect(last()).toMatchObject({ state: 'fresh', serverStartedAtMs: null });
  expect(snapshots).toEqual([]);
});

describe('a Prometheus that is asked for its own alerts', () => {
  const labels = { alertname: 'Down', job: 'node' };
  const firing = {
    labels,
    annotations: {},
    state: 'firing',
    activeAt: '2026-11-21T03:00:00Z',
    value: '1e+00',
  };
  const rule = {
    type: 'alerting',
    name: 'Down',
    query: 'up == 0',
    labels: {},
    health: 'ok',
    state: 'firing',
    duration: 0,
  };
  const wire: Record<string, unknown> = {};
  let own: FaultyServer;

  beforeEach(async () => {
    Object.assign(wire, {
      '/api/v1/alerts': { alerts: [firing, { ...firing, labels: { alertname: 'Later' }, state: 'pending' }] },
      '/api/v1/rules': { groups: [{ name: 'g', file: 'f', rules: [rule] }] },
      '/api/v1/status/buildinfo': { version: '3.5.0' },
      '/api/v1/status/runtimeinfo': {
        startTime: '2026-11-20T08:00:00Z',
        lastConfigTime: '2026-11-20T09:00:00Z',
      },
    });
    own = await startFaultyServer({ kind: 'prometheus' }, each);
    own.fault = (request, response) => {
      const data = wire[request.url ?? ''];
      response.writeHead(data === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 'success', data }));
    };
  });

  const watch = (): SourceWatch => watching('prometheus', own.url, undefined, true);

  test('tells those that fire, with their expression, and not what only an Alertmanager knows', async () => {
    const watched = watch();
    await nextPoll(() => watched.start());
    expect(last()).toMatchObject({ state: 'fresh', tellsAlerts: true });
    expect(snapshots).toEqual([
      {
        source: 'under-test',
        atMs: clock.wallMs,
        serverStartedAtMs: Date.parse('2026-11-20T09:00:00Z'),
        alerts: [
          {
            fingerprint: fingerprintOf(labels),
            labels,
            annotations: {},
            startsAtMs: Date.parse('2026-11-21T03:00:00Z'),
            generatorUrl: `${own.url}/graph?g0.expr=up%20%3D%3D%200&g0.tab=1`,
            state: 'firing',
            silencedBy: [],
            inhibitedBy: [],
            receivers: null,
          },
        ],
        knownEnds: [],
        configuration: null,
        peers: [],
      },
    ]);
    expect(last().serverStartedAtMs).toBe(Date.parse('2026-11-20T08:00:00Z'));
  });

  test('is asked for its alerts before its start, and for its rules once in a while', async () => {
    const watched = watch();
    await nextPoll(() => watched.start());
    await nextPoll(() => clock.advance(10_000));
    const paths = own.requests.map(({ path }) => path.slice('/api/v1/'.length));
    const poll = ['status/buildinfo', 'alerts', 'status/runtimeinfo'];
    expect(paths).toEqual([...poll, 'rules', ...poll]);
  });

  test('that tells no rules tells its alerts all the same', async () => {
    delete wire['/api/v1/rules'];
    const watched = watch();
    await nextPoll(() => watched.start());
    expect(snapshots[0]?.alerts).toMatchObject([{ labels, generatorUrl: '' }]);
  });

  test('of two alerts with the same labels makes one, since the first of them', async () => {
    const earlier = { ...firing, activeAt: '2026-11-21T02:00:00Z' };
    wire['/api/v1/alerts'] = { alerts: [firing, earlier, firing] };
    const watched = watch();
    await nextPoll(() => watched.start());
    expect(snapshots[0]?.alerts.map(({ startsAtMs }) => startsAtMs)).toEqual([Date.parse(earlier.activeAt)]);
  });

  describe('and does not tell its start', () => {
    const evaluated = { ...rule, lastEvaluation: '2026-11-21T03:11:00Z' };
    const gone = async (told: object): Promise<AlertSnapshot | undefined> => {
      delete wire['/api/v1/status/runtimeinfo'];
      const watched = watch();
      await nextPoll(() => watched.start());
      expect(snapshots).toMatchObject([{ serverStartedAtMs: null, alerts: [{ labels }], knownEnds: [] }]);
      wire['/api/v1/alerts'] = { alerts: [] };
      Object.assign(wire, told);
      await nextPoll(() => clock.advance(10_000));
      return snapshots.at(-1);
    };
    const rules = (...told: object[]) => ({
      '/api/v1/rules': { groups: [{ name: 'g', file: 'f', rules: told }] },
    });

    test('is believed what its rules say: evaluated, and raising it no more', async () => {
      expect(await gone(rules(evaluated))).toMatchObject({ alerts: [], knownEnds: [fingerprintOf(labels)] });
    });

    test.each([
      ['was not evaluated yet', rules(rule)],
      ['fails', rules({ ...evaluated, health: 'err' })],
      ['is not there any more', rules()],
      ['is not told', { '/api/v1/rules': undefined }],
    ])('is not believed that an alert has ended whose rule %s', async (_why, told) => {
      expect(await gone(told)).toMatchObject({ alerts: [], knownEnds: [] });
    });

    test('is not believed where the alert is pending anew', async () => {
      const pending = { '/api/v1/alerts': { alerts: [{ ...firing, state: 'pending' }] } };
      expect(await gone({ ...rules(evaluated), ...pending })).toMatchObject({ alerts: [], knownEnds: [] });
    });

    test('is not believed where the alert is there again by the time that its rule was evaluated', async () => {
      const healthy = own.fault;
      own.fault = (request, ...more) => {
        if (request.url === '/api/v1/rules' && snapshots.length > 0)
          wire['/api/v1/alerts'] = { alerts: [firing] };
        healthy(request, ...more);
      };
      expect(await gone(rules(evaluated))).toMatchObject({ alerts: [], knownEnds: [] });
    });
  });

  const first = { startTime: '2026-11-20T08:00:00Z', lastConfigTime: '2026-11-20T09:00:00Z' };
  const reloaded = { ...first, lastConfigTime: '2026-11-21T03:00:00Z' };
  const restarted = { startTime: '2026-11-21T03:00:00Z', lastConfigTime: '2026-11-21T03:00:01Z' };
  test.each<[string, (readonly [fires: boolean, runtime: object])[], boolean]>([
    ['goes on as before', [[false, first]], false],
    ['was reloaded', [[false, reloaded]], true],
    [
      'was reloaded after it told its alerts',
      [
        [true, reloaded],
        [false, reloaded],
      ],
      true,
    ],
    [
      'was reloaded a while ago',
      [
        [true, reloaded],
        [true, reloaded],
        [false, reloaded],
      ],
      false,
    ],
    ['was restarted', [[false, restarted]], false],
    [
      'was restarted after it told its alerts',
      [
        [true, restarted],
        [false, restarted],
      ],
      false,
    ],
  ])('is asked about what is gone where that says something: it %s', async (_what, polls, isAsked) => {
    const evaluated = { ...rule, lastEvaluation: '2026-11-21T03:11:00Z' };
    wire['/api/v1/rules'] = { groups: [{ name: 'g', file: 'f', rules: [evaluated] }] };
    const watched = watch();
    await nextPoll(() => watched.start());
    for (const [fires, runtime] of polls) {
      wire['/api/v1/alerts'] = { alerts: fires ? [firing] : [] };
      wire['/api/v1/status/runtimeinfo'] = runtime;
      await nextPoll(() => clock.advance(10_000));
    }
    expect(snapshots.at(-1)?.knownEnds).toEqual(isAsked ? [fingerprintOf(labels)] : []);
  });

  test('and has none to tell, as a server of metrics alone, is healthy and says that it tells none', async () => {
    delete wire['/api/v1/alerts'];
    const watched = watch();
    await nextPoll(() => watched.start());
    expect(last()).toMatchObject({ state: 'fresh', tellsAlerts: false });
    expect(snapshots).toEqual([]);
  });

  test('and refuses to tell them has not answered', async () => {
    const healthy = own.fault;
    own.fault = (request, ...more) =>
      (request.url === '/api/v1/alerts' ? answers(403, {}, 'no') : healthy)(request, ...more);
    const watched = watch();
    await nextPoll(() => watched.start());
    expect(last()).toMatchObject({ tellsAlerts: true, failure: { code: 'unauthorised' } });
  });

  test('is not asked for them where an Alertmanager tells them', async () => {
    const watched = watching('prometheus', own.url);
    await nextPoll(() => watched.start());
    expect(own.requests.map(({ path }) => path)).not.toContain('/api/v1/alerts');
    expect(last().tellsAlerts).toBe(false);
  });
});
