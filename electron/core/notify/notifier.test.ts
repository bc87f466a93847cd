import { beforeEach, expect, test } from 'vitest';
import { observe, type ObservedAlert } from '#core/incidents/alert-history.ts';
import { IncidentBook, type BookDraft } from '#core/incidents/incident-book.ts';
import type { JournalChange, NotificationRecord } from '#core/store/records.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import { localRulesSource } from '#shared/model/rule.ts';
import { noViews } from '#shared/model/view.ts';
import { defaultPolicy, type NotificationPolicy } from '#shared/notify/model.ts';
import { Notifier } from './notifier.ts';
import { emptyJournal } from '#support/journal-records.ts';
import { factsOfAlert } from '#support/notification-story.ts';

/** A core whose journal is a list, and a host that remembers what it was asked. */
class World {
  readonly asked: string[] = [];
  readonly withdrawn: string[] = [];
  readonly journal: JournalChange[] = [];
  readonly book = new IncidentBook(emptyJournal);
  readonly notifier: Notifier;
  policy: NotificationPolicy = defaultPolicy;

  constructor(known: readonly NotificationRecord[] = []) {
    this.notifier = new Notifier(
      {
        book: this.book,
        nowMs: () => 5_000,
        notify: (notification) => this.asked.push(notification.id),
        withdraw: (id) => this.withdrawn.push(id),
        record: async (change) => this.change(change),
        policy: () => this.policy,
        views: () => noViews.views,
        factsOf: factsOfAlert,
      },
      known,
    );
  }

  change(change: (draft: BookDraft) => void): void {
    const draft = this.book.draft();
    change(draft);
    this.notifier.decide(draft);
    const changes = draft.changes();
    this.journal.push(...changes);
    this.book.apply(draft);
    for (const _step of this.notifier.applied(changes));
  }

  poll(...alerts: ObservedAlert[]): void {
    this.pollOf('a', alerts);
  }

  pollOf(source: string, alerts: readonly ObservedAlert[]): void {
    this.change((draft) =>
      observe(draft, { source, atMs: 1_000, serverStartedAtMs: 1, alerts }, this.book.openAlerts(), {
        isFresh: () => true,
        groupBy: ['alertname', 'service'],
      }),
    );
  }

  hold(by: string | null): void {
    this.change((draft) => {
      const incident = draft.incident(1);
      if (incident !== undefined)
        draft.putIncident({ ...incident, acknowledgedBy: by, acknowledgedAtMs: by === null ? null : 5_000 });
    });
  }

  log(): NotificationRecord[] {
    return this.journal.flatMap((change) => (change.kind === 'notification' ? [change.record] : []));
  }
}

function alert(name: string, state: 'firing' | 'suppressed' = 'firing', pod = 'one'): ObservedAlert {
  const labels = { alertname: name, service: 'backend', severity: 'critical', pod };
  return {
    fingerprint: fingerprintOf(labels),
    labels,
    annotations: { summary: 'it \u202Eis\u0007 down' },
    startsAtMs: 500,
    generatorUrl: '',
    state,
    silencedBy: [],
    inhibitedBy: [],
  };
}

let world: World;
beforeEach(() => {
  world = new World();
});

test('one notification for each new incident, however many alerts join it', () => {
  world.poll(alert('Down'));
  world.poll(alert('Down'), alert('Down', 'firing', 'two'));
  world.poll(alert('Down'), alert('Slow'));
  expect(world.asked).toEqual(['incident-1-1000', 'incident-2-1000']);
});

test('what another policy tells is not lost where the turn that found it out cannot be kept', () => {
  const everything = { severities: null, matchers: null, view: null, times: null };
  const usual = { throughQuiet: false, sound: null, repeatMs: null, louderAfterMs: null };
  world.policy = { ...defaultPolicy, rules: [{ conditions: everything, tell: 'never', ...usual }] };
  world.poll(alert('Down'));
  expect(world.asked).toEqual([]);
  world.policy = { ...defaultPolicy };
  // A person's verdict on something else, which the disk refuses: its draft is forgotten.
  world.notifier.decide(world.book.draft());
  world.change(() => undefined);
  expect(world.asked).toEqual(['incident-1-1000']);
});

test('the intent stands in the transaction that opens the incident, without an outcome', () => {
  world.poll(alert('Down'));
  expect(world.log()).toMatchObject([
    { id: 'incident-1-1000', outcome: null, title: 'Critical: Down backend' },
  ]);
});

test('what a server says is shortened and stripped before a system shows it', () => {
  world.poll(alert('Down'));
  expect(world.log()[0]?.body).toBe('it is down');
});

test('that of a local rule says so', () => {
  world.pollOf(localRulesSource, [alert('Down')]);
  expect(world.log()[0]?.body).toBe('Local rule: it is down');
});

test('a suppressed incident notifies when it is no longer suppressed', () => {
  world.poll(alert('Down', 'suppressed'));
  expect(world.asked).toEqual([]);
  world.poll(alert('Down'));
  expect(world.asked).toEqual(['incident-1-1000']);
});

test('a confirmation is journalled once, and the same one again changes nothing', async () => {
  world.poll(alert('Down'));
  await world.notifier.confirmed('incident-1-1000', 'shown', 6_000);
  await world.notifier.confirmed('incident-1-1000', 'shown', 7_000);
  expect(world.log().map((record) => [record.outcome, record.outcomeAtMs])).toEqual([
    [null, null],
    ['shown', 6_000],
  ]);
});

test('an incident that ends before anybody was told takes its notification back', () => {
  world.poll(alert('Down'));
  world.poll();
  expect(world.withdrawn).toEqual(['incident-1-1000']);
  expect(world.log().at(-1)?.outcome).toBe('withdrawn');
});

test('what was taken back before it was shown is wanted again once nobody holds the incident', () => {
  world.poll(alert('Down'));
  world.hold('ml');
  expect(world.withdrawn).toEqual(['incident-1-1000']);
  world.hold(null);
  expect(world.asked).toEqual(['incident-1-1000', 'incident-1-1000']);
  expect(world.log().at(-1)?.outcome).toBeNull();
});

test('what was shown is not shown again for being held and released', async () => {
  world.poll(alert('Down'));
  await world.notifier.confirmed('incident-1-1000', 'shown', 6_000);
  world.hold('ml');
  world.hold(null);
  expect(world.asked).toEqual(['incident-1-1000']);
});

test('what was shown leaves the screen once somebody has the incident, and is withdrawn from no log', async () => {
  world.poll(alert('Down'));
  await world.notifier.confirmed('incident-1-1000', 'shown', 6_000);
  world.hold('ml');
  expect(world.withdrawn).toEqual(['incident-1-1000']);
  expect(world.log().at(-1)?.outcome).toBe('shown');
});

test('a notification of an incident that is not held in memory is not kept there', async () => {
  world.poll(alert('Down'));
  world.notifier.forget([1]);
  const before = world.journal.length;
  await world.notifier.confirmed('incident-1-1000', 'shown', 6_000);
  expect(world.journal).toHaveLength(before);
});

test('after a restart only intents without confirmation are asked for again', async () => {
  world.poll(alert('Down'), alert('Slow'));
  await world.notifier.confirmed('incident-1-1000', 'shown', 6_000);
  const next = new World(world.log().filter((record) => record.outcome !== null || record.incidentId === 2));
  next.book.apply(replayed(world, next));
  next.notifier.resume();
  expect(next.asked).toEqual(['incident-2-1000']);
  next.poll(alert('Down'), alert('Slow'));
  expect(next.asked).toEqual(['incident-2-1000']);
});

/** The first world's incidents and alerts as a draft of the second: what loading the journal does. */
function replayed(from: World, into: World): BookDraft {
  const draft = into.book.draft();
  for (const incident of from.book.incidents()) {
    draft.nextIncidentId();
    draft.putIncident(incident);
    for (const open of from.book.alertsOf(incident.id)) draft.putAlert(open);
  }
  return draft;
}
