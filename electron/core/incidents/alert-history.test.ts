import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '#shared/model/labels.ts';
import { loseSight, observe, type Observation, type ObservedAlert } from './alert-history.ts';
import { IncidentBook } from './incident-book.ts';
import { worstState } from './incident-life.ts';
import { emptyJournal } from '#support/journal-records.ts';

function alert(name: string, state: 'firing' | 'suppressed' = 'firing'): ObservedAlert {
  const labels = { alertname: name, service: 'backend', severity: 'critical' };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations: {},
    startsAtMs: 500,
    generatorUrl: '',
    state,
    silencedBy: [],
    inhibitedBy: [],
  };
}

/** A console with sources whose freshness the test sets. */
class World {
  readonly book = new IncidentBook(emptyJournal);
  readonly fresh = new Set<string>();
  readonly timeline: string[] = [];

  poll(
    source: string,
    atMs: number,
    serverStartedAtMs: number | null,
    alerts: readonly ObservedAlert[],
    knownEnds: readonly string[] = [],
  ): void {
    this.fresh.add(source);
    const observation: Observation = { source, atMs, serverStartedAtMs, alerts, knownEnds };
    const draft = this.book.draft();
    observe(draft, observation, this.book.openAlerts(), {
      isFresh: (name) => this.fresh.has(name),
      groupBy: ['alertname', 'service'],
    });
    this.#keep(draft);
  }

  stale(source: string, atMs: number): void {
    this.fresh.delete(source);
    const draft = this.book.draft();
    loseSight(
      draft,
      this.book.openAlerts(),
      (name) => this.fresh.has(name),
      atMs,
      `${source} does not answer`,
    );
    this.#keep(draft);
  }

  states(): Record<string, string> {
    return Object.fromEntries(
      [...this.book.incidents()].map((incident) => [
        `${incident.title}#${incident.id}`,
        incident.resolvedAtMs === null ? worstState(this.book.alertsOf(incident.id)) : 'resolved',
      ]),
    );
  }

  #keep(draft: ReturnType<IncidentBook['draft']>): void {
    for (const change of draft.changes())
      if (change.kind === 'timeline') this.timeline.push(change.record.kind);
    this.book.apply(draft);
  }
}

describe('one source', () => {
  test('an alert that a fresh, uninterrupted source lets go of is resolved', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1, []);
    expect(world.states()).toEqual({ 'Down#1': 'resolved' });
    expect(world.timeline).toEqual(['opened', 'alert-fired', 'alert-resolved', 'resolved']);
  });

  test('a source that restarted and answers an empty list resolves nothing', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1_500, []);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
    world.poll('a', 3_000, 1_500, []);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
    world.poll('a', 4_000, 1_500, [alert('Down')]);
    expect(world.states()).toEqual({ 'Down#1': 'firing' });
    world.poll('a', 5_000, 1_500, []);
    expect(world.states()).toEqual({ 'Down#1': 'resolved' });
  });

  test('a restart between the two questions of a poll, alerts before it and start after it, resolves nothing', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1_900, [alert('Down')]);
    world.poll('a', 3_000, 1_900, []);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
    world.poll('a', 4_000, 1_900, [alert('Down')]);
    world.poll('a', 5_000, 1_900, []);
    expect(world.states()).toEqual({ 'Down#1': 'resolved' });
  });

  test('what the source itself says to have ended is resolved, and nothing else of a source that began anew', () => {
    const world = new World();
    world.poll('a', 1_000, null, [alert('Down'), alert('Gone')]);
    world.poll('a', 2_000, null, [], [alert('Down').fingerprint]);
    expect(world.states()).toEqual({ 'Down#1': 'resolved', 'Gone#2': 'unseen' });
  });

  test('a stale source makes its alerts unseen, and the same server seen again without them resolves them', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.stale('a', 2_000);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
    world.poll('a', 3_000, 1, []);
    expect(world.states()).toEqual({ 'Down#1': 'resolved' });
  });

  test('a source that does not tell whether it restarted resolves nothing, and what it has again is seen', () => {
    const world = new World();
    world.poll('a', 1_000, null, [alert('Down')]);
    world.poll('a', 2_000, null, []);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
    world.poll('a', 3_000, null, [alert('Down')]);
    expect(world.states()).toEqual({ 'Down#1': 'firing' });
  });

  test('an alert that fires again after its incident ended opens another one', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1, []);
    world.poll('a', 3_000, 1, [alert('Down')]);
    expect(world.states()).toEqual({ 'Down#1': 'resolved', 'Down#2': 'firing' });
  });

  test('a poll that says the same again changes no incident', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    const revision = world.book.incident(1)?.revision;
    world.poll('a', 2_000, 1, [alert('Down')]);
    expect(world.book.incident(1)?.revision).toBe(revision);
  });
});

describe('two peers of a cluster', () => {
  test('one restarted: the other one speaks for the alert', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('b', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1_900, []);
    expect(world.states()).toEqual({ 'Down#1': 'firing' });
    world.poll('b', 2_000, 1, []);
    expect(world.states()).toEqual({ 'Down#1': 'resolved' });
  });

  test('both restarted: nothing is resolved until one has it again and lets go', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('b', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1_900, []);
    world.poll('b', 2_000, 1_900, []);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
    world.poll('a', 3_000, 1_900, [alert('Down')]);
    world.poll('b', 3_000, 1_900, []);
    expect(world.states()).toEqual({ 'Down#1': 'firing' });
  });

  test('each of two replicas links to itself, and a poll of either is no change', () => {
    const world = new World();
    const linked = (generatorUrl: string): ObservedAlert[] => [{ ...alert('Down'), generatorUrl }];
    world.poll('a', 1_000, 1, linked('http://a/graph'));
    world.poll('b', 1_000, 1, linked('http://b/graph'));
    const revision = world.book.incident(1)?.revision;
    for (let atMs = 2_000; atMs < 5_000; atMs += 1_000) {
      world.poll('a', atMs, 1, linked('http://a/graph'));
      world.poll('b', atMs, 1, linked('http://b/graph'));
    }
    expect(world.book.incident(1)?.revision).toBe(revision);
    expect(world.book.alertsOf(1)[0]?.generatorUrl).toBe('http://a/graph');
  });

  test('what one told that is not asked any more passes over to the other, and ends with it', () => {
    const world = new World();
    world.poll('prom', 1_000, 1, [alert('Down'), alert('Old')]);
    world.stale('prom', 2_000);
    world.poll('am', 3_000, 1, [alert('Down')]);
    expect(world.states()).toEqual({ 'Down#1': 'firing', 'Old#2': 'unseen' });
    world.poll('am', 4_000, 1, []);
    expect(world.states()).toEqual({ 'Down#1': 'resolved', 'Old#2': 'unseen' });
  });

  test('a release that a fresh peer contradicts is not remembered once that peer is gone', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down')]);
    world.poll('b', 1_000, 1, [alert('Down')]);
    world.poll('a', 2_000, 1, []);
    expect(world.states()).toEqual({ 'Down#1': 'firing' });
    world.stale('b', 3_000);
    expect(world.states()).toEqual({ 'Down#1': 'unseen' });
  });

  test('a peer that does not know of a silence keeps the alert firing', () => {
    const world = new World();
    world.poll('a', 1_000, 1, [alert('Down', 'suppressed')]);
    expect(world.states()).toEqual({ 'Down#1': 'suppressed' });
    world.poll('b', 1_000, 1, [alert('Down', 'firing')]);
    expect(world.states()).toEqual({ 'Down#1': 'firing' });
    world.poll('b', 2_000, 1, [alert('Down', 'suppressed')]);
    expect(world.states()).toEqual({ 'Down#1': 'suppressed' });
  });
});

test('a storm costs what its alerts cost, however many incidents it opens', () => {
  const storm = Array.from({ length: 20_000 }, (_, index) => alert(`Down${index}`));
  const world = new World();
  const before = process.threadCpuUsage();
  world.poll('a', 1_000, 1, storm);
  world.poll('a', 2_000, 1, storm);
  world.poll('a', 3_000, 1, []);
  const { user } = process.threadCpuUsage(before);
  // Processor time, so that a busy machine does not count: linear takes a small part of this, the square twice it.
  expect(user).toBeLessThan(3_000_000);
  expect([...world.book.openAlerts()]).toEqual([]);
});

const step = fc.record({
  source: fc.constantFrom('a', 'b'),
  does: fc.constantFrom('poll', 'restart', 'stale'),
  /** Which of three alerts the server has. */
  has: fc.subarray(['One', 'Two', 'Three']),
});

test('whatever the sources do, resolved is said only by a source that was uninterrupted and had the alert', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = new World();
      const startedAtMs = new Map([
        ['a', 1],
        ['b', 1],
      ]);
      // The model: what each server had at its last poll since its last start.
      const had = new Map<string, Set<string>>();
      steps.forEach(({ source, does, has }, index) => {
        const atMs = 1_000 * (index + 1);
        if (does === 'stale') return world.stale(source, atMs);
        if (does === 'restart') {
          startedAtMs.set(source, atMs);
          had.delete(source);
        }
        const before = new Set([...world.book.openAlerts()].map((open) => open.fingerprint));
        world.poll(
          source,
          atMs,
          startedAtMs.get(source) ?? 1,
          has.map((name) => alert(name)),
        );
        const after = new Set([...world.book.openAlerts()].map((open) => open.fingerprint));
        for (const fingerprint of before) {
          if (after.has(fingerprint)) continue;
          expect(had.get(source)?.has(fingerprint)).toBe(true);
          expect(has.map((name) => alert(name).fingerprint)).not.toContain(fingerprint);
        }
        had.set(source, new Set(has.map((name) => alert(name).fingerprint)));
        for (const name of has) expect(after).toContain(alert(name).fingerprint);
      });
    }),
    { numRuns: 300 },
  );
});
