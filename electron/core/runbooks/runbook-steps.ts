import type { BookDraft, IncidentBook } from '#core/incidents/incident-book.ts';
import type { IncidentRecord } from '#core/store/records.ts';
import { commandFailure, type CommandFailure } from '#shared/failure.ts';
import { incidentName, type TimelineEntry } from '#shared/model/incident.ts';
import { stepEntry, stepStates, type RunbookStep } from '#shared/model/runbook.ts';
import { failed, success, type Result } from '#shared/result.ts';

/**
 * Ticks the steps of an incident's runbook. Its timeline is the only record of them, so that it tells who
 * did what and when, and nothing can disagree with it.
 */
export interface RunbookStepsOptions {
  readonly book: Pick<IncidentBook, 'incident'>;
  readonly journal: {
    incident(id: number): Promise<IncidentRecord | null>;
    timeline(id: number): Promise<readonly TimelineEntry[]>;
  };
  readonly desk: { record(change: (draft: BookDraft) => void): Promise<void> };
  readonly nowMs: () => number;
}

export interface StepChanged {
  readonly changed: { id: number; revision: number }[];
}

export class RunbookSteps {
  readonly #options: RunbookStepsOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: RunbookStepsOptions) {
    this.#options = options;
  }

  /** A step that stands so already stays as it is, with whoever did it first. */
  check(
    id: number,
    step: RunbookStep,
    isDone: boolean,
    by: string,
  ): Promise<Result<StepChanged, CommandFailure>> {
    // One after the other: what the timeline says is read before it is added to.
    const turn = this.#last.then(() => this.#check(id, step, isDone, by));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #check(
    id: number,
    step: RunbookStep,
    isDone: boolean,
    by: string,
  ): Promise<Result<StepChanged, CommandFailure>> {
    const { book, journal, desk, nowMs } = this.#options;
    const known = book.incident(id) ?? (await journal.incident(id));
    if (known === null) {
      const message = `there is no incident ${incidentName(id)}`;
      return failed(commandFailure('not-found', message, 'Look it up in the inbox.'));
    }
    const state = stepStates(await journal.timeline(id)).get(step.digest);
    if (state?.isDone === isDone) return success({ changed: [{ id, revision: known.revision }] });
    await desk.record((draft) => {
      const atMs = nowMs();
      const incident = draft.incident(id);
      if (incident !== undefined) draft.putIncident({ ...incident, revision: incident.revision + 1 });
      draft.addTimeline({ incidentId: id, atMs, by, ...stepEntry(step, isDone) });
      const action = isDone ? 'tick step' : 'open step';
      const target = incidentName(id);
      draft.addChange({
        kind: 'audit',
        record: { atMs, by, action, target, outcome: 'done', detail: step.text },
      });
    });
    return success({ changed: [{ id, revision: book.incident(id)?.revision ?? known.revision }] });
  }
}
