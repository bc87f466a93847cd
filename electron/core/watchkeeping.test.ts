import { afterEach, expect, test } from 'vitest';
import { isWell } from '#shared/model/attention.ts';
import { hourMs, minuteMs, secondMs } from '#shared/time.ts';
import { Cleanup } from '#support/cleanup.ts';
import { SleepingCore } from '#support/sleeping-core.ts';

/** A person who looks at no window, over a whole core: what the tray shows, and what is done on notifications. */

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function firing(...names: readonly string[]): Promise<SleepingCore> {
  const core = await SleepingCore.start(cleanup, Date.parse('2026-11-21T03:12:00Z'));
  core.alertmanager.fires(...names);
  await core.pass(17 * secondMs);
  expect(core.rows).toHaveLength(names.length);
  return core;
}

const lastAttention = (core: SleepingCore) => core.host.attentions.at(-1);
const titlesShown = (core: SleepingCore): string[] => core.host.shown.map(({ title }) => title);

test('the tray hears once of each change and of no poll', async () => {
  const core = await firing();
  expect(lastAttention(core)).toMatchObject({ sight: { kind: 'live' }, firing: 0, worst: null });
  const before = core.host.attentions.length;
  await core.pass(minuteMs);
  expect(core.host.attentions).toHaveLength(before);
  core.alertmanager.fires('A', 'B');
  await core.pass(17 * secondMs);
  expect(core.host.attentions).toHaveLength(before + 1);
  expect(lastAttention(core)).toMatchObject({ firing: 2, worst: { level: 'critical' } });
  core.host.power('lock', Date.now());
  expect(core.host.attentions).toHaveLength(before + 1);
  core.host.power('unlock', Date.now());
  expect(core.host.attentions).toHaveLength(before + 2);
});

test('a source that is lost is never well', async () => {
  const core = await firing();
  core.alertmanager.mode = 'refuses';
  await core.pass(minuteMs);
  const attention = lastAttention(core);
  expect(attention?.sight).toMatchObject({ kind: 'blind', cause: expect.stringContaining('am: ') });
  expect(attention !== undefined && isWell(attention)).toBe(false);
});

test('a watchdog that is missing blinds, is said once and everywhere, and is no incident', async () => {
  const ofSource = `, watchdog: { matchers: 'alertname="Watchdog"' }`;
  const core = await SleepingCore.start(cleanup, Date.parse('2026-11-21T03:12:00Z'), { ofSource });
  core.alertmanager.fires('Watchdog', 'A');
  await core.pass(32 * secondMs);
  expect(core.rows.map(({ title, state }) => [title, state])).toEqual([['A', 'firing']]);
  expect(core.status?.sight.kind).toBe('live');
  core.alertmanager.fires();
  await core.pass(17 * secondMs);
  // What is gone with the watchdog has not ended.
  expect(core.rows.map(({ state, resolvedAtMs }) => [state, resolvedAtMs])).toEqual([['unseen', null]]);
  await core.pass(3 * minuteMs);
  const cause = expect.stringContaining('am answers without its watchdog, alertname="Watchdog"');
  expect(core.status?.sight).toMatchObject({ kind: 'blind', cause });
  expect(lastAttention(core)?.sight.kind).toBe('blind');
  expect(core.sources[0]).toMatchObject({
    state: 'fresh',
    missingWatchdog: { matchers: 'alertname="Watchdog"' },
  });
  expect(titlesShown(core)).toEqual(['Critical: A', 'Blind: am has lost its watchdog']);
  core.alertmanager.fires('Watchdog');
  await core.pass(17 * secondMs);
  expect(core.status?.sight.kind).toBe('live');
  expect(core.host.withdrawn).toContain(core.host.shown[1]?.id);
  expect(core.sources[0]?.missingWatchdog).toBeNull();
});

test('quiet hours of the configuration hold what is not critical, over a restart, until they end', async () => {
  const ofFile = 'notifications:\n  zone: UTC\n  quietHours: [{ from: "22:00", to: "03:30" }]\n';
  const core = await SleepingCore.start(cleanup, Date.parse('2026-11-21T03:12:00Z'), { ofFile });
  const { double } = core.alertmanager;
  double.setAlerts(['A', 'B'].map((alertname) => ({ labels: { alertname, severity: 'warning' } })));
  await core.pass(32 * secondMs);
  expect(await core.timelineOf(1)).toContainEqual(
    expect.stringMatching(/^Not notified yet; quiet hours until/),
  );
  await core.stop();
  await core.run();
  await core.pass(16 * minuteMs);
  expect(titlesShown(core)).toEqual([]);
  await core.pass(3 * minuteMs);
  expect(titlesShown(core)).toEqual(['2 incidents fire, worst Warning']);
});

test('saved views are kept over a restart, and those that notify say what is told', async () => {
  const core = await firing();
  const views = [{ name: 'mine', filter: 'alertname=~"A|C"', notifies: true }];
  await core.call('views.save', { views, carriedOver: true });
  await core.stop();
  await core.run();
  const { double } = core.alertmanager;
  double.setAlerts(['A', 'B'].map((alertname) => ({ labels: { alertname, severity: 'warning' } })));
  await core.pass(17 * secondMs);
  expect(titlesShown(core)).toEqual(['Warning: A']);
  expect(core.rows).toHaveLength(2);
  const late = await core.call('views.save', { views: [], carriedOver: true });
  expect(late).toMatchObject({ value: { views, wereSaved: true } });
});

test('acknowledged from its notification, as from a window: in the timeline, and taken back by undo', async () => {
  const core = await firing('A', 'B');
  const [shown] = core.host.shown;
  await core.act(shown?.id ?? '', 'open');
  await core.act(shown?.id ?? '', 'acknowledge');
  const id = shown?.incidentId ?? 0;
  expect(core.rows.find((row) => row.id === id)?.acknowledged?.by).toBe('tester');
  expect(lastAttention(core)?.firing).toBe(1);
  const timeline = await core.timelineOf(id);
  expect(timeline).toContain('Acknowledged; from its notification; tester');
  expect(timeline).toContain('Opened from its notification; ; tester');
  await core.call('incident.release', { ids: [id], undo: true });
  expect(core.rows.find((row) => row.id === id)?.acknowledged).toBeNull();
  expect(lastAttention(core)?.firing).toBe(2);
});

test('an action on what is unknown, over or taken does nothing', async () => {
  const core = await firing('A', 'B');
  const [first, second] = core.host.shown;
  await core.act(first?.id ?? '', 'acknowledge');
  core.alertmanager.fires('A');
  await core.pass(17 * secondMs);
  const before = await core.timelineOf(second?.incidentId ?? 0);
  for (const action of ['acknowledge', 'snooze'] as const) {
    await core.act(first?.id ?? '', action);
    await core.act(second?.id ?? '', action);
    for (const id of ['', 'incident-', 'incident-999-1', 'summary-1-1', '__proto__', 'incident-1e9-1'])
      await core.act(id, action);
  }
  expect(await core.timelineOf(second?.incidentId ?? 0)).toEqual(before);
  const taken = (await core.timelineOf(first?.incidentId ?? 0)).filter((entry) => entry.startsWith('Ack'));
  expect(taken).toHaveLength(1);
});

test('put off on the notification, it is told again in a quarter of an hour, over a restart', async () => {
  const core = await firing('A');
  await core.act(core.host.shown[0]?.id ?? '', 'snooze');
  expect((await core.timelineOf(1)).some((entry) => entry.startsWith('Put off; notified again at'))).toBe(
    true,
  );
  await core.stop();
  await core.run();
  await core.pass(14 * minuteMs);
  expect(core.host.shown).toHaveLength(1);
  await core.pass(2 * minuteMs);
  expect(titlesShown(core)).toEqual(['Critical: A', 'Critical: A']);
});

test('paused by the tray: said in the status, kept over a restart, summed up when it ends by itself', async () => {
  const core = await firing();
  const untilMs = Date.now() + 5 * minuteMs;
  core.host.pause(untilMs);
  await core.pass(secondMs);
  expect(core.status?.notificationsPausedUntilMs).toBe(untilMs);
  expect(lastAttention(core)?.pausedUntilMs).toBe(untilMs);
  core.alertmanager.fires('A', 'B', 'C');
  await core.pass(17 * secondMs);
  expect(await core.timelineOf(1)).toContainEqual(
    expect.stringMatching(/^Not notified yet; notifications are/),
  );
  await core.stop();
  await core.run();
  expect(core.status?.notificationsPausedUntilMs).toBe(untilMs);
  await core.pass(3 * minuteMs);
  expect(titlesShown(core)).toEqual([]);
  await core.pass(2 * minuteMs);
  expect(titlesShown(core)).toEqual(['3 incidents fire, worst Critical']);
  expect(core.status?.notificationsPausedUntilMs).toBeNull();
  expect(lastAttention(core)).toMatchObject({ pausedUntilMs: null, firing: 3 });
});

test('paused in a window and taken back there', async () => {
  const core = await firing();
  await core.call('notifications.pause', { minutes: 60 });
  expect(core.status?.notificationsPausedUntilMs).toBe(Date.now() + hourMs);
  core.alertmanager.fires('A');
  await core.pass(17 * secondMs);
  expect(titlesShown(core)).toEqual([]);
  await core.call('notifications.pause', { minutes: null });
  expect(core.status?.notificationsPausedUntilMs).toBeNull();
  expect(titlesShown(core)).toEqual(['Critical: A']);
});

test('what a waking finds is told as one also where its source is asked otherwise since', async () => {
  const core = await firing();
  core.alertmanager.fires('A', 'B', 'C');
  core.sleep(hourMs);
  core.host.power('resume', Date.now());
  await core.alter('timeout: 5s', 'timeout: 4s');
  await core.pass(17 * secondMs);
  expect(titlesShown(core)).toEqual(['3 incidents fire, worst Critical']);
});

test('what a waking finds is told as one also where the clock is set before the network is there', async () => {
  const core = await firing();
  core.alertmanager.mode = 'refuses';
  core.sleep(hourMs);
  core.host.power('resume', Date.now());
  await core.pass(20 * secondMs);
  core.sleep(minuteMs);
  core.alertmanager.fires('A', 'B', 'C');
  await core.pass(40 * secondMs);
  core.alertmanager.mode = 'answers';
  await core.pass(32 * secondMs);
  expect(titlesShown(core)).toEqual(['3 incidents fire, worst Critical']);
});
