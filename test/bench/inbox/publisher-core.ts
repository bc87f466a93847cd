import { AlertFactsDesk } from '#core/publish/alert-facts-desk.ts';
import { TopicHub } from '#core/publish/topic-hub.ts';
import { observe } from '#core/incidents/alert-history.ts';
import { DurableWriter } from '#core/incidents/durable-writer.ts';
import { IncidentBook, type BookDraft } from '#core/incidents/incident-book.ts';
import { IncidentDesk } from '#core/incidents/incident-desk.ts';
import { incidentRow } from '#core/incidents/incident-row.ts';
import type { AlertRecord } from '#core/store/records.ts';
import { commands, contract, type Commands } from '#shared/contract.ts';
import { commandFailure } from '#shared/failure.ts';
import { fingerprintOf } from '#shared/model/labels.ts';
import type { Link } from '#shared/link.ts';
import { failed, success } from '#shared/result.ts';
import { RpcServer, type Handlers } from '#shared/rpc/server.ts';
import { hourMs } from '#shared/time.ts';
import { consoleStatus, sourceHealth } from '#support/models.ts';
import { fleetAlert, type Fleet } from './alerts.ts';

/**
 * The core's own publisher over a book of incidents, without sources and without a disk: changes are put in at a
 * rate that no server could bring, and go to windows as they do in the product.
 */
export class PublisherCore {
  readonly #book = new IncidentBook({
    lastIncidentId: 0,
    incidents: [],
    alerts: [],
    watches: [],
    pendingNotifications: [],
    notices: [],
    ruleGroups: [],
  });
  readonly #hub: TopicHub;
  readonly #facts: AlertFactsDesk;
  readonly #desk: IncidentDesk;
  readonly #alerts: AlertRecord[];
  #next = 0;

  constructor(fleet: Fleet) {
    this.#hub = new TopicHub({
      status: consoleStatus({ sight: { kind: 'live', lastSeenAtMs: Date.now(), cause: '' } }),
      readIncident: () => Promise.resolve(null),
      followTail: () => undefined,
      readAlerts: () => this.#facts.current(),
    });
    this.#facts = new AlertFactsDesk(this.#book, [], (patch) => this.#hub.setAlerts(patch));
    this.#desk = new IncidentDesk({
      book: this.#book,
      writer: new DurableWriter({
        journal: { commit: () => Promise.resolve(success(undefined)) },
        onTrouble: () => undefined,
        onRefused: () => undefined,
      }),
      nowMs: Date.now,
      groupBy: () => ['alertname', 'service'],
      isFresh: () => true,
      beforeCommit: () => undefined,
      show: (draft) => this.#show(draft),
      onKept: () => undefined,
    });
    this.#hub.setSource(sourceHealth({ name: 'am', kind: 'alertmanager', state: 'fresh' }));
    const draft = this.#book.draft();
    observe(draft, observationOf(fleet), [], { isFresh: () => true, groupBy: ['alertname', 'service'] });
    this.#book.apply(draft);
    for (const _step of this.#show(draft));
    this.#alerts = [...this.#book.openAlerts()];
  }

  /** Serves one window. */
  attach(link: Link): void {
    void new RpcServer(link, contract, {
      coreEpoch: 'bench',
      handlers: this.#handlers(),
      topics: this.#hub,
      reportBug: (command, error) => {
        throw new Error(`a bug in ${command}`, { cause: error });
      },
    });
  }

  /** Alerts of as many incidents begin or cease to be silenced. */
  change(count: number): void {
    const draft = this.#book.draft();
    for (let done = 0; done < count; done++) {
      // A step that has no factor in common with the number of alerts comes to all of them.
      this.#next = (this.#next + 7_919) % this.#alerts.length;
      const alert = this.#alerts[this.#next];
      if (alert === undefined) continue;
      const known = draft.alert(alert.incidentId, alert.fingerprint) ?? alert;
      const isSilenced = known.state === 'suppressed';
      draft.putAlert({
        ...known,
        state: isSilenced ? 'firing' : 'suppressed',
        silencedBy: isSilenced ? [] : ['bench'],
      });
      const incident = draft.incident(alert.incidentId);
      if (incident !== undefined) draft.putIncident({ ...incident, revision: incident.revision + 1 });
    }
    this.#book.apply(draft);
    for (const _step of this.#show(draft));
  }

  *#show(draft: BookDraft): Generator<void> {
    this.#facts.show(draft.touchedAlerts());
    const rows = [...draft.changedIncidentIds()].flatMap((id) => {
      const incident = this.#book.incident(id);
      return incident === undefined
        ? []
        : [incidentRow(incident, this.#book.alertsOf(id), (source) => this.#book.watch(source))];
    });
    this.#hub.setIncidents(rows, []);
    yield;
  }

  #handlers(): Handlers<Commands> {
    const refusal = failed(commandFailure('unavailable', 'the bench has no sources', 'Look elsewhere.'));
    const refusing = Object.fromEntries(
      Object.keys(commands).map((name) => [name, () => Promise.resolve(refusal)]),
    ) as unknown as Handlers<Commands>;
    return {
      ...refusing,
      'incident.acknowledge': ({ ids }) => this.#desk.acknowledge(ids, 'bench'),
      'incident.release': ({ ids, undo }) => this.#desk.release(ids, 'bench', undo),
    };
  }
}

function observationOf(fleet: Fleet) {
  const nowMs = Date.now();
  const alerts = Array.from({ length: fleet.alerts }, (_none, index) => {
    const { labels, annotations } = fleetAlert(fleet, index);
    return {
      fingerprint: fingerprintOf(labels),
      labels,
      annotations,
      startsAtMs: nowMs - hourMs,
      generatorUrl: '',
      state: 'firing' as const,
      silencedBy: [],
      inhibitedBy: [],
    };
  });
  return { source: 'am', atMs: nowMs, serverStartedAtMs: nowMs - hourMs, alerts };
}
