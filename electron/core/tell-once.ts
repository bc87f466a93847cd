import { dropReading } from '#core/drop-reading.ts';
import type { EvidenceNote } from '#core/evidence/notes.ts';
import type { IncidentDesk } from '#core/incidents/incident-desk.ts';
import type { Store } from '#core/store/store.ts';

/** Notes in an incident's timeline that evidence was kept, the first time that it was. */
export function tellingOnce(
  store: Pick<Store, 'timeline'>,
  desk: Pick<IncidentDesk, 'record'>,
): (incidentId: number, note: EvidenceNote) => void {
  let last: Promise<unknown> = Promise.resolve();
  const tell = async (incidentId: number, { text, detail }: EvidenceNote): Promise<void> => {
    const timeline = await store.timeline(incidentId);
    if (timeline.some((entry) => entry.kind === 'evidence' && entry.text === text)) return;
    await desk.record((draft) =>
      draft.addTimeline({ incidentId, atMs: Date.now(), kind: 'evidence', text, detail, by: '' }),
    );
  };
  return (...told) => {
    // One after the other: what the timeline says is read before it is added to.
    const turn = last.then(() => tell(...told));
    last = turn.catch(() => undefined);
    dropReading(turn, 'it is told when the journal has answered');
  };
}
