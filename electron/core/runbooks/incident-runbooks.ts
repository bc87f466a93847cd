import type { CommandFailure } from '#shared/failure.ts';
import { labelOf } from '#shared/model/labels.ts';
import type { Runbook } from '#shared/model/runbook.ts';
import { drop, type Result } from '#shared/result.ts';
import type { AlertRecord } from '#core/store/records.ts';
import type { RunbookShelf } from './runbook-shelf.ts';

/**
 * The runbook of an incident: as it is in the folder now, else as it was read for the incident last. What
 * is found is kept with the incident, so that it is there when the folder is not, also for the next core.
 */
export interface KeptRunbooks {
  putRunbook(incidentId: number, runbook: Runbook): Promise<Result<void, CommandFailure>>;
  runbook(incidentId: number): Promise<Runbook | null>;
}

type Annotated = Pick<AlertRecord, 'annotations' | 'labels' | 'startsAtMs'>;

export class IncidentRunbooks {
  readonly #shelf: Pick<RunbookShelf, 'find'>;
  readonly #kept: KeptRunbooks;

  constructor(shelf: Pick<RunbookShelf, 'find'>, kept: KeptRunbooks) {
    this.#shelf = shelf;
    this.#kept = kept;
  }

  /** @returns null where nobody wrote one, or it cannot be read and was not for this incident. */
  async read(incidentId: number, alerts: readonly Annotated[]): Promise<Runbook | null> {
    const runbook = await this.#find(alerts);
    if (runbook === null) return this.#kept.runbook(incidentId);
    drop(
      this.#kept.putRunbook(incidentId, runbook),
      'one that is not kept is only missing from a later look',
    );
    return runbook;
  }

  /** Of the alert that began first and has one. */
  async #find(alerts: readonly Annotated[]): Promise<Runbook | null> {
    const oldestFirst = alerts.toSorted((left, right) => left.startsAtMs - right.startsAtMs);
    const asked = new Map(
      oldestFirst.map(({ annotations, labels }) => {
        const pair = [labelOf(annotations, 'runbook_url'), labelOf(labels, 'alertname')] as const;
        return [JSON.stringify(pair), pair];
      }),
    );
    for (const [url, alertName] of asked.values()) {
      const runbook = await this.#shelf.find(url, alertName);
      if (runbook !== null) return runbook;
    }
    return null;
  }
}
