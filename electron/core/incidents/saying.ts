import type { IncidentRecord, IncidentVerdicts } from '#core/store/records.ts';
import { incidentName, type TimelineKind } from '#shared/model/incident.ts';
import type { BookDraft } from './incident-book.ts';

interface Saying {
  readonly action: string;
  readonly kind: TimelineKind;
  readonly text: string;
  readonly detail: string;
  readonly by: string;
}

type Change = Partial<
  Pick<IncidentRecord, 'acknowledgedBy' | 'acknowledgedAtMs' | 'mergedInto' | 'resolvedAtMs'>
> & {
  readonly verdicts?: Partial<IncidentVerdicts>;
};

/** One thing that a person says of one incident: all that is kept of it. */
export function say(
  draft: BookDraft,
  incident: IncidentRecord,
  { verdicts, ...change }: Change,
  atMs: number,
  { action, kind, text, detail, by }: Saying,
): void {
  draft.putIncident({
    ...incident,
    ...change,
    verdicts: { ...incident.verdicts, ...verdicts, handledAtMs: atMs },
    revision: incident.revision + 1,
  });
  draft.addTimeline({ incidentId: incident.id, atMs, kind, text, detail, by });
  // What a note says is in the timeline; the line says that there is one.
  const told = kind === 'note' ? '' : detail;
  const target = incidentName(incident.id);
  draft.addChange({ kind: 'audit', record: { atMs, by, action, target, outcome: 'done', detail: told } });
}
