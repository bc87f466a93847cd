import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { firing, IncidentWorld, type WorldAlert } from '#support/incident-world.ts';
import { hourMs, minuteMs } from '#shared/time.ts';
import { asksForSomebody } from './verdicts.ts';

let world: IncidentWorld;

beforeEach(() => {
  world = new IncidentWorld();
});
afterEach(() => world.close());

function alert(alertname: string, pod: string, severity = 'warning'): WorldAlert {
  return { alertname, pod, severity };
}

const full = [alert('Full', 'a'), alert('Full', 'b')];
const slow = [alert('Slow', 'a'), alert('Slow', 'b', 'critical')];

function asking(): number[] {
  return world
    .incidents()
    .flatMap((incident) => (asksForSomebody(incident, world.nowMs) ? [incident.id] : []));
}

function podsOf(id: number): string[] {
  return world.book
    .alertsOf(id)
    .filter(({ endedAtMs }) => endedAtMs === null)
    .map(({ labels }) => `${labels['alertname']}/${labels['pod']}`)
    .toSorted();
}

describe('what was put off', () => {
  beforeEach(async () => {
    await world.poll(full);
    await world.desk.snooze([1], world.nowMs + hourMs, 'ml', false);
  });

  test('asks nobody until its time, and as if it were new from then on', async () => {
    expect(asking()).toEqual([]);
    await world.pass(hourMs - 1);
    expect(asking()).toEqual([]);
    await world.pass(1);
    expect(asking()).toEqual([1]);
    expect(world.book.incident(1)?.verdicts.asksAgainSinceMs).toBe(world.nowMs);
    expect(world.timeline(1).slice(-2)).toEqual(['snoozed: Snoozed', 'woken: Woke']);
  });

  test('wakes at once after a restart where its time came meanwhile', async () => {
    world.nowMs += 2 * hourMs;
    world.restart();
    await world.desk.idle();
    expect(asking()).toEqual([1]);
  });

  test.each([
    ['another warning of three is no worse', [alert('Full', 'c')], []],
    ['more than half as many again, and two more, is worse', [alert('Full', 'c'), alert('Full', 'd')], [1]],
    ['a critical alert is worse', [alert('Full', 'c', 'critical')], [1]],
    ['an informational one is not', [alert('Full', 'c', 'info')], []],
  ])('%s', async (_what, more, expected) => {
    await world.poll([...full, ...more]);
    expect(asking()).toEqual(expected);
  });

  test('a critical alert that was not there is worse, even where another one ended', async () => {
    await world.poll([...full, ...slow]);
    await world.desk.snooze([2], null, 'ml', false);
    await world.poll([...full, alert('Slow', 'a')]);
    expect(asking()).toEqual([]);
    await world.poll([...full, alert('Slow', 'a'), alert('Slow', 'c', 'critical')]);
    expect(asking()).toEqual([2]);
    expect(world.journal.timeline(2).entries.at(-1)).toMatchObject({ detail: 'a new critical alert: Slow' });
  });

  test('cannot be put off into the past, nor for half a year', async () => {
    for (const untilMs of [world.nowMs, world.nowMs - 1, world.nowMs + 4_400 * hourMs]) {
      const answer = await world.desk.snooze([1], untilMs, 'ml', false);
      expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-input' } });
    }
    expect(asking()).toEqual([]);
  });

  test('is over when its alerts are, and what fires next asks', async () => {
    await world.poll([]);
    await world.poll(full);
    expect(asking()).toEqual([2]);
  });
});

describe('an acknowledgement', () => {
  beforeEach(async () => {
    world.comeBackAfterMs = 4 * hourMs;
    world.restart();
    await world.poll(full);
    await world.desk.acknowledge([1], 'ml', '', true);
  });

  test('that nobody comes back to is over, with its silence', async () => {
    await world.pass(4 * hourMs - 1);
    expect(asking()).toEqual([]);
    await world.pass(1);
    expect(asking()).toEqual([1]);
    expect(world.book.incident(1)).toMatchObject({
      acknowledgedBy: null,
      verdicts: { holdsSilence: false, forgotten: { by: 'ml', cameBackAtMs: world.nowMs } },
    });
    expect(world.timeline(1).at(-1)).toBe('forgotten: Came back');
  });

  test('holds on while somebody does something about it', async () => {
    await world.pass(3 * hourMs);
    await world.desk.note([1], 'on it', 'ml');
    await world.pass(3 * hourMs);
    expect(asking()).toEqual([]);
    await world.pass(hourMs);
    expect(asking()).toEqual([1]);
  });

  test('taken again is nobody’s forgotten one any more, and taking that back says that it was', async () => {
    await world.pass(4 * hourMs);
    await world.desk.acknowledge([1], 'ao');
    expect(asking()).toEqual([]);
    await world.desk.release([1], 'ao', true);
    expect(world.book.incident(1)?.verdicts.forgotten).toMatchObject({ by: 'ml' });
    await world.desk.acknowledge([1], 'ao');
    await world.desk.release([1], 'ao', false);
    expect(world.book.incident(1)?.verdicts.forgotten).toBeNull();
  });

  test('with a silence as well is one more verdict, and again none', async () => {
    await world.desk.release([1], 'ml', false);
    await world.desk.acknowledge([1], 'ml');
    await world.desk.acknowledge([1], 'ao', '', true);
    await world.desk.acknowledge([1], 'ao', '', true);
    expect(world.book.incident(1)).toMatchObject({ acknowledgedBy: 'ml', verdicts: { holdsSilence: true } });
    expect(world.timeline(1).slice(-2)).toEqual([
      'acknowledged: Acknowledged',
      'acknowledged: A silence is held too',
    ]);
  });
});

test('what is noise, or somebody’s, is told once each and taken back', async () => {
  await world.poll(full);
  await world.desk.markNoise([1], true, 'ml', false);
  await world.desk.markNoise([1], true, 'ml', false);
  expect(asking()).toEqual([]);
  await world.desk.assign([1], 'a.okafor', 'ml', false);
  await world.desk.assign([1], null, 'ml', true);
  await world.desk.markNoise([1], false, 'ml', true);
  expect(asking()).toEqual([1]);
  expect(world.timeline(1).slice(3)).toEqual([
    'noise: Marked as noise',
    'assigned: Assigned to a.okafor',
    'undone: Assigned to nobody',
    'undone: Not noise after all',
  ]);
});

describe('merged incidents', () => {
  beforeEach(async () => {
    await world.poll([...full, ...slow]);
    await world.desk.merge([2], 1, 'ml');
  });

  test('are one, with the timelines of both', () => {
    expect(asking()).toEqual([1]);
    expect(podsOf(1)).toEqual(['Full/a', 'Full/b', 'Slow/a', 'Slow/b']);
    expect(world.journal.timeline(1).entries.filter(({ of }) => of === 2)).toHaveLength(4);
    expect(world.timeline(2).at(-1)).toBe('merged: Merged into INC-1');
  });

  test('have later alerts of both groups, and each its own when that is taken back', async () => {
    const later = [...full, alert('Full', 'c'), ...slow, alert('Slow', 'c')];
    await world.poll(later);
    expect(podsOf(1)).toHaveLength(6);
    await world.desk.unmerge([2], 'ml', false);
    expect(podsOf(1)).toEqual(['Full/a', 'Full/b', 'Full/c']);
    expect(podsOf(2)).toEqual(['Slow/a', 'Slow/b', 'Slow/c']);
    expect(asking()).toEqual([1, 2]);
  });

  test('end together, and only then', async () => {
    await world.poll(slow);
    expect(asking()).toEqual([1]);
    await world.poll([]);
    expect(world.incidents().map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([world.nowMs, world.nowMs]);
  });

  test('one that goes its own way when nothing of it is left is over', async () => {
    await world.poll(full);
    await world.desk.unmerge([2], 'ml', true);
    expect(world.book.incident(2)?.resolvedAtMs).toBe(world.nowMs);
    expect(asking()).toEqual([1]);
  });

  test('into one another are one still, whichever is named', async () => {
    await world.poll([...full, ...slow, alert('Down', 'a')]);
    await world.desk.merge([2], 3, 'ml');
    expect(podsOf(3)).toEqual(['Down/a', 'Full/a', 'Full/b', 'Slow/a', 'Slow/b']);
    await world.desk.merge([3], 1, 'ml');
    expect(podsOf(3)).toHaveLength(5);
    await world.desk.unmerge([2], 'ml', false);
    expect(podsOf(2)).toEqual(['Slow/a', 'Slow/b']);
    expect(podsOf(3)).toEqual(['Down/a', 'Full/a', 'Full/b']);
  });

  test('what is said of one is said of what has its alerts', async () => {
    await world.desk.acknowledge([2], 'ml');
    expect(world.book.incident(1)?.acknowledgedBy).toBe('ml');
    expect(asking()).toEqual([]);
  });

  test('are closed together, and not while any of their alerts is reported', async () => {
    expect(await world.desk.close([2], 'ml')).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    await world.desk.record((draft) => {
      for (const record of draft.alertsOf(1)) draft.putAlert({ ...record, state: 'unseen' });
    });
    expect(await world.desk.close([2], 'ml')).toMatchObject({ ok: true });
    expect(world.incidents().map(({ resolvedAtMs }) => resolvedAtMs)).toEqual([world.nowMs, world.nowMs]);
  });

  test('only while they are open', async () => {
    await world.poll([]);
    await world.poll([alert('Down', 'a')]);
    const code = 'conflict';
    expect(await world.desk.merge([1], 3, 'ml')).toMatchObject({ ok: false, failure: { code } });
    expect(await world.desk.merge([3], 1, 'ml')).toMatchObject({ ok: false, failure: { code } });
    expect(await world.desk.merge([3], 9, 'ml')).toMatchObject({ ok: false, failure: { code: 'not-found' } });
  });
});

describe('a split', () => {
  const leaving = [firing(slow[1] ?? full[0] ?? alert('', '')).fingerprint];

  beforeEach(async () => {
    await world.poll([...full, ...slow]);
    await world.desk.acknowledge([2], 'ml');
  });

  test('is an incident of its own, which still has what was decided about its alerts', async () => {
    expect(await world.desk.split(2, leaving, 'ml')).toMatchObject({ value: { created: 3 } });
    expect([podsOf(2), podsOf(3)]).toEqual([['Slow/a'], ['Slow/b']]);
    expect(world.book.incident(3)).toMatchObject({ acknowledgedBy: 'ml', title: 'Slow' });
    expect(asking()).toEqual([1]);
  });

  test('said twice is one split', async () => {
    await world.desk.split(2, leaving, 'ml');
    expect(await world.desk.split(2, leaving, 'ml')).toMatchObject({ value: { created: 3 } });
    expect(world.incidents()).toHaveLength(3);
  });

  test('keeps its alert when that fires again while it is open', async () => {
    await world.poll([...full, ...slow, alert('Slow', 'c')]);
    await world.desk.split(2, [...leaving, firing(alert('Slow', 'c')).fingerprint], 'ml');
    await world.poll([...full, ...slow]);
    await world.poll([...full, ...slow, alert('Slow', 'c')]);
    expect(podsOf(3)).toEqual(['Slow/b', 'Slow/c']);
    await world.desk.rejoin([3], 'ml');
    expect(podsOf(2)).toEqual(['Slow/a', 'Slow/b', 'Slow/c']);
    expect(world.book.incident(3)?.mergedInto).toBe(2);
  });

  test('of a split keeps what was split off last, also over a restart', async () => {
    const [c, d] = [alert('Slow', 'c'), alert('Slow', 'd')];
    const [forC, forD] = [firing(c).fingerprint, firing(d).fingerprint];
    await world.poll([...full, ...slow, c, d]);
    await world.desk.split(2, [...leaving, forC, forD], 'ml');
    await world.desk.split(3, [forC, forD], 'ml');
    await world.poll([...full, ...slow, d]);
    // Whatever is done about the first of them meanwhile.
    await world.desk.note([3], 'looked at', 'ml');
    await world.poll([...full, ...slow, c, d]);
    expect([podsOf(3), podsOf(4)]).toEqual([['Slow/b'], ['Slow/c', 'Slow/d']]);
    await world.poll([...full, ...slow, d]);
    world.restart();
    await world.poll([...full, ...slow, c, d]);
    expect([podsOf(3), podsOf(4)]).toEqual([['Slow/b'], ['Slow/c', 'Slow/d']]);
    await world.desk.rejoin([4], 'ml');
    await world.poll([...full, ...slow, d]);
    await world.poll([...full, ...slow, c, d]);
    expect(podsOf(3)).toEqual(['Slow/b', 'Slow/c', 'Slow/d']);
  });

  test('leaves something where it was, and takes only what is there', async () => {
    const all = slow.map((one) => firing(one).fingerprint);
    const code = 'conflict';
    expect(await world.desk.split(2, all, 'ml')).toMatchObject({ ok: false, failure: { code } });
    expect(await world.desk.split(1, leaving, 'ml')).toMatchObject({ ok: false, failure: { code } });
  });

  test('cannot be taken back into what is over', async () => {
    await world.desk.split(2, leaving, 'ml');
    await world.poll([...full, alert('Slow', 'b', 'critical')]);
    const answer = await world.desk.rejoin([3], 'ml');
    expect(answer).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(podsOf(3)).toEqual(['Slow/b']);
  });

  test('cannot be taken back into what was merged into it', async () => {
    await world.desk.split(2, leaving, 'ml');
    await world.desk.merge([2], 3, 'ml');
    const answer = await world.desk.rejoin([3], 'ml');
    expect(answer).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(podsOf(3)).toEqual(['Slow/a', 'Slow/b']);
    expect(world.book.incident(3)?.mergedInto).toBeNull();
  });

  test('taken back puts nothing that fires into an incident that has ended meanwhile', async () => {
    await world.poll([...full, ...slow]);
    await world.desk.merge([1], 2, 'ml');
    await world.desk.split(2, [firing(alert('Full', 'a')).fingerprint], 'ml');
    await world.desk.unmerge([1], 'ml', false);
    await world.poll([alert('Full', 'a'), ...slow]);
    expect(world.book.incident(1)?.resolvedAtMs).toBe(world.nowMs);
    await world.desk.rejoin([3], 'ml');
    expect(podsOf(2)).toEqual(['Full/a', 'Slow/a', 'Slow/b']);
    expect(podsOf(1)).toEqual([]);
  });

  test('cannot be taken back once it is over itself', async () => {
    await world.desk.split(2, leaving, 'ml');
    await world.poll([...full, alert('Slow', 'a')]);
    const [over] = world.incidents().filter(({ id }) => id === 3);
    const answer = await world.desk.rejoin([3], 'ml');
    expect(answer).toMatchObject({ ok: false, failure: { code: 'conflict' } });
    expect(world.incidents().filter(({ id }) => id === 3)).toEqual([over]);
  });
});

test('every verdict has one line of audit with what it was and how it ended', async () => {
  await world.poll([...full, ...slow]);
  await world.desk.snooze([1, 2], world.nowMs + 20 * minuteMs, 'ml', false);
  await world.desk.merge([2], 1, 'ml');
  const lines = world.audit();
  expect(lines.map(({ action, target, outcome }) => `${action} ${target} ${outcome}`)).toEqual([
    'snooze INC-1 done',
    'snooze INC-2 done',
    'merge INC-2 done',
  ]);
  expect(lines[0]?.detail).toMatch(/^until \d\d:\d\d:\d\d, or it gets worse$/);
});
