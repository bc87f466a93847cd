import { dropReading } from '#core/drop-reading.ts';
import type { EvidenceKeeper } from '#core/evidence/evidence-keeper.ts';
import type { BookDraft } from '#core/incidents/incident-book.ts';
import type { IncidentReader } from '#core/incidents/incident-reader.ts';
import type { AlertFactsDesk } from '#core/publish/alert-facts-desk.ts';
import { showingOrder } from '#core/publish/showing-order.ts';
import type { JournalChange } from '#core/store/records.ts';
import type { TopicHub } from '#core/publish/topic-hub.ts';

/**
 * What becomes of a draft of the incidents' desk once it is kept: windows are told, then all that follows from it.
 * Both in steps, since one poll may change thousands of incidents.
 */
export interface ShowingOptions {
  readonly hub: Pick<TopicHub, 'setIncidents' | 'refreshDetails'>;
  readonly facts: Pick<AlertFactsDesk, 'show'>;
  readonly reader: Pick<IncidentReader, 'held' | 'related' | 'row' | 'subjects'>;
  /** Notifications and silences: what has to be durable before anybody is told. */
  readonly onKept: readonly ((
    draft: BookDraft,
    changes: readonly JournalChange[],
  ) => Iterable<void> | void)[];
  readonly evidence: () => Pick<EvidenceKeeper, 'captureNew'>;
  /** Begins to look into incidents that are new. */
  readonly lookInto: (ids: readonly number[]) => void;
}

export class Showing {
  readonly #options: ShowingOptions;

  constructor(options: ShowingOptions) {
    this.#options = options;
  }

  *show(draft: BookDraft): Generator<void> {
    const { facts, hub, reader } = this.#options;
    // Where alerts went to another incident, those that are left are shown anew.
    const left = new Set([...draft.movedAlerts()].map(({ incidentId }) => incidentId));
    for (const { ids, rows } of showingOrder(draft, (id) => reader.row(id))) {
      if (rows.length > 0) {
        facts.show(
          ids.flatMap((id) => (left.has(id) ? reader.held(id) : draft.touchedAlertsOf(id))),
          ids.filter((id) => left.has(id)),
        );
        hub.setIncidents(rows, []);
      }
      yield;
    }
  }

  *follow(draft: BookDraft, changes: readonly JournalChange[]): Generator<void> {
    const { hub, reader, onKept, evidence, lookInto } = this.#options;
    const ids = draft.changedIncidentIds();
    dropReading(hub.refreshDetails(reader.related(ids)), 'windows get it when the journal has answered');
    for (const step of onKept) {
      yield;
      yield* step(draft, changes) ?? [];
    }
    yield;
    const opened = [...ids].filter((id) => draft.opens(id));
    for (const id of opened) {
      evidence().captureNew(reader.subjects([id]));
      yield;
    }
    lookInto(opened);
  }
}
