import { systemClock } from '#core/clock/clock.ts';
import type { BookDraft } from '#core/incidents/incident-book.ts';
import type { SilenceDesk } from '#core/silences/silence-desk.ts';
import { Tending } from '#core/silences/tended/tending.ts';
import type { SilencingOptions } from '#core/silencing.ts';
import { drop } from '#shared/result.ts';

const remindedSetting = 'silences.reminded';

/** Joins those who look after silences with the incidents, the notices and the journal. */
export function tendingOf(
  { book, configuration, desk, notices, nowMs, sources, store }: SilencingOptions,
  silences: SilenceDesk,
): Tending {
  const kept = (written: Promise<unknown>): void => drop(written, 'a disk that refuses is told of elsewhere');
  return new Tending({
    silences,
    book,
    isFresh: (source) => sources.isFresh(source),
    clockSkewMs: (source) => sources.find(source)?.health?.clockSkewMs ?? null,
    clock: { ...systemClock, nowMs },
    operator: () => configuration.operator(),
    times: () => configuration.silenceTimes(),
    letGo: (incidentId, why) => {
      const told = desk.record((draft) => holdNoSilence(draft, incidentId, why, nowMs()));
      drop(told, 'the desk takes it in turn');
    },
    leaveOut: (incidentId, count, cluster) => {
      const told = desk.record((draft) => tellLeftOut(draft, { incidentId, count, cluster, atMs: nowMs() }));
      drop(told, 'the desk takes it in turn');
    },
    remind: (notice) => {
      notices.raise(notice);
      kept(store.commit([{ kind: 'notice', record: notice }]));
    },
    takeBack: (id) => {
      if (notices.dismiss(id)) kept(store.commit([{ kind: 'notice-dismissed', id, atMs: nowMs() }]));
    },
    reminded: {
      read: () => store.setting(remindedSetting),
      write: (value) => kept(store.commit([{ kind: 'setting', key: remindedSetting, value }])),
    },
  });
}

/** A person ended the silence of an acknowledgement: it is not placed again. */
export function holdNoSilence(draft: BookDraft, incidentId: number, why: string, atMs: number): void {
  const incident = draft.incident(incidentId);
  if (incident === undefined || !incident.verdicts.holdsSilence) return;
  const verdicts = { ...incident.verdicts, holdsSilence: false };
  draft.putIncident({ ...incident, verdicts, revision: incident.revision + 1 });
  const text = 'Its silence is not renewed';
  draft.addTimeline({ incidentId, atMs, kind: 'silence', text, detail: why, by: '' });
}

/** Whoever acknowledged it believes that all of it is quiet. */
export function tellLeftOut(
  draft: BookDraft,
  told: {
    readonly incidentId: number;
    readonly count: number;
    readonly cluster: string;
    readonly atMs: number;
  },
): void {
  const { incidentId, count, cluster, atMs } = told;
  if (draft.incident(incidentId) === undefined) return;
  const alerts = count === 1 ? '1 of its alerts is' : `${count} of its alerts are`;
  const text = `${alerts} not silenced at ${cluster}`;
  const detail = 'No silence would take just them, or too many would be needed: they go on notifying.';
  draft.addTimeline({ incidentId, atMs, kind: 'silence', text, detail, by: '' });
}
